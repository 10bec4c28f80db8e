#pragma once

#include "gateway/peer.hpp"

#include <memory>
#include <set>
#include <vector>

namespace quire::gateway {

/// Who is connected to one I/O thread, by id. Looking one up costs an index: each broadcast does it for each recipient.
class peer_table {
 public:
  using id = actors::connection_id;

  /// A place for a peer. Ids grow with time, and none is given twice in this process.
  [[nodiscard]] id reserve();
  /// Puts `who` at `place`, which it gets or takes over from another.
  void put(id place, std::shared_ptr<peer> who);
  void remove(id place);

  /// Null if it has ended.
  [[nodiscard]] std::shared_ptr<peer> find(id place) const noexcept;
  /// Null if it has ended or is no connection.
  [[nodiscard]] connection* find_connection(id place) const noexcept;

  /// Whether `place` is still without its request or hello.
  void set_unfinished(id place, bool is_unfinished);
  [[nodiscard]] std::size_t unfinished() const noexcept { return unfinished_.size(); }
  /// The one that came first. There must be one.
  [[nodiscard]] id oldest_unfinished() const noexcept { return *unfinished_.begin(); }

  [[nodiscard]] bool empty() const noexcept { return used_ == 0; }
  [[nodiscard]] std::vector<std::shared_ptr<peer>> all() const;

 private:
  struct slot {
    id holder;
    std::shared_ptr<peer> who;
    connection* connected = nullptr;
  };

  [[nodiscard]] const slot* at(id place) const noexcept;

  std::vector<slot> slots_;
  std::vector<std::size_t> free_;
  std::set<id> unfinished_;
  std::size_t used_ = 0;
};

}  // namespace quire::gateway
