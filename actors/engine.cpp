#include "actors/engine.hpp"

#include "actors/op_log.hpp"
#include "actors/registry.hpp"
#include "actors/router.hpp"
#include "actors/session.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <future>

namespace quire::actors {

namespace {

/// How many messages an actor handles before others have their turn.
constexpr std::size_t turn_messages_max = 100;

/// A lane's batch, and one that is sent again.
constexpr std::size_t batches_waiting_max = 2;

caf::actor_system_config& configure(caf::actor_system_config& config, const engine_options& options) {
  // Idle workers wait instead of polling: no CPU, and half the latency of a quiet system.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", options.worker_threads);
  config.set("scheduler.max-throughput", turn_messages_max);
  return config;
}

}  // namespace

struct engine::parts {
  parts(storage::store opened, const engine_options& options, instruments& watching)
    : watched(watching),
      store(std::make_shared<storage::store>(std::move(opened))),
      writer(std::make_shared<worker_pool>(limits::writes_waiting_max)),
      reader(std::make_shared<worker_pool>(limits::reads_waiting_max, store->more_history.size() + 1)),
      system(configure(config, options)) {
    for (std::size_t i = 0; i < store->lanes.size(); ++i)
      lanes.push_back(std::make_shared<worker_pool>(batches_waiting_max));
  }

  instruments& watched;
  std::shared_ptr<storage::store> store;
  std::shared_ptr<worker_pool> writer;
  std::shared_ptr<worker_pool> reader;
  std::vector<std::shared_ptr<worker_pool>> lanes;
  caf::actor_system_config config;
  caf::actor_system system;
  op_log_actor log;
  router_actor router;
  registry_actor registry;
};

engine::engine(std::unique_ptr<parts> inside) : inside_(std::move(inside)) {}

engine::~engine() {
  if (inside_->log)
    stop(std::chrono::milliseconds{0});
  // Here, while the actors that its work answers are still there: work may be what holds the last of them.
  inside_->reader->end();
  inside_->writer->end();
  for (const auto& lane : inside_->lanes)
    lane->end();
}

std::unique_ptr<engine> engine::start(storage::store store, const engine_options& options, instruments& watched) {
  auto inside = std::make_unique<parts>(std::move(store), options, watched);
  auto& system = inside->system;
  inside->log = system.spawn(op_log, op_log_surroundings{inside->store,
                                                         inside->writer,
                                                         {inside->lanes.begin(), inside->lanes.end()},
                                                         inside->reader,
                                                         &watched,
                                                         options.types,
                                                         options.kept});
  inside->router =
    system.spawn(local_router, inside->log,
                 document_options{{options.types, options.snapshot_after_operations, options.snapshot_after_bytes},
                                  options.document_idle},
                 &watched);
  inside->registry =
    system.spawn(registry, registry_surroundings{inside->router, inside->log, &watched, options.relay_idle});
  return std::unique_ptr<engine>(new engine(std::move(inside)));
}

session_actor engine::connect(std::shared_ptr<outlet> out, connection_id connection) {
  return inside_->system.spawn(session,
                               session_surroundings{inside_->registry, std::move(out), connection, &inside_->watched});
}

void engine::request(document_request request) {
  caf::anon_send(inside_->registry, std::move(request));
}

void engine::list(list_documents request) {
  caf::anon_send(inside_->log, std::move(request));
}

void engine::look_back(past_request request) {
  caf::anon_send(inside_->log, std::move(request));
}

std::size_t engine::reads_waiting() const {
  return inside_->reader->waiting();
}

void engine::end_sessions(std::chrono::milliseconds spread) {
  caf::anon_send(inside_->registry, end_all_sessions{spread});
}

void engine::stop(std::chrono::milliseconds patience) {
  auto drained = std::make_shared<std::promise<void>>();
  caf::anon_send(inside_->log, drain_log{[drained] { drained->set_value(); }});
  drained->get_future().wait_for(patience);
  caf::anon_send_exit(inside_->registry, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(inside_->router, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(inside_->log, caf::exit_reason::user_shutdown);
  inside_->registry = nullptr;
  inside_->router = nullptr;
  inside_->log = nullptr;
  inside_->system.await_actors_before_shutdown(false);
}

}  // namespace quire::actors
