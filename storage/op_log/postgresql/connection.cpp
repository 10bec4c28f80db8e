#include "storage/op_log/postgresql/connection.hpp"

#include <poll.h>

#include <array>
#include <cstring>
#include <utility>

namespace quire::storage::postgresql {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t mebibyte = 1024 * 1024;

std::string trimmed(const char* message) {
  std::string text(message == nullptr ? "" : message);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text;
}

// By the classes of SQLSTATE.
errc meaning_of(std::string_view state) {
  if (state == "23505")
    return errc::already_exists;
  if (state == "55P03" || state == "40P01" || state == "40001")
    return errc::overloaded;
  if (state.starts_with("XX001") || state.starts_with("XX002"))
    return errc::document_damaged;
  // Connections, resources (disk, memory, connections), intervention of an operator, I/O, read-only, privileges.
  for (const auto* of : {"08", "25006", "53", "57", "58", "42501", "55000"})
    if (state.starts_with(of))
      return errc::store_unavailable;
  return errc::internal;
}

// The server ended the connection, or is about to, by its own account. One that panics does not know what of a commit
// is on its disk.
bool ends_connection(std::string_view severity, std::string_view state) {
  return severity == "FATAL" || severity == "PANIC" || state.starts_with("08") || state == "57P01" ||
         state == "57P02" || state == "57P03" || state == "57P05";
}

}  // namespace

connection::connection(PGconn* opened, std::chrono::milliseconds patience)
  : handle_(opened), notices_(std::make_unique<notices>()), patience_(patience) {
  PQsetNoticeReceiver(
    handle_.get(),
    [](void* to, const PGresult* notice) {
      const auto* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
      if (severity != nullptr && std::strcmp(severity, "WARNING") == 0)
        static_cast<notices*>(to)->warning = trimmed(PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY));
    },
    notices_.get());
}

result<connection> connection::open(const std::string& where, const std::string& application,
                                    std::chrono::milliseconds patience) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(where.c_str(), &complaint),
                                                                            &PQconninfoFree);
  if (!parsed) {
    auto why = trimmed(complaint);
    PQfreemem(complaint);
    return fail(errc::invalid_configuration, std::move(why));
  }
  // What stands before `dbname` is overruled by the address, what stands after it overrules it.
  const std::array keywords{"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                            "keepalives_count", "tcp_user_timeout", "dbname",
                            "application_name", "client_encoding",  static_cast<const char*>(nullptr)};
  const std::array values{
    "5", "5", "1", "3", "8000", where.c_str(), application.c_str(), "UTF8", static_cast<const char*>(nullptr)};
  connection made(PQconnectdbParams(keywords.data(), values.data(), 1), patience);
  if (PQstatus(made.handle_.get()) != CONNECTION_OK)
    return fail(errc::store_unavailable, trimmed(PQerrorMessage(made.handle_.get())));
  if (PQsetnonblocking(made.handle_.get(), 1) != 0)
    return fail(errc::internal, trimmed(PQerrorMessage(made.handle_.get())));
  return made;
}

result<void> connection::run(const std::string& sql) {
  if (is_lost_ || PQsendQuery(handle_.get(), sql.c_str()) == 0)
    return lose(trimmed(PQerrorMessage(handle_.get())));
  if (auto done = finish(); !done)
    return tl::unexpected(done.error());
  return {};
}

result<std::string> connection::ask(const std::string& sql) {
  if (is_lost_ || PQsendQuery(handle_.get(), sql.c_str()) == 0)
    return lose(trimmed(PQerrorMessage(handle_.get())));
  const auto done = finish();
  if (!done)
    return tl::unexpected(done.error());
  return done->rows() == 0 ? std::string() : std::string(done->text(0, 0));
}

result<answer> connection::run(const statement& what, const parameters& with) {
  if (auto prepared = prepare(what); !prepared)
    return tl::unexpected(prepared.error());
  if (!send(what, with))
    return lose(trimmed(PQerrorMessage(handle_.get())));
  auto done = finish();
  sent_bytes_ = 0;
  return done;
}

result<std::vector<answer>> connection::run(const std::vector<call>& calls) {
  for (const auto& each : calls)
    if (auto prepared = prepare(*each.what); !prepared)
      return tl::unexpected(prepared.error());
  PQenterPipelineMode(handle_.get());
  bool is_sent = true;
  for (const auto& each : calls)
    is_sent = is_sent && send(*each.what, each.with);
  if (!is_sent || PQpipelineSync(handle_.get()) == 0)
    return lose(trimmed(PQerrorMessage(handle_.get())));
  std::vector<answer> all;
  std::optional<error> failed;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    auto got = finish();
    if (is_lost_)
      return tl::unexpected(got.error());
    if (got)
      all.push_back(std::move(*got));
    else if (!failed)
      failed = got.error();
  }
  const auto sync = receive();
  if (!sync)
    return tl::unexpected(sync.error());
  PQclear(*sync);
  PQexitPipelineMode(handle_.get());
  sent_bytes_ = 0;
  if (failed)
    return tl::unexpected(*failed);
  return all;
}

