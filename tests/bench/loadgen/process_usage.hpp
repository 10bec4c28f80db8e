#pragma once

#include "protocol/result.hpp"

#include <chrono>
#include <cstdint>
#include <ctime>
#include <sys/types.h>
#include <vector>

namespace quire::bench {

/// What processes have used: the server's, and those of its store if it has any.
class process_usage {
 public:
  /// Errors: invalid_configuration if there is no such process.
  [[nodiscard]] static result<process_usage> watch(const std::vector<pid_t>& processes);

  /// Processor time of all threads, in user and kernel, by the processes' own clocks: finer than the ticks in /proc.
  [[nodiscard]] std::chrono::nanoseconds cpu() const noexcept;
  /// Resident memory, from /proc/PID/smaps_rollup.
  [[nodiscard]] std::uint64_t resident_bytes() const;

 private:
  struct watched {
    pid_t process;
    clockid_t clock;
  };
  std::vector<watched> processes_;
};

/// What a process and its children have used, also children that came later and those that have ended: a server whose
/// every connection is a process.
class family_usage {
 public:
  /// Errors: invalid_configuration if there is no such process.
  [[nodiscard]] static result<family_usage> watch(pid_t parent);

  /// Processor time of all; of children that have ended in the kernel's ticks of 10 ms.
  [[nodiscard]] std::chrono::nanoseconds cpu() const;

 private:
  explicit family_usage(pid_t parent) : parent_(parent) {}

  pid_t parent_;
};

}  // namespace quire::bench
