#include "gateway/signals.hpp"

namespace quire::gateway {

blocked_signals::blocked_signals() noexcept {
  sigemptyset(&set_);
  sigaddset(&set_, SIGTERM);
  sigaddset(&set_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

int blocked_signals::wait() const noexcept {
  int number = 0;
  sigwait(&set_, &number);
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  return number;
}

}  // namespace quire::gateway