result<void> connection::prepare(const statement& what) {
  if (is_lost_)
    return lose("the connection was lost");
  if (prepared_.contains(&what))
    return {};
  if (PQsendPrepare(handle_.get(), what.name, what.sql, 0, nullptr) == 0)
    return lose(trimmed(PQerrorMessage(handle_.get())));
  if (auto done = finish(); !done)
    return tl::unexpected(done.error());
  prepared_.insert(&what);
  return {};
}

bool connection::send(const statement& what, const parameters& with) {
  notices_->warning.reset();
  sent_bytes_ += with.size_bytes();
  const auto values = with.values();
  const std::vector<int> formats(values.size(), 1);
  return PQsendQueryPrepared(handle_.get(), what.name, with.count(), values.data(), with.lengths(), formats.data(),
                             1) == 1;
}

result<PGresult*> connection::receive() {
  const auto patience = patience_ + std::chrono::milliseconds(sent_bytes_ * 1'000 / mebibyte);
  const auto until = clock::now() + patience;
  for (;;) {
    const int unsent = PQflush(handle_.get());
    if (unsent < 0)
      return lose(trimmed(PQerrorMessage(handle_.get())));
    if (unsent == 0 && PQisBusy(handle_.get()) == 0)
      return PQgetResult(handle_.get());
    if (!wait(static_cast<short>(unsent == 0 ? POLLIN : POLLIN | POLLOUT), until))
      return lose("PostgreSQL has not answered within " + std::to_string(patience.count()) + " ms");
    if (PQconsumeInput(handle_.get()) == 0)
      return lose(trimmed(PQerrorMessage(handle_.get())));
  }
}

result<answer> connection::finish() {
  std::optional<result<answer>> outcome;
  for (;;) {
    const auto next = receive();
    if (!next)
      return tl::unexpected(next.error());
    if (*next == nullptr)
      break;
    auto checked = check(answer(*next));
    if (is_lost_)
      return checked;
    if (!outcome || *outcome)
      outcome = std::move(checked);
  }
  if (PQstatus(handle_.get()) != CONNECTION_OK)
    return lose(trimmed(PQerrorMessage(handle_.get())));
  if (notices_->warning)
    return lose("PostgreSQL warns: " + *notices_->warning);
  if (!outcome)
    return fail(errc::internal, "PostgreSQL answered nothing");
  return std::move(*outcome);
}

result<answer> connection::check(answer got) {
  const auto status = PQresultStatus(got.handle());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
    return got;
  if (status == PGRES_PIPELINE_ABORTED)
    return fail(errc::internal, "a statement before it failed");
  const auto* state = PQresultErrorField(got.handle(), PG_DIAG_SQLSTATE);
  const auto* severity = PQresultErrorField(got.handle(), PG_DIAG_SEVERITY_NONLOCALIZED);
  const auto* constraint = PQresultErrorField(got.handle(), PG_DIAG_CONSTRAINT_NAME);
  constraint_ = constraint == nullptr ? "" : constraint;
  // Without a state the words are libpq's own: the connection broke.
  if (state == nullptr || ends_connection(severity == nullptr ? "" : severity, state))
    return lose(trimmed(PQresultErrorMessage(got.handle())));
  return fail(meaning_of(state),
              trimmed(PQresultErrorField(got.handle(), PG_DIAG_MESSAGE_PRIMARY)) + " (" + state + ")");
}

bool connection::wait(short events, clock::time_point until) const {
  pollfd watched{PQsocket(handle_.get()), events, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
    const int ready = ::poll(&watched, 1, left > 0 ? static_cast<int>(left) : 0);
    if (ready > 0)
      return true;
    if (ready == 0 || errno != EINTR)
      return false;
  }
}

bool connection::was_ended() {
  while (!is_lost_ && wait(POLLIN, clock::now())) {
    if (PQconsumeInput(handle_.get()) == 0)
      static_cast<void>(lose(trimmed(PQerrorMessage(handle_.get()))));
    else
      static_cast<void>(PQisBusy(handle_.get()));  // Takes in what it said: a setting that changed, or why it ends.
  }
  return is_lost_;
}

tl::unexpected<error> connection::lose(std::string why) {
  is_lost_ = true;
  handle_.reset();  // Closed at once, so that the server's side ends too.
  return fail(errc::commit_in_doubt, why.empty() ? "the connection was lost" : std::move(why));
}

}  // namespace quire::storage::postgresql
