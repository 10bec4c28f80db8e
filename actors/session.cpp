#include "actors/session.hpp"

#include "actors/actor_base.hpp"
#include "actors/document/own_author.hpp"
#include "protocol/limits.hpp"
#include "protocol/name_check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace quire::actors {

namespace {

constexpr protocol::announced_limits announced{
  static_cast<std::uint32_t>(limits::frame_bytes_max), static_cast<std::uint32_t>(limits::operation_bytes_max),
  static_cast<std::uint32_t>(limits::documents_a_connection_max),
  static_cast<std::uint32_t>(limits::edits_in_flight_max), static_cast<std::uint32_t>(limits::presence_bytes_max)};

class session_shell {
 public:
  session_shell(session_actor::pointer self, session_surroundings around) : self_(self), around_(std::move(around)) {
    around_.watched->sessions_changed(+1);
    self_->attach_functor([watched = around_.watched] { watched->sessions_changed(-1); });
    self_->set_down_handler([this](caf::down_msg& down) { lose(down.source); });
  }

  void greet(const protocol::hello& msg) {
    if (phase_ != phase::silent) {
      end({errc::already_greeted, "a second hello", {}});
      return;
    }
    if (msg.version_min > protocol::protocol_version || msg.version_max < protocol::protocol_version) {
      end({errc::unsupported_version, "this server speaks version " + std::to_string(protocol::protocol_version), {}});
      return;
    }
    if (is_own_author(msg.client)) {
      end({errc::malformed_message, "hello: client ids that begin with eight zero octets are the server's", {}});
      return;
    }
    phase_ = phase::claiming;
    client_ = msg.client;
    self_->send(around_.registry, claim_client{self_, client_, msg.resume});
  }

  void claimed(const client_claimed& msg) {
    if (phase_ != phase::claiming)
      return;
    phase_ = phase::live;
    around_.outlet->post(connection_welcomed{
      around_.connection,
      protocol::welcome{protocol::protocol_version, announced, msg.resume, limits::keepalive_interval}});
  }

  void open(const open_document& asked) {
    const auto& msg = asked.request;
    if (auto checked = check_name(msg.document); !checked) {
      refuse(msg.request, checked.error());
      return;
    }
    if (!has_room_for(msg.document)) {
      refuse(msg.request, {errc::too_many_documents, "this connection has as many documents open as it can"});
      return;
    }
    if (!opening_.emplace(msg.request, open_document{msg.document, {}}).second) {
      refuse(msg.request, {errc::malformed_message, "open: request " + std::to_string(msg.request) + " is under way"});
      return;
    }
    self_->send(around_.registry, subscribe{self_, around_.outlet, around_.connection, client_, {}, asked});
  }

  void close(document_number document) {
    const auto found = documents_.find(document);
    if (found == documents_.end()) {
      refuse(0, {errc::document_not_open, "close: document " + std::to_string(document.value()) + " is not open"});
      return;
    }
    self_->send(found->second.relay, unsubscribe{around_.connection});
    around_.outlet->post(subscription_ended{around_.connection, document, {}, false});
    dropped(document);
  }

  /// From here on the relay must answer, or end.
  void forwarded(const open_forwarded& msg) {
    const auto found = opening_.find(msg.request);
    if (found == opening_.end())
      return;
    if (!uses(msg.relay))
      self_->monitor(msg.relay);
    found->second.relay = msg.relay;
  }

  void opened(const subscribed& msg) {
    if (auto answered = opening_.extract(msg.request))
      documents_.insert_or_assign(msg.document, std::move(answered.mapped()));
    if (phase_ == phase::left)
      leave();
  }

  void not_opened(const open_refused& msg) {
    const auto found = opening_.find(msg.request);
    if (found == opening_.end())
      return;
    if (phase_ != phase::left)
      refuse(msg.request, msg.why);
    const auto relay = std::move(found->second.relay);
    opening_.erase(found);
    unwatch_if_unused(relay);
    if (phase_ == phase::left)
      leave();
  }

  void dropped(document_number document) {
    if (const auto found = documents_.find(document); found != documents_.end()) {
      const auto relay = std::move(found->second.relay);
      documents_.erase(found);
      unwatch_if_unused(relay);
    }
  }

