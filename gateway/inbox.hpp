#pragma once

#include "actors/outlet.hpp"
#include "gateway/net.hpp"

#include <functional>
#include <mutex>
#include <vector>

namespace quire::gateway {

/// Something an actor left for an I/O thread.
struct inbox_item {
  actors::outlet_item what;
  steady_clock::time_point since;
};

/// The door from the actors to one I/O thread. However many items come before the thread looks, it is woken once.
/// Outlives the thread: actors may hold it longer. What comes after `close` is dropped.
class inbox final : public actors::outlet {
 public:
  using taker = std::function<void(std::vector<inbox_item>&)>;

  /// `take` is called on the thread that runs `context`.
  inbox(net::io_context& context, taker take);

  void post(actors::outlet_item item) override;

  /// Runs `what` on the I/O thread.
  void run(std::function<void()> what);

  /// Affinity: the I/O thread, or after it has ended.
  void close();

 private:
  void drain();

  taker take_;  // fixed at start; only the I/O thread calls it
  std::vector<inbox_item> taken_;

  std::mutex guard_;          // of all below
  net::io_context* context_;  // null: closed
  std::vector<inbox_item> waiting_;
  bool is_woken_ = false;
};

}  // namespace quire::gateway
