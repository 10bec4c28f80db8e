#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

/// The document types: pure, without actors, I/O or clock.
namespace quire::actors::types {

/// The bounds that a type keeps; protocol/limits.hpp has the defaults and what happens at each.
struct type_limits {
  std::size_t operation_bytes_max;
  std::size_t operation_parts_max;
  std::size_t update_bytes_max;  ///< Of a type that merges: its operations.
  std::size_t document_bytes_max;
  std::size_t rebase_steps_max;
  std::size_t history_operations_max;
  std::size_t history_bytes_max;

  /// The defaults.
  type_limits() noexcept;
};

enum class outcome : std::uint8_t {
  change,  ///< There is something to apply, log and broadcast.
  /// Accepted; it has nothing new (a type that merges by itself, given what it already has). It is acknowledged, and
  /// neither applied nor logged nor broadcast; it gets no revision.
  nothing,
};

/// An operation that was checked and rebased and may be applied next.
struct prepared {
  types::outcome outcome = outcome::change;
  shared_bytes logged;     ///< What the log keeps. Null with `nothing`, as is the next.
  shared_bytes broadcast;  ///< What others are sent; often the same buffer.
};

struct memory_usage {
  std::size_t content_bytes = 0;  ///< Of the document as its users count it.
  std::size_t total_bytes = 0;    ///< Held for it altogether, about.
  std::size_t history_operations = 0;
};

/// What somebody lacks of a document whose type merges by itself.
struct difference {
  bytes position;  ///< Where the document is, as the type has it.
  bytes update;    ///< An operation with all that is lacking; it may have nothing new.
};
using shared_difference = std::shared_ptr<const difference>;

/// One document's state, owned by one actor: no locks, no I/O, no clock. Operations are opaque bytes to everyone else.
class type_state {
 public:
  virtual ~type_state() = default;

  /// Decodes, checks limits, rebases over what came since `base`. Changes nothing that anyone can see.
  /// A prepared operation is good until the next call of prepare, apply or replay.
  /// Errors: malformed_operation, operation_too_large, document_too_large, future_revision, base_too_old, too_costly.
  [[nodiscard]] virtual result<prepared> prepare(revision base, bytes_view operation) = 0;

  /// Applies what `prepare` returned last, a change: only memory can fail.
  virtual void apply(const prepared& operation) = 0;

  /// Applies an operation of the log: the tail after a snapshot.
  /// Errors: document_damaged if it does not fit.
  [[nodiscard]] virtual result<void> replay(bytes_view logged) = 0;

  /// How many operations were applied, the snapshot's included.
  [[nodiscard]] virtual quire::revision revision() const noexcept = 0;

  /// Appends the state, self-contained, with what late edits are rebased over; `document_type::load` reads it.
  virtual void write_snapshot(bytes& out) const = 0;

  /// Appends the state as clients are sent it when they open the document: docs/protocol.md has each type's form.
  virtual void write_content(bytes& out) const = 0;

  /// What somebody lacks who has got to `known`, a position.
  /// Errors: type_mismatch where the type does not merge by itself; malformed_operation; operation_too_large.
  /// Cost: linear in the document.
  [[nodiscard]] virtual result<difference> difference_from(bytes_view /*known*/) const {
    return fail(errc::type_mismatch, "a document of this type does not merge by itself");
  }

  /// Appends the content as plain text in UTF-8, or as JSON.
  /// Errors: type_mismatch where the type has no such form.
  [[nodiscard]] virtual result<void> read_text(bytes& out) const = 0;
  [[nodiscard]] virtual result<void> read_json(bytes& out) const = 0;

  /// The operation, on the current revision, that makes the content equal to `text`: UTF-8 as `read_text` gives it.
  /// Errors: malformed_operation (not UTF-8), document_too_large, type_mismatch.
  [[nodiscard]] virtual result<bytes> replacement(std::string_view text) const = 0;

  /// What it holds.  Cost: constant.
  [[nodiscard]] virtual memory_usage memory() const noexcept = 0;
};

using state_ptr = std::unique_ptr<type_state>;

/// A document type: what the registry knows it by.
struct document_type {
  std::string_view name;
  /// The version of the encoding of logged operations, and of the snapshot's form.
  std::uint16_t operation_encoding;
  std::uint16_t snapshot_format;

  /// An empty document at revision 0.
  state_ptr (*create)(const type_limits& limits);

  /// A document from `write_snapshot`'s bytes, at `at`.
  /// Errors: document_damaged.
  result<state_ptr> (*load)(bytes_view snapshot, revision at, const type_limits& limits);

  /// Appends an operation of the log as JSON, for tools. Null: the type has no such form.
  /// Errors: document_damaged.
  result<void> (*write_operation_json)(bytes_view logged, bytes& out) = nullptr;

  /// Checks a cursor as a client sent it. Errors: malformed_message.
  result<void> (*check_cursor)(bytes_view cursor);

  /// Where a cursor is after an operation (as broadcast). `is_own`: the operation is the cursor's owner's.
  /// Both were checked before.
  bytes (*move_cursor)(bytes_view cursor, bytes_view operation, bool is_own);

  /// Its operations merge by themselves: base and order do not matter, and one that is applied twice has nothing new.
  bool merges = false;
};

/// The type of that name, or null.  Cost: linear in the few types there are.
[[nodiscard]] const document_type* find_type(std::string_view name) noexcept;

}  // namespace quire::actors::types
