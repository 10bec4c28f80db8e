#include "storage/op_log/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace quire::storage::sqlite {

namespace {

std::string reason() {
  return std::system_category().message(errno);
}

// Only for the message: the lock itself does not depend on what the file says.
std::string holder(int descriptor) {
  std::array<char, 16> text{};
  const auto size = ::pread(descriptor, text.data(), text.size(), 0);
  return size > 0 ? "process " + std::string(text.data(), static_cast<std::size_t>(size)) : "another process";
}

void write_holder(int descriptor) {
  const auto text = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
    const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

result<std::shared_ptr<file_lock>> file_lock::take(const std::filesystem::path& file) {
  const auto path = file.string() + ".lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return fail(errc::store_unavailable, path + ": " + reason());
  std::shared_ptr<file_lock> lock(new file_lock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return fail(errc::store_locked, file.string() + " is in use by " + holder(descriptor));
    return fail(errc::store_unavailable, path + ": " + reason());
  }
  write_holder(descriptor);
  return lock;
}

file_lock::~file_lock() {
  ::close(descriptor_);
}

}  // namespace quire::storage::sqlite
