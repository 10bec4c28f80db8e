#include "tests/bench/loadgen/process_usage.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>

namespace quire::bench {

namespace {

std::chrono::nanoseconds time_on(clockid_t clock) noexcept {
  timespec used{};
  if (::clock_gettime(clock, &used) != 0)
    return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// Some of what /proc/PID/stat says.
struct process_status {
  pid_t parent = 0;
  std::chrono::nanoseconds of_ended_children{};
};

std::optional<process_status> status_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  if (!std::getline(file, line))
    return std::nullopt;
  // The name, in parentheses, may hold anything.
  std::istringstream rest(line.substr(line.rfind(')') + 2));
  std::string skipped;
  process_status found;
  rest >> skipped >> found.parent;
  constexpr int between = 11;  // From the fourth of proc(5)'s fields to the sixteenth.
  for (int each = 0; each < between; ++each)
    rest >> skipped;
  std::int64_t user = 0;
  std::int64_t kernel = 0;
  rest >> user >> kernel;
  found.of_ended_children = std::chrono::nanoseconds(std::chrono::seconds(user + kernel)) / ::sysconf(_SC_CLK_TCK);
  return found;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& each : std::filesystem::directory_iterator("/proc")) {
    const auto name = each.path().filename().string();
    pid_t process = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), process).ptr != name.data() + name.size())
      continue;
    if (const auto status = status_of(process); status && status->parent == parent)
      found.push_back(process);
  }
  return found;
}

}  // namespace

result<process_usage> process_usage::watch(const std::vector<pid_t>& processes) {
  process_usage made;
  for (const pid_t process : processes) {
    clockid_t clock{};
    if (::clock_getcpuclockid(process, &clock) != 0)
      return fail(errc::invalid_configuration, "no process " + std::to_string(process));
    made.processes_.push_back({process, clock});
  }
  return made;
}

std::chrono::nanoseconds process_usage::cpu() const noexcept {
  std::chrono::nanoseconds total{};
  for (const auto& each : processes_)
    total += time_on(each.clock);
  return total;
}

result<family_usage> family_usage::watch(pid_t parent) {
  if (!status_of(parent))
    return fail(errc::invalid_configuration, "no process " + std::to_string(parent));
  return family_usage(parent);
}

std::chrono::nanoseconds family_usage::cpu() const {
  auto all = children_of(parent_);
  all.push_back(parent_);
  std::chrono::nanoseconds total{};
  for (const pid_t process : all)
    if (clockid_t clock{}; ::clock_getcpuclockid(process, &clock) == 0)
      total += time_on(clock);
  if (const auto status = status_of(parent_))
    total += status->of_ended_children;
  return total;
}

std::uint64_t process_usage::resident_bytes() const {
  constexpr std::uint64_t kibibyte = 1024;
  std::uint64_t total = 0;
  for (const auto& each : processes_) {
    std::ifstream rollup("/proc/" + std::to_string(each.process) + "/smaps_rollup");
    for (std::string word; rollup >> word;) {
      std::uint64_t count = 0;
      if (word == "Rss:" && rollup >> count)
        total += count * kibibyte;
    }
  }
  return total;
}

}  // namespace quire::bench
