#pragma once

#include <signal.h>

namespace quire::gateway {

/// SIGTERM and SIGINT, blocked in every thread that is started from now on, so that one thread can wait for them.
/// SIGPIPE is ignored: writes say for themselves when nobody reads.
class blocked_signals {
 public:
  blocked_signals() noexcept;

  /// Waits for either, and returns which. After that they end the process as usual: a second one means it.
  int wait() const noexcept;

 private:
  sigset_t set_;
};

}  // namespace quire::gateway
