// relay                 document                 op log                    router
//   |---- attach -------------|<------------------------------------------------|   (by way of the router)
//   |                         |---- load_document -->|                          |
//   |                         |<--- document_loaded -|                          |
//   |<--- attached -----------|                      |                          |
//   |---- submit_edits ------>|---- append_edits --->|                          |
//   |                         |<--- append_finished -|                          |
//   |<--- committed_run ------|                      |                          |
//   |---- detach ------------>|   ... idle ...       |                          |
//   |                         |---- document_idle(attaches) ------------------->|
//   |                         |<--- may_end, if it sent no other attach --------|

#include "actors/document.hpp"

#include "actors/actor_base.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace quire::actors {

namespace {

/// While something waits for the store an idle document looks again after this long.
constexpr std::chrono::seconds unload_retry{1};

/// The document's behaviour, with its surroundings at hand.
class document_shell {
 public:
  document_shell(document_actor::pointer self, document_name name, document_surroundings around)
    : self_(self), around_(std::move(around)), name_(std::move(name)) {
    around_.watched->documents_changed(+1);
    self_->attach_functor([watched = around_.watched] { watched->documents_changed(-1); });
    self_->set_down_handler([this](caf::down_msg& down) {
      if (const auto found =
            std::ranges::find_if(relays_, [&](const auto& known) { return known.relay == down.source; });
          found != relays_.end())
        detach_relay(relay_actor(found->relay));
    });
    self_->send(around_.log, load_document{self_, name_});
  }

  void loaded(const document_loaded& msg) {
    auto restored = restore(msg);
    if (!restored) {
      end(restored.error());
      return;
    }
    core_.emplace(std::move(*restored));
    phase_ = phase::active;
    for (const auto& waiting : std::exchange(waiting_, {}))
      admit(waiting);
    watch_idleness();
    ask_for_trim();
  }

  void attach_relay(const attach& msg) {
    ++attaches_;
    switch (phase_) {
      case phase::loading: waiting_.push_back(msg); break;
      case phase::active: admit(msg); break;
      case phase::ended: refuse(msg.relay); break;
    }
  }

  void detach_relay(relay_actor relay) {
    if (std::erase_if(relays_, [&](const auto& known) { return known.relay == relay; }) > 0)
      self_->demonitor(caf::actor_cast<caf::actor_addr>(relay));
    std::erase_if(waiting_, [&](const auto& waiting) { return waiting.relay == relay; });
    watch_idleness();
  }

  void submit(const submit_edits& msg) {
    if (const auto* known = find(msg.relay); known && core_)
      perform(core_->submit(known->key, msg.edits));
  }

  void take(const take_state& msg) {
    if (const auto* known = find(msg.relay); known && core_)
      perform(core_->take_state(known->key));
  }

  void take(const take_difference& msg) {
    if (const auto* known = find(msg.relay); known && core_)
      perform(core_->take_difference(known->key, msg.ticket, msg.known));
  }

  void request(const document_request& msg) {
    if (core_)
      perform(core_->request(msg));
    else
      msg.answer(fail(errc::not_here, "the document is moving"));
  }

  void appended(const append_finished& msg) {
    is_store_slow_ = msg.is_store_slow;
    if (core_)
      perform(core_->appended(msg.appends, msg.at, msg.outcome));
  }

  void snapshot_kept(const snapshot_stored& msg) {
    if (!msg.outcome)
      around_.watched->warn("a snapshot of " + text_name() + " was not stored: " + msg.outcome.error().detail);
    if (core_)
      perform(core_->snapshot_stored());
    if (msg.outcome)
      ask_for_trim();
  }

  void trimmed(const document_trimmed& msg) {
    is_trimming_ = false;
    if (!msg.has_more)
      around_.watched->warn("the log of " + text_name() + " was not trimmed: " + msg.has_more.error().detail);
    else if (*msg.has_more)
      ask_for_trim();
  }

  void removed(const document_removed& msg) {
    if (core_)
      perform(core_->removed(msg.outcome));
  }

  void ticked(const tick& msg) {
    if (msg.number != idle_tick_ || !relays_.empty() || !core_)
      return;
    perform(core_->before_unloading());
    if (core_ && core_->is_settled())
      self_->send(around_.router, document_idle{name_, self_, attaches_});
    else
      self_->delayed_send(self_, unload_retry, tick{0, idle_tick_});
  }

 private:
  enum class phase : std::uint8_t { loading, active, ended };

  struct attached_relay {
    relay_key key;
    relay_actor relay;
  };

  std::string text_name() { return name_.organisation + "/" + name_.name; }

  result<document_core> restore(const document_loaded& msg) {
    if (!msg.found)
      return tl::unexpected(msg.found.error());
    return document_core::restore(*msg.found, msg.content, around_.options.settings);
  }

  const attached_relay* find(const relay_actor& relay) {
    const auto found = std::ranges::find(relays_, relay, &attached_relay::relay);
    return found == relays_.end() ? nullptr : &*found;
  }

  const relay_actor& relay_of(relay_key key) { return std::ranges::find(relays_, key, &attached_relay::key)->relay; }

  void admit(const attach& msg) {
    auto* known = find(msg.relay);
    if (!known) {
      relays_.push_back({relay_key{relays_seen_++}, msg.relay});
      known = &relays_.back();
      self_->monitor(msg.relay);  // One that ends by itself must not keep the document.
    }
    perform(core_->attach(known->key, msg.type));
  }

