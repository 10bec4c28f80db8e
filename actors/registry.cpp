#include "actors/registry.hpp"

#include "actors/actor_base.hpp"
#include "actors/relay.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <unordered_map>
#include <utility>

namespace quire::actors {

namespace {

constexpr std::size_t resume_octets = 16;

class registry_shell {
 public:
  registry_shell(registry_actor::pointer self, registry_surroundings around) : self_(self), around_(std::move(around)) {
    self_->set_down_handler([this](caf::down_msg& down) { forget(down.source); });
  }

  void forward(const subscribe& msg) {
    if (auto* known = find_or_make(msg.open.request.document)) {
      self_->send(msg.session, open_forwarded{msg.open.request.request, known->relay});
      send_on(*known, msg);
    } else {
      self_->send(msg.session, open_refused{msg.open.request.request, as_many_as_can()});
    }
  }

  void forward(const document_request& msg) {
    if (auto* known = find_or_make(msg.document))
      send_on(*known, msg);
    else
      msg.answer(tl::unexpected(as_many_as_can()));
  }

  void idle(const relay_idle& msg) {
    const auto found = relays_.find(msg.document);
    if (found == relays_.end() || found->second.relay != msg.from || found->second.requests != msg.requests)
      return;
    self_->demonitor(caf::actor_cast<caf::actor_addr>(msg.from));
    self_->send(msg.from, may_end{});
    relays_.erase(found);
  }

  void claim(const claim_client& msg) {
    if (ending_) {
      self_->send(msg.session, farewell());
      return;
    }
    const auto found = clients_.find(msg.client);
    if (found != clients_.end()) {
      if (found->second.resume != msg.resume) {
        self_->send(msg.session, client_refused{});
        return;
      }
      self_->send(found->second.session, end_session{errc::superseded, "the same client connected again", {}});
    }
    auto resume = random_octets();
    clients_[msg.client] = {msg.session, resume};
    self_->send(msg.session, client_claimed{std::move(resume)});
  }

  void release(const release_client& msg) {
    const auto found = clients_.find(msg.client);
    if (found != clients_.end() && found->second.session == msg.session)
      clients_.erase(found);
  }

  void end_all(std::chrono::milliseconds spread) {
    ending_ = spread;
    for (const auto& [client, known] : clients_)
      self_->send(known.session, farewell());
  }

  /// The system stops: nobody answers any more.
  void end() {
    for (const auto& [name, known] : std::exchange(relays_, {}))
      self_->send_exit(known.relay, caf::exit_reason::user_shutdown);
    for (const auto& [client, known] : std::exchange(clients_, {}))
      self_->send_exit(known.session, caf::exit_reason::user_shutdown);
    self_->quit(caf::exit_reason::user_shutdown);
  }

 private:
  struct known_relay {
    relay_actor relay;
    std::uint64_t requests = 0;  ///< Sent to it so far.
  };
  struct known_client {
    session_actor session;
    bytes resume;
  };

  static error as_many_as_can() { return {errc::overloaded, "this node has as many documents open as it can"}; }

  end_session farewell() {
    std::uniform_int_distribution<std::int64_t> any(ending_->count() / 2, ending_->count());
    return {errc::shutting_down, "this node stops", std::chrono::milliseconds{any(random_)}};
  }

  template <class Message>
  void send_on(known_relay& known, const Message& msg) {
    ++known.requests;
    self_->send(known.relay, msg);
  }

  /// Null: there are as many as there can be.
  known_relay* find_or_make(const document_name& document) {
    if (relays_.size() >= around_.relays_max && !relays_.contains(document))
      return nullptr;
    auto& known = relays_[document];
    if (!known.relay) {
      numbers_ = numbers_.next();
      known.relay =
        self_->spawn(relay, document, numbers_,
                     relay_surroundings{self_, around_.router, around_.log, around_.watched, around_.relay_idle});
      self_->monitor(known.relay);
    }
    return &known;
  }

  void forget(const caf::actor_addr& ended) {
    std::erase_if(relays_, [&](const auto& entry) { return entry.second.relay == ended; });
  }

  bytes random_octets() {
    bytes octets(resume_octets);
    std::ranges::generate(octets, [this] { return static_cast<std::byte>(random_() & 0xFF); });
    return octets;
  }

  registry_actor::pointer self_;
  registry_surroundings around_;
  std::unordered_map<document_name, known_relay> relays_;
  std::unordered_map<client_id, known_client> clients_;  ///< Bound: the gateway's connections.
  document_number numbers_;
  std::optional<std::chrono::milliseconds> ending_;  ///< The node stops: over how long its sessions come back.
  std::random_device random_;
};

}  // namespace

registry_actor::behavior_type registry(registry_actor::pointer self, registry_surroundings around) {
  init_vital_actor(self, "registry", *around.watched);
  auto shell = std::make_shared<registry_shell>(self, std::move(around));
  self->set_exit_handler([shell](caf::exit_msg&) { shell->end(); });
  return {
    [shell](const subscribe& msg) { shell->forward(msg); },
    [shell](const document_request& msg) { shell->forward(msg); },
    [shell](const relay_idle& msg) { shell->idle(msg); },
    [shell](const claim_client& msg) { shell->claim(msg); },
    [shell](const release_client& msg) { shell->release(msg); },
    [shell](const end_all_sessions& msg) { shell->end_all(msg.spread); },
  };
}

}  // namespace quire::actors
