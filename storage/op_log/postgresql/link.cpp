#include "storage/op_log/postgresql/link.hpp"

#include <charconv>

namespace quire::storage::postgresql {

namespace {

using namespace std::chrono_literals;

// An append or an acquisition waits for a lock up to two seconds, and for a commit as long as a slow disk takes.
constexpr std::chrono::milliseconds write_patience = 5s;
// A load may read a long log.
constexpr std::chrono::milliseconds read_patience = 60s;

// Generic plans that walk indexes, so that rows are locked in the order of their keys and a plan does not depend on how
// large a table was when it was made. Statements are never cancelled: a cancelled commit is one in doubt.
// Not READ WRITE: an operator, or a provider whose disk fills, that makes a server read-only is not overruled.
constexpr const char* for_writes =
  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;"
  "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET lock_timeout = '2s';"
  "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning;"
  "SET synchronous_commit = on; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 1;"
  "SET tcp_keepalives_count = 3; SET jit = off";
constexpr const char* for_reads =
  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
  "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET statement_timeout = '60s';"
  "SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = error; SET jit = off";

// One row of text: what must hold before anything is written.
constexpr const char* what_is_it =
  "SELECT (SELECT system_identifier FROM pg_control_system()) || ' ' || pg_is_in_recovery() || ' ' || "
  "current_setting('fsync') || ' ' || current_setting('full_page_writes') || ' ' || "
  "CASE WHEN pg_is_in_recovery() THEN '0' ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, "
  "8))::bit(32)::int::text END";

std::string take_word(std::string_view& from) {
  const auto end = std::min(from.find(' '), from.size());
  std::string word(from.substr(0, end));
  from.remove_prefix(std::min(end + 1, from.size()));
  return word;
}

// A statement that failed while a connection was set up did nothing that matters.
tl::unexpected<error> not_set_up(const error& what) {
  const bool is_lasting = what.code == errc::schema_mismatch || what.code == errc::store_locked;
  return fail(is_lasting ? what.code : errc::store_unavailable, what.detail);
}

}  // namespace

result<connection*> link::get() {
  // What reads is not worth a failure that can be foreseen. A write that fails is settled in any case.
  if (open_ && !(use_ == purpose::reads ? open_->was_ended() : open_->is_lost()))
    return &*open_;
  open_.reset();
  const auto application = name_ + "/" + to_->node + "/" + std::to_string(to_->incarnation);
  auto fresh = connection::open(to_->where, application, use_ != purpose::reads ? write_patience : read_patience);
  if (!fresh)
    return tl::unexpected(fresh.error());
  if (auto done = set_up(*fresh); !done)
    return not_set_up(done.error());
  open_ = std::move(*fresh);
  return &*open_;
}

result<void> link::set_up(connection& fresh) {
  if (auto set = fresh.run(use_ != purpose::reads ? for_writes : for_reads); !set)
    return set;
  if (auto checked = check_database(fresh); !checked)
    return checked;
  if (use_ != purpose::reads)
    if (auto ended = end_former(fresh); !ended)
      return ended;
  if (use_ == purpose::controls)
    if (auto held = hold_database(fresh); !held)
      return held;
  auto self = fresh.ask("SELECT pid || ' ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()");
  if (!self)
    return tl::unexpected(self.error());
  std::string_view words(*self);
  const auto process = take_word(words);
  backend made;
  std::from_chars(process.data(), process.data() + process.size(), made.process);
  made.started = words;
  backend_ = std::move(made);
  return {};
}

// Held as long as the connection: PostgreSQL frees it when this process ends, however it ends.
result<void> link::hold_database(connection& fresh) {
  const auto is_held = fresh.ask("SELECT pg_try_advisory_lock(1367697778, 1)");
  if (!is_held)
    return tl::unexpected(is_held.error());
  if (*is_held != "t")
    return fail(errc::store_locked, "another engine has this database open");
  return {};
}

result<void> link::check_database(connection& fresh) {
  const auto found = fresh.ask(what_is_it);
  if (!found)
    return tl::unexpected(found.error());
  std::string_view words(*found);
  const auto system = take_word(words);
  const bool is_in_recovery = take_word(words) == "true";
  const bool syncs = take_word(words) == "on";
  const bool writes_pages = take_word(words) == "on";
  std::uint32_t timeline = 0;
  std::from_chars(words.data(), words.data() + words.size(), timeline);

  if (is_in_recovery)
    return fail(errc::store_unavailable, "this PostgreSQL is in recovery: a standby, or one that is starting");
  if (!syncs || !writes_pages)
    return fail(errc::schema_mismatch, "this PostgreSQL runs with fsync or full_page_writes off and would lose edits");
  if (to_->system.empty())
    to_->system = system;
  if (to_->system != system)
    return fail(errc::schema_mismatch, "this is another PostgreSQL cluster than the one that was used before");
  auto newest = to_->timeline.load();
  if (timeline < newest)
    return fail(errc::schema_mismatch, "this PostgreSQL is on timeline " + std::to_string(timeline) +
                                         ", and timeline " + std::to_string(newest) + " has been seen");
  while (newest < timeline && !to_->timeline.compare_exchange_weak(newest, timeline)) {
  }
  return {};
}

result<void> link::end_former(connection& fresh) {
  if (!backend_)
    return {};
  // A process id alone may be another's by now; the time is that of its start.
  const auto which = "pid = " + std::to_string(backend_->process) + " AND backend_start = '" + backend_->started + "'";
  const auto ended = fresh.ask("SELECT count(pg_terminate_backend(pid, 1000)) FROM pg_stat_activity WHERE " + which);
  if (!ended)
    return tl::unexpected(ended.error());
  const auto left = fresh.ask("SELECT count(*) FROM pg_stat_activity WHERE " + which);
  if (!left)
    return tl::unexpected(left.error());
  if (*left != "0")
    return fail(errc::store_unavailable, "the server's side of the lost connection does not end");
  return {};
}

}  // namespace quire::storage::postgresql
