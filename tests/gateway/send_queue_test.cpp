#include "gateway/send_queue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;

const send_queue::time_point start{};

void push(send_queue& queue, std::string_view text, frame_kind kind, send_queue::time_point now = start) {
  queue.push(websocket::frame_header(text.size()), share(to_bytes(text)), kind, now);
}

/// Takes at most `count` bytes off the queue, as a socket would.
std::string take(send_queue& queue, std::size_t count, send_queue::time_point now = start) {
  std::array<iovec, 8> pieces;
  const auto used = queue.gather(pieces);
  std::string taken;
  for (std::size_t at = 0; at < used; ++at)
    taken.append(static_cast<const char*>(pieces[at].iov_base), pieces[at].iov_len);
  taken.resize(std::min(taken.size(), count));
  queue.sent(taken.size(), now);
  return taken;
}

std::string take_all(send_queue& queue) {
  std::string taken;
  while (!queue.empty())
    taken += take(queue, 1'000'000);
  return taken;
}

}  // namespace

RC_GTEST_PROP(send_queue, what_goes_in_comes_out_whatever_the_socket_takes_at_a_time,
              (const std::vector<std::string>& frames)) {
  send_queue queue;
  std::string expected;
  for (const auto& frame : frames) {
    push(queue, frame, frame_kind::document);
    const auto head = websocket::frame_header(frame.size());
    expected += std::string(as_text(head.view())) + frame;
  }
  std::string sent;
  while (!queue.empty())
    sent += take(queue, *rc::gen::inRange<std::size_t>(1, 40));
  RC_ASSERT(sent == expected);
  RC_ASSERT(queue.size_bytes(frame_kind::document) == 0U);
}

RC_GTEST_PROP(send_queue, copied_or_gathered_it_is_the_same, (const std::vector<std::string>& frames)) {
  send_queue queue;
  for (const auto& frame : frames)
    push(queue, frame, frame_kind::document);
  take(queue, *rc::gen::inRange<std::size_t>(0, 10));
  bytes room(100'000);
  const auto size = queue.copy_all(room);
  RC_ASSERT(queue.copy_all(std::span(room).first(size == 0 ? 0 : size - 1)) == 0U);
  RC_ASSERT(take_all(queue) == as_text(bytes_view(room).first(size)));
}

TEST(send_queue, a_frame_that_is_partly_sent_is_never_dropped) {
  send_queue queue;
  push(queue, "first", frame_kind::document);
  push(queue, "second", frame_kind::document);
  take(queue, 3);
  EXPECT_EQ(queue.drop_documents(), 1U);
  EXPECT_EQ(take_all(queue), "irst");
}

TEST(send_queue, what_is_being_sent_from_a_copy_is_never_dropped) {
  send_queue queue;
  push(queue, "first", frame_kind::document);
  push(queue, "second", frame_kind::document);
  push(queue, "third", frame_kind::document);
  take(queue, 3);
  queue.set_in_flight(5);  // the rest of the first, and the head of the second
  EXPECT_EQ(queue.drop_documents(), 1U);
  EXPECT_EQ(take(queue, 5),
            "irst"
            "\x82");
  EXPECT_EQ(take_all(queue), "\x06second");
}

TEST(send_queue, answers_to_opens_and_words_about_the_connection_stay_when_documents_are_dropped) {
  send_queue queue;
  push(queue, "edits", frame_kind::document);
  push(queue, "joined", frame_kind::bulk);
  push(queue, "pong", frame_kind::connection);
  EXPECT_EQ(queue.drop_documents(), 1U);
  EXPECT_EQ(queue.size_bytes(frame_kind::document), 0U);
  EXPECT_EQ(take_all(queue), "\x82\x06joined\x82\x04pong");
}

TEST(send_queue, nothing_but_words_about_the_connection_stays_for_closing) {
  send_queue queue;
  push(queue, "edits", frame_kind::document);
  push(queue, "joined", frame_kind::bulk);
  push(queue, "bye", frame_kind::connection);
  queue.drop_for_closing();
  EXPECT_EQ(take_all(queue),
            "\x82\x03"
            "bye");
}

TEST(send_queue, bytes_that_are_no_frame_go_as_they_are) {
  send_queue queue;
  queue.push(websocket::frame_header::none(), share(to_bytes("HTTP/1.1 101")), frame_kind::connection, start);
  push(queue, "welcome", frame_kind::connection);
  EXPECT_EQ(take_all(queue), "HTTP/1.1 101\x82\x07welcome");
}

TEST(send_queue, the_age_of_documents_counts_from_when_they_were_queued) {
  send_queue queue;
  push(queue, "pong", frame_kind::connection, start);
  push(queue, "edits", frame_kind::document, start + 1s);
  push(queue, "edits", frame_kind::document, start + 2s);
  EXPECT_EQ(queue.document_age(start + 5s), 4s);
}

TEST(send_queue, a_long_answer_to_an_open_is_not_held_against_what_waits_behind_it) {
  send_queue queue;
  push(queue, "joined", frame_kind::bulk, start);
  push(queue, "edits", frame_kind::document, start);
  EXPECT_EQ(queue.document_age(start + 60s), 0s);
  take(queue, 8, start + 60s);
  EXPECT_EQ(queue.document_age(start + 61s), 1s);
}

TEST(send_queue, a_queue_that_moves_is_not_stalled) {
  send_queue queue;
  push(queue, "a long frame", frame_kind::bulk, start);
  EXPECT_EQ(queue.stalled(start + 9s), 9s);
  take(queue, 1, start + 9s);
  EXPECT_EQ(queue.stalled(start + 10s), 1s);
  static_cast<void>(take_all(queue));
  EXPECT_EQ(queue.stalled(start + 99s), 0s);
}

}  // namespace quire::gateway
