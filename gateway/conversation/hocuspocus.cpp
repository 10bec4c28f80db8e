// A document of a connection:
//
//   arrive ──> silent ── token ──> asked ── may ──> (behind) ──> opening ── begun ──> open
//                 no token needed ──┘ │                              │                  │
//                                     └─ denied                      └─ denied          ├─ closed by the engine
//                                                                                       └─ left ──> departure

#include "gateway/conversation/hocuspocus.hpp"

#include "gateway/io_thread.hpp"
#include "protocol/errors.hpp"
#include "protocol/lib0/reader.hpp"
#include "protocol/limits.hpp"
#include "protocol/yjs/close_codes.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace quire::gateway {

namespace {

namespace yjs = protocol::yjs;

document_name document_at(std::string_view address) {
  return provider_document(std::string(yjs::name_in(address)));
}

std::string reason_of(const error& why) {
  return std::string(describe(why.code).name) + ": " + why.detail;
}

/// Whether a document begins to be spoken of with this: a client that left it may still say other things.
bool can_be_first(const yjs::client_message& message) {
  return std::holds_alternative<yjs::token>(message) || std::holds_alternative<yjs::sync_step_1>(message) ||
         std::holds_alternative<yjs::sync_step_2>(message) || std::holds_alternative<yjs::sync_update>(message);
}

}  // namespace

hocuspocus_conversation::hocuspocus_conversation(connection& over)
  : provider_conversation(over, protocol::dialect::hocuspocus),
    waiting_share_(over.home().shared().large_messages_bytes) {}

// It has a session from the start, and is not done with its handshake before a token is good.
void hocuspocus_conversation::start() {
  introduce();
  over_.home().set_unfinished(over_.id(), over_.home().shared().gate.needs_token());
}

void hocuspocus_conversation::take(bytes_view& unread, bool) {
  const auto frame = std::exchange(unread, {});
  const auto decoded = yjs::decode_hocuspocus(frame);
  if (!decoded)
    return take_bad(frame, decoded.error());
  if (std::holds_alternative<yjs::ping>(decoded->message)) {
    over_.count_request();
    return send(yjs::pong{}, std::nullopt);
  }
  if (!std::holds_alternative<yjs::pong>(decoded->message))
    take(frame, decoded->address, decoded->message);
}

// Of a message that does not read, perhaps its address does: then no more than its document is affected.
void hocuspocus_conversation::take_bad(bytes_view frame, const error& why) {
  lib0::reader from(frame);
  const auto address = from.text();
  if (!from.is_good() || address.empty())
    return over_.refuse(why.code, why.detail);
  over_.count_request();
  over_.home().shared().watched.refused(why.code, 1);
  if (const auto at = places_.find(address); at != places_.end())
    close(at, why);
  else
    deny(address, why);
}

void hocuspocus_conversation::take(bytes_view frame, std::string_view address, const yjs::client_message& message) {
  auto at = places_.find(address);
  if (at == places_.end())
    at = arrive(address, message);
  if (at == places_.end())
    return;
  if (const auto* const shown = std::get_if<yjs::token>(&message))
    return take_token(at, *shown);
  if (std::holds_alternative<yjs::detach>(message))
    return leave(at);
  if (at->second.stage == stage::open && at->second.waiting.empty())
    static_cast<void>(take_open(at, message));
  else
    wait(at->second, frame);
}

// What was not asked for is dropped; a document too many is denied, and so is an address too long to be kept.
hocuspocus_conversation::places::iterator hocuspocus_conversation::arrive(std::string_view address,
                                                                          const yjs::client_message& message) {
  over_.count_request();
  if (!can_be_first(message))
    return places_.end();
  const bool needs_token = over_.home().shared().gate.needs_token();
  const bool has_token = std::holds_alternative<yjs::token>(message);
  error why{errc::too_many_documents, "this connection has as many documents open as it can"};
  if (address.size() > limits::provider_address_bytes_max)
    why = {errc::invalid_name, "the address is over its limit in size"};
  else if (needs_token && !has_token && count(stage::silent) >= limits::provider_unauthenticated_max)
    why.detail = "this connection has as many documents without a token as it can";
  else if (places_.size() < limits::documents_a_connection_max) {
    const auto at = places_.emplace(address, place{}).first;
    if (!needs_token && !has_token)
      ask_about(at, {});
    return at;
  }
  over_.home().shared().watched.refused(why.code, 1);
  deny(address, why);
  return places_.end();
}

// One question at a time for a document: what is shown meanwhile is asked about next, if it is the last.
void hocuspocus_conversation::take_token(places::iterator at, const yjs::token& shown) {
  over_.count_request();
  place& where = at->second;
  const bool is_under_way = where.stage != stage::silent && where.stage != stage::open;
  where.has_shown_token = true;
  if (is_under_way)
    return;
  if (where.is_asked)
    where.next_token = std::string(shown.text.substr(0, limits::token_bytes_max + 1));  // as much over it is as bad
  else
    ask_about(at, std::string(shown.text));
}

