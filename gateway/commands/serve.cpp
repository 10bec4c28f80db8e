#include "gateway/commands/commands.hpp"
#include "gateway/configuration.hpp"
#include "gateway/logging.hpp"
#include "gateway/metrics.hpp"
#include "gateway/server.hpp"
#include "gateway/signals.hpp"
#include "gateway/tls_context.hpp"
#include "storage/op_log.hpp"
#include "storage/store_address.hpp"

#include <iostream>
#include <limits>
#include <utility>

#include <sys/resource.h>

namespace quire::gateway::commands {

namespace {

/// As many descriptors as the system lets us have: each connection is one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

settings settings_of(const configuration& values) {
  settings made;
  made.connections_max = values.connections_max;
  made.handshakes_max = values.handshakes_max;
  made.hello_timeout = values.hello_timeout;
  made.keepalive_interval = values.keepalive_interval;
  made.silence_max = values.silence_max;
  made.send_queue_age_max = values.send_queue_age_max;
  made.send_queue_bytes_max = values.send_queue_bytes_max;
  made.allowed_origins = values.allow_origin;
  return made;
}

actors::engine_options engine_options_of(const configuration& values) {
  actors::engine_options made;
  made.document_idle = values.document_idle;
  made.relay_idle = values.relay_idle;
  made.snapshot_after_operations = values.snapshot_after_operations;
  made.snapshot_after_bytes = values.snapshot_after_bytes;
  made.worker_threads = values.worker_threads;
  made.types.document_bytes_max = values.document_bytes_max;
  made.kept = retention_of(values).value();  // configure has checked it
  return made;
}

/// Nobody is authenticated yet: whoever reaches a port may do anything that is done there.
result<void> check_exposure(bool is_meant, const endpoint& where, std::string_view consequence) {
  if (where.is_loopback())
    return {};
  const auto what =
    "listening on " + where.host + " without authentication: everyone who reaches it " + std::string(consequence);
  if (!is_meant)
    return fail(errc::invalid_configuration, what + "; say --insecure if that is meant");
  log().warn("{}", what);
  return {};
}

/// Where operators connect if nobody said. After the last port there is none: any will do.
result<endpoint> after(const endpoint& listen) {
  constexpr auto last = std::numeric_limits<std::uint16_t>::max();
  const bool has_next = listen.port != 0 && listen.port != last;
  return endpoint{"127.0.0.1", static_cast<std::uint16_t>(has_next ? listen.port + 1 : 0)};
}

result<server_options> server_options_of(const configuration& values) {
  server_options made;
  made.set = settings_of(values);
  made.io_threads = values.io_threads;
  auto listen = endpoint::parse(values.listen);
  if (!listen)
    return tl::unexpected(listen.error());
  if (auto checked = check_exposure(values.insecure, *listen, "may edit everything"); !checked)
    return tl::unexpected(checked.error());
  made.any_admin_port = values.admin_listen.empty();
  auto admin = made.any_admin_port ? after(*listen) : endpoint::parse(values.admin_listen);
  if (!admin)
    return tl::unexpected(admin.error());
  if (auto checked = check_exposure(values.insecure, *admin, "sees the metrics"); !checked)
    return tl::unexpected(checked.error());
  made.listen = std::move(*listen);
  made.admin_listen = std::move(*admin);
  if (!values.static_dir.empty()) {
    auto pages = static_files::read(values.static_dir);
    if (!pages)
      return tl::unexpected(pages.error());
    made.pages = std::move(*pages);
  }
  if (!values.tls_certificate.empty()) {
    auto tls = make_tls_context(values.tls_certificate, values.tls_key);
    if (!tls)
      return tl::unexpected(tls.error());
    made.tls = std::move(*tls);
  }
  return made;
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// The one line on stdout.
void say_ready(const server& running, const endpoint& listen, const endpoint& admin, bool has_tls) {
  std::cout << "quire: ready on " << (has_tls ? "https://" : "http://") << in_brackets(listen.host) << ":"
            << running.port() << " (admin http://" << in_brackets(admin.host) << ":" << running.admin_port() << ")"
            << std::endl;
}

result<void> run(const configuration& values) {
  const blocked_signals stop_signals;  // before any thread exists
  if (auto started = start_logging(values.log_format, values.log_level); !started)
    return started;
  if (values.store == "memory")
    log().warn("the store is memory: nothing outlives this process");
  raise_descriptor_limit();

  auto options = server_options_of(values);
  if (!options)
    return tl::unexpected(options.error());
  const auto listen = options->listen;
  const auto admin = options->admin_listen;
  const bool has_tls = options->tls != nullptr;
  auto store = storage::open_store(values.store);
  if (!store)
    return tl::unexpected(store.error());
  metrics watched;
  const auto engine = actors::engine::start(std::move(*store), engine_options_of(values), watched);
  auto running = server::start(std::move(*options), *engine, watched);
  if (!running) {
    engine->stop(values.shutdown_patience);
    return tl::unexpected(running.error());
  }
  say_ready(**running, listen, admin, has_tls);
  log().info("serving on {}:{}, store {}", listen.host, (*running)->port(), storage::without_password(values.store));

  const int stopped_by = stop_signals.wait();
  log().info("stopping: signal {}", stopped_by);
  (*running)->drain(values.reconnect_spread, values.shutdown_patience / 2);
  engine->stop(values.shutdown_patience / 2);
  log().info("stopped");
  return {};
}

}  // namespace

int serve(std::span<const std::string> arguments) {
  const auto asked = configure("quire serve", "Serves documents, and the pages that edit them.", arguments);
  if (asked)
    if (const auto* const text = std::get_if<help_text>(&*asked)) {
      std::cout << text->text;
      return 0;
    }
  const auto done = asked ? run(std::get<configured>(*asked).values) : result<void>(tl::unexpected(asked.error()));
  if (done)
    return 0;
  std::cerr << "quire serve: " << done.error().detail << "\n";
  return done.error().code == errc::invalid_configuration ? 2 : 1;
}

}  // namespace quire::gateway::commands
