#include "tests/bench/loadgen/process_usage.hpp"

#include <fstream>
#include <string>

namespace quire::bench {

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
  for (const auto& each : processes_) {
    timespec used{};
    if (::clock_gettime(each.clock, &used) == 0)
      total += std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
  }
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