void hocuspocus_conversation::ask_about(places::iterator at, std::string token) {
  place& where = at->second;
  where.ticket = ++tickets_;
  if (where.stage == stage::silent)
    where.stage = stage::asked;
  where.is_asked = true;
  ++questions_;
  hold_if_full();
  ask(where.ticket, document_at(at->first), std::move(token));
}

void hocuspocus_conversation::authenticated(std::uint32_t ticket, const result<access>& given) {
  --questions_;
  const auto at = find_ticket(ticket);
  if (at == places_.end())
    return hold_if_full();  // the client has left it
  if (!given && !yjs::is_permanent(given.error().code))
    return over_.refuse(given.error().code, given.error().detail);
  place& where = at->second;
  where.is_asked = false;
  if (!given)
    over_.home().shared().watched.refused(given.error().code, 1);
  if (where.stage == stage::open)
    return authenticated_again(at, given);
  if (!given) {
    deny(at->first, given.error());
    return forget(at);
  }
  if (!std::exchange(was_authenticated_, true))
    over_.home().set_unfinished(over_.id(), false);
  where.is_read_only = given->is_read_only;
  open_or_stay_behind(at);
  hold_if_full();
}

void hocuspocus_conversation::authenticated_again(places::iterator at, const result<access>& given) {
  if (!given)
    return close(at, given.error());
  if (given->is_read_only != at->second.is_read_only)
    return close(at, {errc::forbidden, "the token allows something else than the one before"});
  if (auto next = std::exchange(at->second.next_token, std::nullopt))
    return ask_about(at, std::move(*next));
  hold_if_full();
}

void hocuspocus_conversation::open_or_stay_behind(places::iterator at) {
  place& where = at->second;
  const auto document = document_at(at->first);
  const bool is_twice = std::ranges::any_of(places_, [&](const auto& other) {
    return other.second.stage >= stage::behind && &other.second != &where && yjs::name_in(other.first) == document.name;
  });
  if (is_twice) {
    const error why{errc::too_many_documents, "this connection has the document open by another address"};
    over_.home().shared().watched.refused(why.code, 1);
    deny(at->first, why);
    return forget(at);
  }
  const bool is_left = std::ranges::any_of(departures_, [&](const auto& one) { return one.name == document.name; });
  where.stage = is_left ? stage::behind : stage::opening;
  if (!is_left)
    open(where.ticket, document, at->first, where.is_read_only);
}

void hocuspocus_conversation::begun(const actors::subscription_begun& one) {
  const auto left = std::ranges::find(departures_, one.request, &departure::ticket);
  if (left != departures_.end()) {
    left->document = one.document;
    return close_at_session(one.document);
  }
  const auto at = find_ticket(one.request);
  if (at == places_.end())
    return;
  place& where = at->second;
  where.stage = stage::open;
  where.document = one.document;
  if (where.has_shown_token)
    send(yjs::authenticated{where.is_read_only}, at->first);
  hand_over_waiting();
}

void hocuspocus_conversation::go_on() {
  hand_over_waiting();
}

// As far as credit goes. Until all of it went, nothing is read: what came later must not come before.
void hocuspocus_conversation::hand_over_waiting() {
  for (auto at = places_.begin(); at != places_.end();)
    hand_over_waiting(at++);
  hold_if_full();
}

void hocuspocus_conversation::hand_over_waiting(places::iterator at) {
  bool is_open = at->second.stage == stage::open;
  while (is_open && !at->second.waiting.empty() && over_.documents().has_credit()) {
    const auto frame = at->second.waiting.pop(waiting_);
    is_open = take_open(at, yjs::decode_hocuspocus(frame)->message);  // it was decoded when it came
  }
}

bool hocuspocus_conversation::take_open(places::iterator at, const yjs::client_message& message) {
  if (std::holds_alternative<yjs::stateless_broadcast>(message)) {
    const error why{errc::forbidden, "only servers of Hocuspocus send this to each other"};
    over_.home().shared().watched.refused(why.code, 1);
    close(at, why);
    return false;
  }
  if (std::holds_alternative<yjs::stateless>(message))
    over_.count_request();  // it has nobody to be for
  else if (auto* const where = over_.documents().find(at->second.document))
    pass_on(*where, message);
  return true;
}

void hocuspocus_conversation::wait(place& where, bytes_view frame) {
  where.waiting.push(frame, waiting_);
  if (waiting_share_.set(waiting_.bytes, limits::large_messages_bytes_max))
    return over_.refuse(errc::overloaded, "too much waits for documents that are not open yet");
  hold_if_full();
}

