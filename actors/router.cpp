#include "actors/router.hpp"

#include "actors/actor_base.hpp"

#include <unordered_map>
#include <utility>

namespace quire::actors {

namespace {

class router_shell {
 public:
  router_shell(router_actor::pointer self, op_log_actor log, document_options options, instruments* watched)
    : self_(self), log_(std::move(log)), options_(options), watched_(watched) {
    self_->set_down_handler([this](caf::down_msg& down) {
      std::erase_if(documents_, [&](const auto& entry) { return entry.second.document == down.source; });
    });
  }

  void send_on(const attach& msg) {
    auto& known = documents_[msg.document];
    if (!known.document) {
      known.document = self_->spawn(document, msg.document, document_surroundings{log_, self_, watched_, options_});
      self_->monitor(known.document);
    }
    ++known.attaches;
    self_->send(known.document, msg);
  }

  void idle(const document_idle& msg) {
    const auto found = documents_.find(msg.document);
    if (found == documents_.end() || found->second.document != msg.from || found->second.attaches != msg.attaches)
      return;
    self_->demonitor(caf::actor_cast<caf::actor_addr>(msg.from));
    self_->send(msg.from, may_end{});
    documents_.erase(found);
  }

  /// The system stops.
  void end() {
    for (const auto& [name, known] : std::exchange(documents_, {}))
      self_->send_exit(known.document, caf::exit_reason::user_shutdown);
    self_->quit(caf::exit_reason::user_shutdown);
  }

 private:
  struct known_document {
    document_actor document;
    std::uint64_t attaches = 0;  ///< Sent to it so far.
  };

  router_actor::pointer self_;
  op_log_actor log_;
  document_options options_;
  instruments* watched_;
  std::unordered_map<document_name, known_document> documents_;
};

}  // namespace

router_actor::behavior_type local_router(router_actor::pointer self, op_log_actor log, document_options options,
                                         instruments* watched) {
  init_vital_actor(self, "router", *watched);
  auto shell = std::make_shared<router_shell>(self, std::move(log), options, watched);
  self->set_exit_handler([shell](caf::exit_msg&) { shell->end(); });
  return {
    [shell](const attach& msg) { shell->send_on(msg); },
    [shell](const document_idle& msg) { shell->idle(msg); },
  };
}

}  // namespace quire::actors
