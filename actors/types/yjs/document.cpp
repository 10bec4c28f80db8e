#include "actors/types/yjs/document.hpp"

#include <algorithm>
#include <functional>

namespace quire::actors::types::yjs {

/// An update that is being integrated: how far each of its blocks is.
class document::arrival {
 public:
  explicit arrival(const update& what) : what_(what), next_(what.blocks.size(), 0) {}

  [[nodiscard]] const update_block& block(std::size_t at) const noexcept { return what_.blocks[at]; }
  [[nodiscard]] bool is_done(std::size_t at) const noexcept { return next_[at] == block(at).count; }
  [[nodiscard]] const update_struct& head(std::size_t at) const noexcept {
    return what_.structs[block(at).first + next_[at]];
  }
  [[nodiscard]] std::size_t progress(std::size_t at) const noexcept { return next_[at]; }
  void advance(std::size_t at) noexcept { ++next_[at]; }
  void give_up(std::size_t at) noexcept { next_[at] = block(at).count; }
  /// The block of a client that has structs left, or the number of blocks.
  [[nodiscard]] std::size_t block_of(std::uint64_t client) const noexcept {
    const auto found = std::ranges::lower_bound(what_.blocks, client, std::greater<>(), &update_block::client);
    const auto at = static_cast<std::size_t>(found - what_.blocks.begin());
    return found != what_.blocks.end() && found->client == client && !is_done(at) ? at : what_.blocks.size();
  }

 private:
  const update& what_;
  std::vector<std::size_t> next_;
};

std::optional<id> document::what_is_missing(std::uint64_t client, const update_struct& what) const noexcept {
  if (what.clock > store_.next_clock(client))
    return id{client, what.clock - 1};
  return transaction_.missing(client, what);
}

void document::set_aside(const update& what, const update_block& block, std::size_t from) {
  for (std::size_t i = from; i < block.count; ++i)
    pending_.add(block.client, what.structs[block.first + i]);
  update_struct first;
  if (!pending_.first_of(block.client, first))
    return;
  if (const auto missing = what_is_missing(block.client, first))
    pending_.wait(block.client, *missing);
  else
    integrate_waiting(block.client);
}

// Blocks that wait for each other stand on a stack, whoever is waited for on top. Where the top waits for what did not
// come, all of them do.
void document::integrate_blocks(const update& what) {
  arrival from(what);
  std::vector<std::size_t> stack;
  const auto set_stack_aside = [&] {
    std::vector<std::pair<std::size_t, std::size_t>> waiting;
    for (const std::size_t each : stack) {
      waiting.emplace_back(each, from.progress(each));
      from.give_up(each);
    }
    stack.clear();
    for (const auto& [block, progress] : waiting)
      set_aside(what, from.block(block), progress);
  };
  for (std::size_t block = 0; block < what.blocks.size(); ++block) {
    if (!from.is_done(block))
      stack.push_back(block);
    while (!stack.empty()) {
      const std::size_t top = stack.back();
      if (from.is_done(top)) {
        stack.pop_back();
        continue;
      }
      const std::uint64_t client = from.block(top).client;
      const update_struct& head = from.head(top);
      const std::uint64_t known = store_.next_clock(client);
      if (head.clock + head.length <= known) {
        from.advance(top);
        continue;
      }
      if (const auto missing = what_is_missing(client, head)) {
        const std::size_t other = from.block_of(missing->client);
        if (other == what.blocks.size() || std::ranges::find(stack, other) != stack.end())
          set_stack_aside();
        else
          stack.push_back(other);
        continue;
      }
      transaction_.integrate(client, head, static_cast<std::uint32_t>(known - head.clock));
      from.advance(top);
      if (stack.size() > 1)
        stack.pop_back();
    }
  }
}

void document::erase(const id_range& range) {
  const std::uint64_t known = store_.next_clock(range.client);
  transaction_.erase(range);
  if (range.end() > known) {
    const std::uint64_t from = std::max(range.clock, known);
    pending_.add_deletes({range.client, from, range.end() - from});
  }
}

void document::integrate_waiting(std::uint64_t client) {
  update_struct head;
  while (pending_.first_of(client, head)) {
    const std::uint64_t known = store_.next_clock(client);
    if (head.clock + head.length > known) {
      if (const auto missing = what_is_missing(client, head)) {
        pending_.wait(client, *missing);
        return;
      }
      transaction_.integrate(client, head, static_cast<std::uint32_t>(known - head.clock));
    }
    pending_.pop_first_of(client);
  }
}

// What became ready may make more clients get further: they are added to the touched ones.
void document::retry_pending() {
  if (pending_.is_empty())
    return;
  std::vector<id_range> deletes;
  bool is_settled = false;
  while (!is_settled) {
    is_settled = true;
    for (std::size_t i = 0; i < transaction_.touched().size(); ++i) {
      const client_runs& of = store_.client(transaction_.touched()[i]);
      const std::uint64_t client = of.client;
      while (const auto ready = pending_.take_ready(client, store_.next_clock(client))) {
        integrate_waiting(*ready);
        is_settled = false;
      }
    }
  }
  for (const client_index each : transaction_.touched()) {
    const client_runs& of = store_.client(each);
    pending_.take_deletes(of.client, of.next_clock, deletes);
  }
  for (const id_range& range : deletes)
    transaction_.erase(range);
}

void document::apply(const update& what) {
  integrate_blocks(what);
  for (const id_range& range : what.deletes)
    erase(range);
  retry_pending();
  transaction_.finish();
}

}  // namespace quire::actors::types::yjs
