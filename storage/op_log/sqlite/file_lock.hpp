#pragma once

#include "protocol/result.hpp"

#include <filesystem>
#include <memory>

namespace quire::storage::sqlite {

/// Keeps every other process, and every other store of this one, out of a store's file while it lives.
/// The system frees it with the process, however that ends. See docs/decisions/0020-one-process-a-store.md.
class file_lock {
 public:
  /// Locks `file`.lock, which stays behind when it is freed: removing it would let two hold the lock of one name.
  /// Errors: store_locked names the process that has it; store_unavailable if the lock cannot be made.
  [[nodiscard]] static result<std::shared_ptr<file_lock>> take(const std::filesystem::path& file);

  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;
  ~file_lock();

 private:
  explicit file_lock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace quire::storage::sqlite
