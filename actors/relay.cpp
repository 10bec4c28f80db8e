// session            registry             relay               router            document
//   |-- subscribe ------>|-- subscribe ----->|-- attach --------->|-- attach ------->|
//   |                    |                   |<------------------------- attached ---|
//   |<------------------------ subscribed ---|   (and `opened` to the outlet)        |
//   |   connection ------------ session_turn >|-- submit_edits ---------------------->|
//   |   outlet  <------------------ delivery -|<----------------------- committed_run-|
//   |-- unsubscribe ------------------------>|   ... idle ...                         |
//   |                    |<-- relay_idle ----|                                        |
//   |                    |--- may_end ------>|-- detach ----------------------------->|

#include "actors/relay.hpp"

#include "actors/actor_base.hpp"
#include "actors/relay/core.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quire::actors {

namespace {

/// An attach that is not answered in this time is sent again: its document died on the way.
constexpr std::chrono::seconds attach_timeout{5};

/// The clocks that tick for a relay.
constexpr std::uint32_t flush_clock = 0;
constexpr std::uint32_t attach_clock = 1;
constexpr std::uint32_t idle_clock = 2;

class relay_shell {
 public:
  relay_shell(relay_actor::pointer self, document_name name, document_number number, relay_surroundings around)
    : self_(self), around_(std::move(around)), name_(std::move(name)), core_(number) {
    around_.watched->relays_changed(+1);
    self_->attach_functor([watched = around_.watched] { watched->relays_changed(-1); });
    self_->set_down_handler([this](caf::down_msg& down) { document_down(down); });
  }

  void add(const subscribe& msg) {
    ++requests_seen_;
    sessions_[msg.connection] = msg.session;
    perform(core_.subscribe({msg.connection,
                             key_of(msg.outlet),
                             msg.client,
                             msg.author,
                             msg.open.request.request,
                             msg.open.request.type,
                             msg.open.request.since,
                             {},
                             false,
                             false,
                             msg.open.dialect,
                             msg.open.label,
                             msg.open.is_read_only}));
  }

  void remove(connection_id connection) {
    tell(connection, unsubscribed{core_.number()});  // First: an open that is refused makes it forget the session.
    perform(core_.unsubscribe(connection));
    sessions_.erase(connection);
  }

  void turn(std::vector<session_item> items) { perform(core_.turn(std::move(items))); }

  void request(const document_request& msg) {
    ++requests_seen_;
    if (document_) {
      self_->send(document_, msg);
      watch_idleness();
      return;
    }
    requests_.push_back(msg);
    perform(core_.seek());
  }

  void found(const attached& msg) {
    if (document_ != msg.document) {
      document_ = msg.document;
      self_->monitor(msg.document);
    }
    id_ = msg.id;
    perform(core_.attached({msg.epoch, msg.generation, msg.head, msg.type, msg.clients}));
    for (auto& waiting : std::exchange(requests_, {}))
      self_->send(document_, std::move(waiting));
    watch_idleness();
  }

  void not_found(const error& why) {
    lose_document();
    perform(core_.attach_failed(why));
    after_loss(why);
  }

  void gone(const error& why) {
    lose_document();
    perform(core_.gone(why));
    after_loss(why);
  }

  void committed(const committed_run& msg) {
    core_.set_store_slow(msg.is_store_slow);
    perform(core_.committed(msg.epoch, msg.first, *msg.run));
  }
  void answered(const edits_answered& msg) { perform(core_.answered(msg.answers)); }
  void state(const state_taken& msg) { perform(core_.state_taken(msg.revision, *msg.content)); }
  void difference(const difference_taken& msg) { perform(core_.difference_taken(msg.ticket, msg.what)); }
  void history(const history_read& msg) {
    if (msg.document == id_)
      perform(core_.history_read(msg.from, msg.page));
  }

