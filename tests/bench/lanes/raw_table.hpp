#pragma once

#include "storage/op_log.hpp"

#include <libpq-fe.h>

#include <memory>
#include <span>
#include <string>

namespace quire::bench {

/// PostgreSQL by itself: a connection that writes the rows of appends to a table of the shape of `op_log`, a
/// transaction a call, and checks nothing. Throws what PostgreSQL says. Affinity: one thread at a time.
class raw_table {
 public:
  /// Makes an empty table with the columns, keys and partitions that op_log has.
  static void create(const std::string& address, const std::string& table);

  raw_table(const std::string& address, std::string table);

  /// INSERT ... SELECT FROM unnest: all rows in one statement, prepared, in binary form.
  void insert_batch(std::span<const storage::append_request> requests);
  /// COPY in binary form.
  void copy_batch(std::span<const storage::append_request> requests);
  /// A statement a row, each a transaction of its own.
  void insert_each(std::span<const storage::append_request> requests);

 private:
  struct finisher {
    void operator()(PGconn* open) const noexcept { PQfinish(open); }
  };

  std::unique_ptr<PGconn, finisher> handle_;
  std::string table_;
  bytes copied_;
};

}  // namespace quire::bench
