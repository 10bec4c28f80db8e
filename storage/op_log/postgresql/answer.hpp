#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"

#include <libpq-fe.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace quire::storage::postgresql {

/// The rows that a statement answered, in binary form. A column is read as the type that its statement gives it.
class answer {
 public:
  explicit answer(PGresult* owned) : result_(owned) {}

  [[nodiscard]] int rows() const noexcept { return PQntuples(result_.get()); }
  [[nodiscard]] bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }
  /// A smallint, an integer or a bigint; null reads as 0.
  [[nodiscard]] std::int64_t integer(int row, int column) const;
  [[nodiscard]] std::uint64_t number(int row, int column) const {
    return static_cast<std::uint64_t>(integer(row, column));
  }
  [[nodiscard]] bool truth(int row, int column) const { return integer(row, column) != 0; }
  /// Valid as long as the answer.
  [[nodiscard]] bytes_view blob(int row, int column) const;
  [[nodiscard]] std::string_view text(int row, int column) const { return as_text(blob(row, column)); }
  /// A timestamptz.
  [[nodiscard]] server_time time(int row, int column) const;
  /// A uuid.
  template <class Tag>
  [[nodiscard]] random_id<Tag> id(int row, int column) const {
    random_id<Tag> read;
    if (const auto octets = blob(row, column); octets.size() == read.octets.size())
      std::memcpy(read.octets.data(), octets.data(), octets.size());
    return read;
  }

  [[nodiscard]] PGresult* handle() const noexcept { return result_.get(); }

 private:
  struct clearer {
    void operator()(PGresult* owned) const noexcept { PQclear(owned); }
  };
  std::unique_ptr<PGresult, clearer> result_;
};

}  // namespace quire::storage::postgresql