  void ticked(const tick& msg) {
    switch (msg.clock) {
      case flush_clock: perform(core_.flush_presence()); break;
      case attach_clock:
        if (msg.number == attach_tick_ && core_.is_seeking())
          send_attach();
        break;
      default: idle_ticked();
    }
  }

  void end() {
    if (document_)
      self_->send(document_, detach{self_});
    self_->quit();
  }

 private:
  bool is_idle() const { return core_.is_idle() && requests_.empty(); }

  std::chrono::milliseconds idle_time() const { return core_.has_document() ? around_.idle : limits::absent_idle; }

  /// One tick is on its way while the relay is idle; it counts only if nothing happened since.
  void watch_idleness() {
    if (!is_idle())
      ++activity_;
    else if (!is_idle_watched_)
      arm_idle_clock();
  }

  void arm_idle_clock() {
    is_idle_watched_ = true;
    watched_since_ = activity_ + requests_seen_;
    self_->delayed_send(self_, idle_time(), tick{idle_clock, 0});
  }

  void idle_ticked() {
    is_idle_watched_ = false;
    if (is_idle() && watched_since_ == activity_ + requests_seen_)
      self_->send(around_.registry, relay_idle{name_, self_, requests_seen_});
    watch_idleness();
  }

  outlet_key key_of(const std::shared_ptr<outlet>& out) {
    auto found = std::ranges::find(outlets_, out);
    if (found == outlets_.end())
      found = outlets_.insert(found, out);
    return outlet_key{static_cast<std::uint32_t>(found - outlets_.begin())};
  }

  outlet& outlet_of(outlet_key key) { return *outlets_[key.value()]; }

  /// Again and again until it is answered: the document may die on the way.
  void send_attach() {
    self_->send(around_.router, attach{name_, self_, attach_type_});
    self_->delayed_send(self_, attach_timeout, tick{attach_clock, ++attach_tick_});
  }

  void lose_document() {
    if (document_)
      self_->demonitor(caf::actor_cast<caf::actor_addr>(document_));
    document_ = nullptr;
  }

  /// Requests outlive a document that moves; of one that can not be had they learn why.
  void after_loss(const error& why) {
    if (!core_.is_seeking() && why.code != errc::unknown_document_type)
      for (auto& waiting : std::exchange(requests_, {}))
        waiting.answer(tl::unexpected(why));
    if (!requests_.empty())
      perform(core_.seek());
  }

  void document_down(const caf::down_msg& down) {
    if (document_ && down.source == caf::actor_cast<caf::actor_addr>(document_)) {
      document_ = nullptr;
      gone({errc::not_here, "the document's actor ended"});
    }
  }

  void perform(relay_effects effects) {
    for (auto& effect : effects)
      std::visit([this](auto& what) { perform(what); }, effect);
    watch_idleness();
  }

