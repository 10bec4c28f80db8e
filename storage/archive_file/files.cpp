#include "storage/archive_file/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace quire::storage::archive_file {

namespace {

constexpr const char* standard = "-";

tl::unexpected<error> system_failure(const std::string& what) {
  const auto reason = std::system_category().message(errno);
  return fail(errc::store_unavailable, what + ": " + reason);
}

bool sync_folder_of(const std::string& name) {
  auto folder = std::filesystem::path(name).parent_path();
  if (folder.empty())
    folder = ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0)
    ::close(descriptor);
  return is_synced;
}

}  // namespace

result<std::unique_ptr<input_file>> input_file::open(const std::string& name) {
  if (name == standard)
    return std::make_unique<input_file>(STDIN_FILENO, "stdin");
  const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return system_failure(name);
  return std::make_unique<input_file>(descriptor, name);
}

input_file::~input_file() {
  if (descriptor_ != STDIN_FILENO)
    ::close(descriptor_);
}

result<std::size_t> input_file::read(std::span<std::byte> into) {
  for (;;) {
    const auto count = ::read(descriptor_, into.data(), into.size());
    if (count >= 0)
      return static_cast<std::size_t>(count);
    if (errno != EINTR)
      return system_failure(name_);
  }
}

result<std::unique_ptr<output_file>> output_file::create(const std::string& name) {
  if (name == standard)
    return std::make_unique<output_file>(STDOUT_FILENO, "stdout");
  const auto part = name + ".part";
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return system_failure(part);
  return std::make_unique<output_file>(descriptor, name);
}

output_file::~output_file() {
  if (descriptor_ >= 0 && descriptor_ != STDOUT_FILENO)
    ::close(descriptor_);
}

result<void> output_file::write(bytes_view data) {
  while (!data.empty()) {
    const auto count = ::write(descriptor_, data.data(), data.size());
    if (count < 0 && errno != EINTR)
      return system_failure(name_);
    if (count > 0)
      data = data.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

result<void> output_file::finish() {
  if (descriptor_ == STDOUT_FILENO)
    return {};
  const auto part = name_ + ".part";
  if (::fsync(descriptor_) != 0 || ::rename(part.c_str(), name_.c_str()) != 0 || !sync_folder_of(name_))
    return system_failure(name_);
  return {};
}

}  // namespace quire::storage::archive_file
