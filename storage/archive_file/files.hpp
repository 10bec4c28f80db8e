#pragma once

#include "storage/archive_file/bytes_way.hpp"

#include <memory>
#include <string>

namespace quire::storage::archive_file {

/// Reads a file, or stdin if it is called `-`.
class input_file final : public byte_source {
 public:
  /// Errors: store_unavailable.
  [[nodiscard]] static result<std::unique_ptr<input_file>> open(const std::string& name);
  explicit input_file(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;
  ~input_file() override;

  [[nodiscard]] result<std::size_t> read(std::span<std::byte> into) override;

 private:
  int descriptor_;
  std::string name_;
};

/// Writes a file, or stdout if it is called `-`. A file has its name only once it is whole and synced; until then, and
/// after a failure, there is `NAME.part` and whatever had the name before.
class output_file final : public byte_sink {
 public:
  /// Errors: store_unavailable.
  [[nodiscard]] static result<std::unique_ptr<output_file>> create(const std::string& name);
  explicit output_file(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;
  ~output_file() override;

  [[nodiscard]] result<void> write(bytes_view data) override;
  /// It is whole.
  [[nodiscard]] result<void> finish();

 private:
  int descriptor_;
  std::string name_;
};

}  // namespace quire::storage::archive_file
