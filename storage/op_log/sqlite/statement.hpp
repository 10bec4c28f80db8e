#pragma once

#include "storage/op_log/sqlite/connection.hpp"

namespace quire::storage::sqlite {

class rows;

/// A prepared statement. It is prepared when first used, so that one that cannot be reports where it is needed.
class statement {
 public:
  statement(const connection& db, std::string sql) : db_(&db), sql_(std::move(sql)) {}
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;
  ~statement() { sqlite3_finalize(handle_); }

  /// Starts it with these parameters, in their order; what they refer to must outlive the rows.
  template <class... Parameters>
  [[nodiscard]] rows query(const Parameters&... parameters);

  /// Runs one that answers no rows.
  template <class... Parameters>
  [[nodiscard]] result<void> run(const Parameters&... parameters);

 private:
  friend class rows;

  void prepare();
  void bind_integer(int index, std::int64_t value);
  template <std::integral Value>
  void bind(int index, Value value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind(int index, std::string_view text);
  void bind(int index, bytes_view blob);
  template <class Value, class Tag>
  void bind(int index, strong<Value, Tag> number) {
    bind(index, number.value());
  }
  template <class Tag>
  void bind(int index, const random_id<Tag>& id) {
    bind(index, std::as_bytes(std::span(id.octets)));
  }
  void bind(int index, server_time at) { bind(index, at.time_since_epoch().count()); }
  void note(int code) noexcept {
    if (code_ == SQLITE_OK)
      code_ = code;
  }

  const connection* db_;
  std::string sql_;
  sqlite3_stmt* handle_ = nullptr;
  int code_ = SQLITE_OK;  // The first failure since the start.
};

/// A statement under way; it ends with this, wherever it stands.
class rows {
 public:
  explicit rows(statement& started) : statement_(&started) {}
  rows(const rows&) = delete;
  rows& operator=(const rows&) = delete;
  ~rows() { sqlite3_reset(statement_->handle_); }

  /// Goes to the next row; false: there is none.
  [[nodiscard]] result<bool> step();

  [[nodiscard]] bool is_null(int column) const {
    return sqlite3_column_type(statement_->handle_, column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_->handle_, column); }
  [[nodiscard]] std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  /// Valid until the next step.
  [[nodiscard]] bytes_view blob(int column) const;
  [[nodiscard]] std::string_view text(int column) const { return as_text(blob(column)); }
  [[nodiscard]] server_time time(int column) const { return server_time(std::chrono::milliseconds(integer(column))); }
  /// Anything but 16 octets reads as zeros: a checksum then does not match.
  template <class Tag>
  [[nodiscard]] random_id<Tag> id(int column) const {
    random_id<Tag> read;
    if (const auto octets = blob(column); octets.size() == read.octets.size())
      std::memcpy(read.octets.data(), octets.data(), octets.size());
    return read;
  }

 private:
  statement* statement_;
};

template <class... Parameters>
rows statement::query(const Parameters&... parameters) {
  code_ = SQLITE_OK;
  prepare();
  [[maybe_unused]] int index = 0;
  (bind(++index, parameters), ...);
  return rows(*this);
}

template <class... Parameters>
result<void> statement::run(const Parameters&... parameters) {
  auto started = query(parameters...);
  const auto stepped = started.step();
  if (!stepped)
    return tl::unexpected(stepped.error());
  return {};
}

}  // namespace quire::storage::sqlite
