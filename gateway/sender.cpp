#include "gateway/sender.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace quire::gateway {

namespace {

/// Pieces a send: two a frame. The kernel takes up to 1,024; more gain nothing.
constexpr std::size_t pieces_max = 256;
/// What is sent in one piece.
constexpr std::size_t copied_bytes_max = 4UL * 1024;
/// What one TLS write carries.
constexpr std::size_t tls_write_bytes_max = 64 * 1024;

}  // namespace

sender::sender(transport over, turn& now) : over_(std::move(over)), turn_(now) {
  error_code ignored;
  over_.socket().non_blocking(true, ignored);
}

void sender::push(const websocket::frame_header& header, shared_bytes payload, frame_kind kind) {
  if (is_broken_)
    return;
  queue_.push(header, std::move(payload), kind, turn_.now());
  report();
  mark();
}

void sender::mark() {
  if (is_marked_ || is_writing_)
    return;
  is_marked_ = true;
  turn_.flush_at_end(shared_from_this());
}

void sender::flush() {
  is_marked_ = false;
  if (is_writing_ || is_broken_ || queue_.empty())
    return;
  if (over_.tls())
    flush_tls();
  else
    flush_plain();
}

void sender::flush_plain() {
  while (!queue_.empty()) {
    const auto count = send_some();
    if (count >= 0) {
      account(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return wait_for_room();
    } else if (errno != EINTR) {
      return fail();
    }
  }
  tell_if_drained();
}

// The result of `send`. What is small is copied: the kernel takes one piece sooner than it looks at many.
ssize_t sender::send_some() {
  const auto socket = over_.socket().native_handle();
  std::array<std::byte, copied_bytes_max> copied;
  if (const auto size = queue_.copy_all(copied); size != 0)
    return ::send(socket, copied.data(), size, MSG_NOSIGNAL);
  std::array<iovec, pieces_max> pieces;
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = queue_.gather(pieces);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

void sender::wait_for_room() {
  is_writing_ = true;
  over_.socket().async_wait(net::socket_base::wait_write, [self = shared_from_this()](error_code failed) {
    self->is_writing_ = false;
    if (failed || self->is_broken_)
      self->fail();
    else
      self->flush();
  });
}

void sender::flush_tls() {
  std::array<iovec, pieces_max> pieces;
  const auto used = queue_.gather(pieces);
  for (std::size_t at = 0; at < used && ciphered_.size() < tls_write_bytes_max; ++at) {
    const auto* data = static_cast<const std::byte*>(pieces[at].iov_base);
    const auto size = std::min(pieces[at].iov_len, tls_write_bytes_max - ciphered_.size());
    ciphered_.insert(ciphered_.end(), data, data + size);
  }
  is_writing_ = true;
  queue_.set_in_flight(ciphered_.size());
  net::async_write(*over_.tls(), net::buffer(ciphered_),
                   [self = shared_from_this()](error_code failed, std::size_t count) {
                     self->is_writing_ = false;
                     self->ciphered_ = bytes();
                     if (failed || self->is_broken_)  // it may have ended while this was on its way here
                       return self->fail();
                     self->account(count);
                     self->flush();
                     self->tell_if_drained();
                   });
}

void sender::account(std::size_t count) {
  turn_.counts().bytes_sent += count;
  queue_.sent(count, turn_.now());
  report();
}

// For the metrics, whenever something came or went; what others dropped is noticed then.
void sender::report() {
  const auto waiting = queue_.size_bytes();
  turn_.counts().queued_bytes += static_cast<std::ptrdiff_t>(waiting) - static_cast<std::ptrdiff_t>(reported_bytes_);
  reported_bytes_ = waiting;
}

void sender::fail() {
  is_broken_ = true;
  queue_.clear();
  report();
  const auto forgotten = std::exchange(when_drained_, nullptr);  // it may hold the last of who waits
}

void sender::when_drained(std::function<void()> then) {
  when_drained_ = std::move(then);
  tell_if_drained();
}

void sender::tell_if_drained() {
  if (when_drained_ && queue_.empty() && !is_writing_)
    net::post(over_.get_executor(), std::exchange(when_drained_, nullptr));
}

void sender::abort() {
  over_.close();
  if (!is_broken_)
    fail();
}

}  // namespace quire::gateway
