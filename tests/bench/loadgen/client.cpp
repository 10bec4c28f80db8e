#include "tests/bench/loadgen/client.hpp"

namespace quire::bench {

client::client(std::uint32_t author, std::unique_ptr<dialect> speech, ledger& shown, tally& counts)
  : author_(author), dialect_(std::move(speech)), shown_(shown), pace_(shown.pace_of(author)), tally_(counts) {}

result<void> client::connect(const endpoint& server) {
  auto made = channel::connect(server);
  if (!made)
    return tl::unexpected(made.error());
  channel_.emplace(std::move(*made));
  const auto request = websocket::upgrade_request(server.text(), dialect_->path(), dialect_->subprotocol());
  append(channel_->outgoing(), as_bytes(request));
  return {};
}

void client::turn(bytes& scratch) {
  flush();
  for (bool is_drained = false; !is_drained && !is_lost_;) {
    const auto received = channel_->receive(scratch, is_drained);
    if (!received)
      return lose("the server closed the connection");
    now_ = clock::now();
    const auto rest = read_frames(is_upgraded_ ? *received : read_upgrade(*received));
    channel_->keep(rest);
    is_open_ ? send_due(now_) : flush();
  }
}

void client::send_due(instant now) {
  for (auto sequence = pace_.next_to_send(now); sequence != 0; sequence = pace_.next_to_send(now)) {
    dialect_->write_edit(sequence, revision_, to_say_);
    say_pending();
  }
  flush();
}

bytes_view client::read_upgrade(bytes_view received) {
  const auto count = websocket::upgrade_bytes(as_text(received));
  if (!count) {
    lose("the server refused the upgrade");
    return {};
  }
  is_upgraded_ = *count > 0;
  if (is_upgraded_) {
    dialect_->begin(*this, to_say_);
    say_pending();
  }
  return received.subspan(*count);
}

bytes_view client::read_frames(bytes_view received) {
  if (!is_upgraded_)
    return received;
  websocket::frame next;
  for (;;) {
    switch (websocket::take_frame(received, next)) {
      case websocket::parsing::whole: read_frame(next); break;
      case websocket::parsing::incomplete: return received;
      case websocket::parsing::foreign: lose("a frame that no server sends"); return {};
    }
  }
}

void client::read_frame(const websocket::frame& next) {
  using enum quire::websocket::opcode;
  switch (next.opcode) {
    case binary: dialect_->receive(next.payload, *this, to_say_); return say_pending();
    case ping: return websocket::put_client_frame(channel_->outgoing(), pong, next.payload);
    case pong: return;
    case close: return on_trouble("the server says good-bye");
    case text:
    case continuation: break;
  }
  on_trouble("a frame of an unknown kind");
}

void client::on_ask() {
  asked_ = clock::now();
}

void client::on_open(std::uint64_t revision) {
  if (asked_ != instant{})
    tally_.counted.to_open.record(now_ - asked_);
  is_open_ = true;
  opened_at_ = revision;
}

void client::on_content(std::uint64_t revision, bytes_view piece, bool is_last) {
  append(content_, piece);
  if (is_last)
    revision_ = content_revision_ = revision;
}

void client::on_edit(std::uint64_t revision, edit_name edit) {
  if (revision != revision_ + 1)
    return on_trouble("revision " + std::to_string(revision) + " came after " + std::to_string(revision_));
  if (auto wrong = shown_.check(revision, edit))
    return on_trouble(std::move(*wrong));
  const bool is_catching_up = !is_ready();
  revision_ = revision;
  if (is_catching_up)
    return;
  const bool is_own = edit.author == author_;
  if (is_own && !pace_.answered(edit.sequence))
    return on_trouble("an own edit came back out of order");
  auto& counted = tally_.counted;
  ++(is_own ? counted.edits : counted.deliveries);
  (is_own ? counted.to_author : counted.to_others).record(now_ - shown_.due_at(revision));
}

void client::on_trouble(std::string what) {
  tally_.troubles.add("client " + std::to_string(author_) + ": " + std::move(what));
}

void client::say_pending() {
  if (to_say_.empty())
    return;
  websocket::put_client_frame(channel_->outgoing(), websocket::opcode::binary, to_say_);
  to_say_.clear();
}

void client::flush() {
  if (channel_ && !channel_->flush())
    lose("the connection broke");
}

void client::lose(std::string_view why) {
  if (is_lost_)
    return;
  is_lost_ = true;
  on_trouble(std::string(why));
}

}  // namespace quire::bench