  void perform(relay_effect::deliver& what) { outlet_of(what.to).post(std::move(what.what)); }
  void perform(relay_effect::begin& what) {
    // The session first: what the connection says of the document must not come there before this.
    tell(what.connection, subscribed{what.request, core_.number(), self_});
    outlet_of(what.outlet).post(subscription_begun{what.connection, what.request, core_.number(), self_});
  }
  void perform(relay_effect::refuse& what) {
    tell(what.connection, open_refused{what.request, std::move(what.why)});
    forget_unless_known(what.connection);
  }
  void perform(relay_effect::drop& what) {
    outlet_of(what.outlet)
      .post(subscription_ended{what.connection, core_.number(), std::move(what.why), what.has_missed_edits});
    tell(what.connection, unsubscribed{core_.number()});
    forget_unless_known(what.connection);
  }
  void perform(relay_effect::attach& what) {
    attach_type_ = std::move(what.type);
    if (what.after.count() == 0)
      send_attach();
    else
      self_->delayed_send(self_, what.after, tick{attach_clock, ++attach_tick_});
  }
  void perform(relay_effect::submit& what) {
    if (document_)
      self_->send(document_, submit_edits{self_, std::move(what.edits)});
  }
  void perform(relay_effect::ask_state&) {
    if (document_)
      self_->send(document_, take_state{self_});
  }
  void perform(relay_effect::ask_difference& what) {
    if (document_)
      self_->send(document_, take_difference{self_, what.what.ticket, std::move(what.what.known)});
  }
  void perform(relay_effect::ask_history& what) {
    self_->send(around_.log, read_history{self_, id_, what.after, what.to});
  }
  void perform(relay_effect::await_flush&) {
    self_->delayed_send(self_, limits::presence_interval, tick{flush_clock, 0});
  }
  void perform(relay_effect::report_loss& what) {
    const auto lost = what.known.value() - what.stored.value();
    around_.watched->durable_edits_lost(lost);
    around_.watched->warn("the store has lost what it had acknowledged: " + name_.organisation + "/" + name_.name +
                          " was at revision " + std::to_string(what.known.value()) + " and is at " +
                          std::to_string(what.stored.value()) +
                          (what.is_written_again ? "; the edits in between are written again" : ""));
  }
  void perform(relay_effect::report_unwritten& what) {
    around_.watched->warn("an edit of " + name_.organisation + "/" + name_.name +
                          " that the store lost could not be written again: " + what.why.detail);
  }
  void perform(relay_effect::count_refusal& what) { around_.watched->refused(what.why, 1); }

  /// The session of a connection that was replaced by itself is still wanted.
  void forget_unless_known(connection_id connection) {
    if (!core_.knows(connection))
      sessions_.erase(connection);
  }

  template <class Message>
  void tell(connection_id connection, Message message) {
    if (const auto found = sessions_.find(connection); found != sessions_.end())
      self_->send(found->second, std::move(message));
  }

  // Fixed at start.
  relay_actor::pointer self_;
  relay_surroundings around_;
  document_name name_;

  // Changes when the document is found, or lost.
  document_actor document_;  ///< Null while it is not attached.
  document_id id_;

  // Changes with who is here.
  relay_core core_;
  std::unordered_map<connection_id, session_actor> sessions_;
  std::vector<std::shared_ptr<outlet>> outlets_;  ///< By outlet_key.
  std::vector<document_request> requests_;        ///< Until it is attached. Bound: the HTTP connections.
  std::uint64_t requests_seen_ = 0;               ///< All that the registry sent.

  // The clocks.
  std::string attach_type_;
  std::uint64_t attach_tick_ = 0;
  std::uint64_t activity_ = 0;
  std::uint64_t watched_since_ = 0;
  bool is_idle_watched_ = false;
};

}  // namespace

relay_actor::behavior_type relay(relay_actor::pointer self, document_name name, document_number number,
                                 relay_surroundings around) {
  init_actor(self, "relay", *around.watched);
  auto shell = std::make_shared<relay_shell>(self, std::move(name), number, std::move(around));
  return {
    [shell](const subscribe& msg) { shell->add(msg); },
    [shell](const unsubscribe& msg) { shell->remove(msg.connection); },
    [shell](session_turn& msg) { shell->turn(std::move(msg.items)); },
    [shell](const document_request& msg) { shell->request(msg); },
    [shell](const attached& msg) { shell->found(msg); },
    [shell](const attach_failed& msg) { shell->not_found(msg.why); },
    [shell](const committed_run& msg) { shell->committed(msg); },
    [shell](const edits_answered& msg) { shell->answered(msg); },
    [shell](const state_taken& msg) { shell->state(msg); },
    [shell](const difference_taken& msg) { shell->difference(msg); },
    [shell](const document_gone& msg) { shell->gone(msg.why); },
    [shell](const history_read& msg) { shell->history(msg); },
    [shell](const may_end&) { shell->end(); },
    [shell](const tick& msg) { shell->ticked(msg); },
  };
}

}  // namespace quire::actors
