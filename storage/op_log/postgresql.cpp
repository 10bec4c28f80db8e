#include "storage/op_log/postgresql.hpp"

#include "storage/op_log/postgresql/archive.hpp"
#include "storage/op_log/postgresql/reader.hpp"
#include "storage/op_log/postgresql/restorer.hpp"
#include "storage/op_log/postgresql/schema.hpp"
#include "storage/op_log/postgresql/writer.hpp"

#include <charconv>
#include <thread>

namespace quire::storage {

namespace {

using namespace std::chrono_literals;
using postgresql::database;
using postgresql::link;

constexpr int readers = 4;
constexpr std::chrono::milliseconds migration_patience = 60s;
// The server's side of an engine that was killed ends this late, at most, when its machine is gone, too.
constexpr std::chrono::milliseconds predecessor_patience = 10s;

result<void> migrate(const std::string& address) {
  auto db = postgresql::connection::open(address, "quire migrate", migration_patience);
  if (!db)
    return tl::unexpected(db.error());
  return postgresql::migrate(*db, postgresql::migrations());
}

// An older schema is migrated, and a new one is made.
result<void> ready_schema(const std::string& address) {
  auto db = postgresql::connection::open(address, "quire", migration_patience);
  if (!db)
    return tl::unexpected(db.error());
  if (postgresql::check_schema(*db))
    return {};
  return postgresql::migrate(*db, postgresql::migrations());
}

result<std::int64_t> next_incarnation(const std::string& address) {
  auto db = postgresql::connection::open(address, "quire", 5s);
  if (!db)
    return tl::unexpected(db.error());
  const auto number = db->ask("SELECT nextval('node_incarnation')");
  if (!number)
    return tl::unexpected(number.error());
  std::int64_t read = 0;
  std::from_chars(number->data(), number->data() + number->size(), read);
  return read;
}

// The first connection, which decides whose database it is.
result<void> connect(link& control) {
  const auto until = std::chrono::steady_clock::now() + predecessor_patience;
  for (;;) {
    const auto db = control.get();
    if (db)
      return {};
    if (db.error().code != errc::store_locked || std::chrono::steady_clock::now() > until)
      return tl::unexpected(db.error());
    std::this_thread::sleep_for(100ms);
  }
}

}  // namespace

result<void> migrate_postgresql(const std::string& address) {
  return migrate(address);
}

result<store> open_postgresql(const std::string& address, std::size_t lanes) {
  if (auto ready = ready_schema(address); !ready)
    return tl::unexpected(ready.error());
  const auto incarnation = next_incarnation(address);
  if (!incarnation)
    return tl::unexpected(incarnation.error());
  auto to = std::make_shared<database>();
  to->where = address;
  to->incarnation = *incarnation;

  link control(to, "control", link::purpose::controls);
  if (auto connected = connect(control); !connected)
    return tl::unexpected(connected.error());
  // Before anybody waits: a fresh connection's first statement over 32 partitions takes 20 ms or more.
  const auto warm = [](auto made) {
    made->warm_up();
    return made;
  };
  store opened;
  opened.log = warm(std::make_unique<postgresql::writer>(std::move(control)));
  for (std::size_t i = 0; i < lanes; ++i)
    opened.lanes.push_back(
      warm(std::make_unique<postgresql::writer>(link(to, "lane" + std::to_string(i), link::purpose::writes))));
  const auto reader = [&](int number) {
    return warm(
      std::make_unique<postgresql::reader>(link(to, "history" + std::to_string(number), link::purpose::reads)));
  };
  opened.history = reader(0);
  for (int i = 1; i < readers; ++i)
    opened.more_history.push_back(reader(i));
  return opened;
}

result<std::unique_ptr<archive>> open_postgresql_archive(const std::string& address) {
  auto db = postgresql::connection::open(address, "quire", 5s);
  if (!db)
    return tl::unexpected(db.error());
  if (auto checked = postgresql::check_schema(*db); !checked)
    return tl::unexpected(checked.error());
  auto to = std::make_shared<database>();
  to->where = address;
  return std::make_unique<postgresql::archive>(link(to, "archive", link::purpose::reads));
}

result<std::unique_ptr<restorer>> open_postgresql_restorer(const std::string& address) {
  if (auto ready = ready_schema(address); !ready)
    return tl::unexpected(ready.error());
  auto to = std::make_shared<database>();
  to->where = address;
  auto opened = postgresql::restorer::open(std::move(to));
  if (!opened)
    return tl::unexpected(opened.error());
  return std::move(*opened);
}

}  // namespace quire::storage
