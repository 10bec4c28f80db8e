#pragma once

#include "actors/delivery.hpp"
#include "actors/edits.hpp"

#include <boost/container/deque.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace quire::actors {

/// Edits on their way to the document: those it has not been sent yet, and those it has not answered.
/// Bound: the sessions' own credit; of it `limits::relay_credit_edits` or `relay_credit_bytes` are with the document,
/// half of it when narrow.
class upstream {
 public:
  /// An edit, and whose credit it costs.
  struct entry {
    connection_id from;  ///< 0: nobody's; it was durable, and the store lost it.
    outlet_key outlet;
    std::uint32_t request = 0;  ///< Of the open that it was sent under.
    submitted_edit edit;

    [[nodiscard]] credit_return credit() const noexcept {
      return {from, 1, static_cast<std::uint32_t>(edit.operation->size())};
    }
  };

  void push(entry edit);
  /// Before all others. Pre: none of them is sent.
  void push_first(std::vector<entry> edits);

  void set_narrow(bool is_narrow) noexcept { share_ = is_narrow ? 2 : 1; }

  /// What may go to the document now; it counts as sent.
  [[nodiscard]] std::vector<submitted_edit> take_sendable();

  /// The document answered this edit: takes it out. Empty if it did not come from here.
  /// Cost: constant for edits answered in the order they were sent.
  [[nodiscard]] std::optional<entry> settle(const client_id& client, client_sequence sequence);

  /// The same of an edit that no client numbers.
  [[nodiscard]] std::optional<entry> settle(std::uint64_t receipt);

  /// The document is another one: everything unanswered goes again, in order. It applies nothing twice.
  void restart();

  /// Takes everything out.
  [[nodiscard]] std::vector<entry> clear();

  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty() && sent_.empty(); }

 private:
  std::optional<entry> take_out(boost::container::deque<entry>::iterator found);

  boost::container::deque<entry> waiting_;
  boost::container::deque<entry> sent_;
  std::size_t sent_bytes_ = 0;
  std::size_t share_ = 1;  ///< What the credit is divided by.
};

}  // namespace quire::actors
