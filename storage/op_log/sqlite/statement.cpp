#include "storage/op_log/sqlite/statement.hpp"

namespace quire::storage::sqlite {

void statement::prepare() {
  if (handle_ == nullptr)
    note(sqlite3_prepare_v3(db_->handle(), sql_.c_str(), static_cast<int>(sql_.size()), SQLITE_PREPARE_PERSISTENT,
                            &handle_, nullptr));
}

void statement::bind_integer(int index, std::int64_t value) {
  if (code_ == SQLITE_OK)
    note(sqlite3_bind_int64(handle_, index, value));
}

void statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL instead of the empty text.
  if (code_ == SQLITE_OK)
    note(sqlite3_bind_text(handle_, index, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()),
                           SQLITE_STATIC));
}

void statement::bind(int index, bytes_view blob) {
  if (code_ == SQLITE_OK)
    note(sqlite3_bind_blob(handle_, index, blob.empty() ? "" : static_cast<const void*>(blob.data()),
                           static_cast<int>(blob.size()), SQLITE_STATIC));
}

result<bool> rows::step() {
  if (statement_->code_ == SQLITE_OK) {
    const int code = sqlite3_step(statement_->handle_);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
      return code == SQLITE_ROW;
    statement_->note(code);
  }
  return tl::unexpected(statement_->db_->failure(statement_->code_));
}

bytes_view rows::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_->handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_->handle_, column))};
}

}  // namespace quire::storage::sqlite