  /// A relay that comes too late is sent away, and the router may forget this document again.
  void refuse(const relay_actor& relay) {
    self_->send(relay, attach_failed{ended_why_});
    self_->send(around_.router, document_idle{name_, self_, attaches_});
  }

  void watch_idleness() {
    if (relays_.empty() && phase_ == phase::active)
      self_->delayed_send(self_, core_->exists() ? around_.options.idle : limits::absent_idle, tick{0, ++idle_tick_});
  }

  /// Nothing of the state may be used from here on. Who is attached looks for the document again or learns why not.
  void end(error why) {
    if (why.code == errc::document_damaged || why.code == errc::unknown_document_type)
      around_.watched->warn(text_name() + " can not be opened: " + why.detail);
    phase_ = phase::ended;
    core_.reset();
    for (const auto& known : relays_)
      self_->send(known.relay, document_gone{why});
    for (const auto& waiting : waiting_)
      self_->send(waiting.relay, attach_failed{why});
    relays_.clear();
    waiting_.clear();
    ended_why_ = std::move(why);
    self_->send(around_.router, document_idle{name_, self_, attaches_});
  }

  void perform(document_effects effects) {
    for (auto& effect : effects)
      std::visit([this](auto& what) { perform(what); }, effect);
  }

  void perform(document_effect::tell_attached& what) {
    const auto& info = core_->info();
    self_->send(relay_of(what.to), attached{info.id, self_, core_->epoch(), info.generation, what.head, info.type,
                                            std::move(what.clients)});
  }
  void perform(document_effect::refuse_attach& what) {
    const auto relay = relay_of(what.to);
    self_->send(relay, attach_failed{std::move(what.why)});
    detach_relay(relay);
  }
  void perform(document_effect::broadcast& what) {
    for (const auto& known : relays_)
      self_->send(known.relay, committed_run{core_->epoch(), what.first, what.run, is_store_slow_});
  }
  void perform(document_effect::answer_edits& what) { tell(what.to, edits_answered{std::move(what.answers)}); }
  void perform(document_effect::give_state& what) {
    tell(what.to, state_taken{what.revision, std::move(what.content)});
  }
  void perform(document_effect::give_difference& what) {
    tell(what.to, difference_taken{what.ticket, what.revision, std::move(what.what)});
  }
  void perform(document_effect::answer_request& what) { what.answer(std::move(what.with)); }
  void perform(document_effect::set_label& what) { ask_for_label(std::move(what.what), std::move(what.answer)); }
  void perform(document_effect::drop_label& what) { ask_for_label(std::move(what.what), std::move(what.answer)); }
  void perform(document_effect::append& what) {
    self_->send(around_.log, append_edits{self_, std::move(what.request)});
  }
  void perform(document_effect::take_snapshot& what) {
    self_->send(around_.log, store_snapshot{self_, core_->info().id, core_->epoch(), std::move(what.taken)});
  }
  void perform(document_effect::remove&) {
    self_->send(around_.log, remove_document{self_, core_->info().id, core_->epoch()});
  }
  void perform(document_effect::end& what) { end(std::move(what.why)); }

  void ask_for_label(change_label::kind what, answer_once answer) {
    self_->send(around_.log, change_label{core_->info(), core_->epoch(), std::move(what), std::move(answer)});
  }

  /// What has become old goes when the document is loaded, and whenever a snapshot was stored.
  void ask_for_trim() {
    if (is_trimming_ || !core_ || !core_->exists())
      return;
    is_trimming_ = true;
    self_->send(around_.log, trim_document{self_, core_->info(), core_->epoch()});
  }

  /// To a relay that may have left meanwhile.
  template <class Message>
  void tell(relay_key to, Message message) {
    const auto found = std::ranges::find(relays_, to, &attached_relay::key);
    if (found != relays_.end())
      self_->send(found->relay, std::move(message));
  }

  // Fixed at start.
  document_actor::pointer self_;
  document_surroundings around_;
  document_name name_;

  phase phase_ = phase::loading;
  std::optional<document_core> core_;  ///< While active.
  error ended_why_;
  bool is_trimming_ = false;  ///< A step was asked for.
  bool is_store_slow_ = false;

  // Changes with who is attached.
  std::vector<attached_relay> relays_;  ///< One a node, so few.
  std::uint32_t relays_seen_ = 0;
  std::vector<attach> waiting_;  ///< Relays that came while it loads. Bound: one a node.
  std::uint64_t attaches_ = 0;   ///< All that the router sent.
  std::uint64_t idle_tick_ = 0;
};

}  // namespace

document_actor::behavior_type document(document_actor::pointer self, document_name name, document_surroundings around) {
  init_actor(self, "document", *around.watched);
  auto shell = std::make_shared<document_shell>(self, std::move(name), std::move(around));
  return {
    [shell](const attach& msg) { shell->attach_relay(msg); },
    [shell](const detach& msg) { shell->detach_relay(msg.relay); },
    [shell](const submit_edits& msg) { shell->submit(msg); },
    [shell](const take_state& msg) { shell->take(msg); },
    [shell](const take_difference& msg) { shell->take(msg); },
    [shell](const document_request& msg) { shell->request(msg); },
    [shell](const document_loaded& msg) { shell->loaded(msg); },
    [shell](const append_finished& msg) { shell->appended(msg); },
    [shell](const snapshot_stored& msg) { shell->snapshot_kept(msg); },
    [shell](const document_removed& msg) { shell->removed(msg); },
    [shell](const document_trimmed& msg) { shell->trimmed(msg); },
    [self](const may_end&) { self->quit(); },
    [shell](const tick& msg) { shell->ticked(msg); },
  };
}

}  // namespace quire::actors