  /// The connection is gone, or is told to go.
  void leave() {
    phase_ = phase::left;
    for (const auto& [number, document] : std::exchange(documents_, {}))
      self_->send(document.relay, unsubscribe{around_.connection});
    if (!opening_.empty())
      return;  // A relay will say that this is among its subscribers, and must hear that it is not.
    self_->send(around_.registry, release_client{self_, client_});
    self_->quit();
  }

  void end(const end_session& msg) {
    around_.outlet->post(connection_ended{around_.connection, msg.code, msg.detail, msg.retry});
    around_.watched->refused(msg.code, 1);
    leave();
  }

 private:
  enum class phase : std::uint8_t { silent, claiming, live, left };

  struct open_document {
    document_name name;
    relay_actor relay;  ///< Null until the registry has said which.
  };

  /// Opening again what is open, or about to be, replaces it and needs no room.
  bool has_room_for(const document_name& document) const {
    if (documents_.size() + opening_.size() < limits::documents_a_connection_max)
      return true;
    std::set<document_name> names{document};
    for (const auto& [number, known] : documents_)
      names.insert(known.name);
    for (const auto& [request, known] : opening_)
      names.insert(known.name);
    return names.size() <= limits::documents_a_connection_max && opening_.size() < limits::documents_a_connection_max;
  }

  bool uses(const relay_actor& relay) const {
    const auto is_its = [&](const auto& entry) { return entry.second.relay == relay; };
    return std::ranges::any_of(documents_, is_its) || std::ranges::any_of(opening_, is_its);
  }

  void unwatch_if_unused(const relay_actor& relay) {
    if (relay && !uses(relay))
      self_->demonitor(caf::actor_cast<caf::actor_addr>(relay));
  }

  /// A relay ended by a mistake of ours: its document is to be opened again, also by who had no answer yet.
  void lose(const caf::actor_addr& relay) {
    const error why{errc::internal, "the document's relay ended"};
    const auto is_its = [&](const auto& entry) { return entry.second.relay == relay; };
    if (const auto found = std::ranges::find_if(documents_, is_its); found != documents_.end()) {
      around_.outlet->post(subscription_ended{around_.connection, found->first, why, false});
      documents_.erase(found);
    }
    if (phase_ != phase::left)
      for (const auto& [request, document] : opening_)
        if (document.relay == relay)
          refuse(request, why);
    if (std::erase_if(opening_, is_its) > 0 && phase_ == phase::left)
      leave();
  }

  void refuse(std::uint32_t request, const error& why) {
    around_.watched->refused(why.code, 1);
    around_.outlet->post(request_failed{around_.connection, request, why});
  }

  session_actor::pointer self_;
  session_surroundings around_;
  phase phase_ = phase::silent;
  client_id client_;

  // Together documents_a_connection_max, what is opened again counted once.
  std::map<std::uint32_t, open_document> opening_;  ///< By request.
  std::unordered_map<document_number, open_document> documents_;
};

}  // namespace

session_actor::behavior_type session(session_actor::pointer self, session_surroundings around) {
  init_actor(self, "session", *around.watched);
  auto shell = std::make_shared<session_shell>(self, std::move(around));
  return {
    [shell](const protocol::hello& msg) { shell->greet(msg); },
    [shell](const open_document& msg) { shell->open(msg); },
    [shell](const protocol::close& msg) { shell->close(msg.document); },
    [shell](const connection_lost&) { shell->leave(); },
    [shell](const client_claimed& msg) { shell->claimed(msg); },
    [shell](const client_refused&) {
      shell->end({errc::client_id_in_use, "another connection has this client id", {}});
    },
    [shell](const end_session& msg) { shell->end(msg); },
    [shell](const open_forwarded& msg) { shell->forwarded(msg); },
    [shell](const subscribed& msg) { shell->opened(msg); },
    [shell](const open_refused& msg) { shell->not_opened(msg); },
    [shell](const unsubscribed& msg) { shell->dropped(msg.document); },
  };
}

}  // namespace quire::actors