// What is on its way opens by itself: until then the client is not read. Who has shown no token may never do so.
void hocuspocus_conversation::hold_if_full() {
  waiting_share_.set(waiting_.bytes);
  const bool is_under_way = count(stage::asked) + count(stage::behind) + count(stage::opening) != 0;
  const bool is_full =
    waiting_.bytes >= limits::provider_waiting_bytes_max || waiting_.frames >= limits::provider_waiting_messages_max;
  const bool is_handing_over = std::ranges::any_of(
    places_, [](const auto& one) { return one.second.stage == stage::open && !one.second.waiting.empty(); });
  over_.hold(is_handing_over || questions_ >= limits::provider_unauthenticated_max || (is_full && is_under_way));
  if (is_full && !is_under_way && !is_handing_over)
    over_.refuse(errc::hello_expected, "too much came before a token");
}

void hocuspocus_conversation::leave(places::iterator at) {
  over_.count_request();
  place& where = at->second;
  const bool is_with_engine = where.stage == stage::opening || where.stage == stage::open;
  if (is_with_engine)
    departures_.push_back({std::string(yjs::name_in(at->first)), where.ticket, where.document});
  if (where.stage == stage::open) {
    if (auto* const open = over_.documents().find(where.document))
      over_.hand_over(*open);  // what came before is not lost
    close_at_session(where.document);
  }
  forget(at);
}

void hocuspocus_conversation::departed(std::vector<departure>::iterator gone) {
  const auto name = std::exchange(gone->name, {});
  departures_.erase(gone);
  const auto next = std::ranges::find_if(
    places_, [&](const auto& one) { return one.second.stage == stage::behind && yjs::name_in(one.first) == name; });
  if (next != places_.end())
    open_or_stay_behind(next);
  hold_if_full();
}

void hocuspocus_conversation::ended(const actors::subscription_ended& one) {
  const auto left = std::ranges::find(departures_, one.document, &departure::document);
  if (left != departures_.end())
    return departed(left);
  const auto at = std::ranges::find_if(places_, [&](const auto& known) {
    return known.second.stage == stage::open && known.second.document == one.document;
  });
  if (at != places_.end())
    refused_by_engine(at, one.why.value_or(error{errc::slow_reader, "it missed edits"}));
}

void hocuspocus_conversation::failed(const actors::request_failed& one) {
  if (one.request == 0)
    return;  // a close that came when the document was closed already
  const auto left = std::ranges::find(departures_, one.request, &departure::ticket);
  if (left != departures_.end())
    return departed(left);
  if (const auto at = find_ticket(one.request); at != places_.end())
    refused_by_engine(at, one.why);
}

// A client of Hocuspocus opens no document again by itself, but all of them when it has connected again.
void hocuspocus_conversation::refused_by_engine(places::iterator at, const error& why) {
  if (!yjs::is_permanent(why.code))
    return over_.finish(why.code, why.detail);
  if (at->second.stage == stage::open)
    send(yjs::closed{reason_of(why)}, at->first);
  else
    deny(at->first, why);
  forget(at);
}

void hocuspocus_conversation::deny(std::string_view address, const error& why) {
  send(yjs::permission_denied{reason_of(why)}, address);
}

void hocuspocus_conversation::close(places::iterator at, const error& why) {
  if (at->second.stage == stage::open)
    send(yjs::closed{reason_of(why)}, at->first);
  else
    deny(at->first, why);
  leave(at);
}

void hocuspocus_conversation::check() {
  const services& shared = over_.home().shared();
  if (shared.gate.needs_token() && !was_authenticated_ && over_.age() >= shared.set.provider_token_timeout)
    return over_.refuse(errc::hello_timeout, "no good token in time");
  provider_conversation::check();
}

void hocuspocus_conversation::say_something() {
  static constexpr std::array nobody{std::byte{0}};
  const auto open = std::ranges::find_if(places_, [](const auto& one) { return one.second.stage == stage::open; });
  send(yjs::awareness_update{nobody}, open == places_.end() ? std::string_view() : open->first);
}

hocuspocus_conversation::places::iterator hocuspocus_conversation::find_ticket(std::uint32_t ticket) {
  return std::ranges::find_if(places_, [&](const auto& one) { return one.second.ticket == ticket; });
}

std::size_t hocuspocus_conversation::count(stage which) const {
  return static_cast<std::size_t>(
    std::ranges::count_if(places_, [&](const auto& one) { return one.second.stage == which; }));
}

void hocuspocus_conversation::forget(places::iterator at) {
  at->second.waiting.clear(waiting_);
  places_.erase(at);
  hold_if_full();
}

}  // namespace quire::gateway
