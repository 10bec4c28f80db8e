#pragma once

#include "protocol/result.hpp"
#include "storage/op_log/postgresql/answer.hpp"
#include "storage/op_log/postgresql/parameters.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace quire::storage::postgresql {

/// An SQL statement that is prepared once a connection. It lives as long as the program.
struct statement {
  const char* name;
  const char* sql;
};

/// One of several statements that travel together.
struct call {
  const statement* what;
  parameters with;
};

/// Which server process serves a connection. A process id alone may be another's by now.
struct backend {
  std::int64_t process = 0;
  std::string started;  ///< As pg_stat_activity shows it.
};

/// One connection, the door to libpq: its handles and codes end here. It is not mended: lost, it stays lost.
/// Errors of all that runs statements: store_unavailable (it was certainly not done), already_exists (a unique
/// constraint), document_damaged (PostgreSQL found a page or an index broken), overloaded (a lock was not to be had, or
/// there was a deadlock: certainly not done), internal, and commit_in_doubt: the connection was lost, PostgreSQL did
/// not answer in time or answered with a warning, so that it is not known whether it was done. Then it is lost.
/// Affinity: one thread at a time; every call blocks.
class connection {
 public:
  /// Connects. `where`: a URI or the keywords of libpq. `patience`: how long one answer may take, and a second more for
  /// each MiB that was sent: a large operation is written as long as the disk takes.
  /// Errors: invalid_configuration (address), store_unavailable.
  [[nodiscard]] static result<connection> open(const std::string& where, const std::string& application,
                                               std::chrono::milliseconds patience);

  /// Runs SQL of one or several statements, which are one transaction unless they say otherwise.
  [[nodiscard]] result<void> run(const std::string& sql);
  /// The first column of the first row, as text.
  [[nodiscard]] result<std::string> ask(const std::string& sql);
  [[nodiscard]] result<answer> run(const statement& what, const parameters& with);
  /// Sends all at once and waits once (pipeline mode). The first that fails makes all fail.
  [[nodiscard]] result<std::vector<answer>> run(const std::vector<call>& calls);

  [[nodiscard]] bool is_lost() const noexcept { return is_lost_; }
  /// Whether the server has ended it while nothing was asked. It is lost, then. Asks nobody.
  [[nodiscard]] bool was_ended();
  /// The constraint that the last statement violated, or empty.
  [[nodiscard]] const std::string& constraint() const noexcept { return constraint_; }
  /// How long an answer may take from now on.
  void set_patience(std::chrono::milliseconds patience) noexcept { patience_ = patience; }

 private:
  struct finisher {
    void operator()(PGconn* open) const noexcept { PQfinish(open); }
  };
  struct notices {
    std::optional<std::string> warning;
  };

  connection(PGconn* opened, std::chrono::milliseconds patience);

  [[nodiscard]] result<void> prepare(const statement& what);
  [[nodiscard]] bool send(const statement& what, const parameters& with);
  // The next result, or null after the last of a statement.
  [[nodiscard]] result<PGresult*> receive();
  // The rows of the statement under way, of which the rest is passed over.
  [[nodiscard]] result<answer> finish();
  [[nodiscard]] result<answer> check(answer got);
  [[nodiscard]] bool wait(short events, std::chrono::steady_clock::time_point until) const;
  tl::unexpected<error> lose(std::string why);

  std::unique_ptr<PGconn, finisher> handle_;
  std::unique_ptr<notices> notices_;
  std::chrono::milliseconds patience_;
  std::size_t sent_bytes_ = 0;  // since the last statements were answered
  std::set<const statement*> prepared_;
  std::string constraint_;
  bool is_lost_ = false;
};

}  // namespace quire::storage::postgresql
