#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The durable log of operations, and the snapshots beside it.
namespace quire::storage {

/// What the store knows of one generation of a document from its creation on.
struct document_info {
  document_id id;
  document_name document;
  quire::generation generation;
  std::string type;
  server_time created;

  friend bool operator==(const document_info&, const document_info&) = default;
};

/// One operation as it was committed.
struct log_entry {
  quire::revision revision;  ///< The document's revision after it.
  client_id client;
  client_sequence sequence;
  std::string author;
  server_time at;
  std::uint16_t encoding = 0;  ///< The version of the type's encoding of `operation`.
  shared_bytes operation;      ///< Never null.
};

/// A document's state at a revision. The store adds and checks a checksum and compresses.
struct snapshot {
  quire::revision revision;
  std::uint16_t format = 0;
  bytes body;
};

/// What `acquire` found.
struct acquired {
  document_info info;  ///< If it does not exist: id zero, type empty, and the generation that a creation must use.
  bool exists = false;
  quire::epoch epoch;  ///< For a document that does not exist: the epoch to create it with.
  quire::revision head;
};

/// Who owns documents: a node in one of its lives. A later life has a higher number.
struct owner {
  std::string node;
  std::int64_t incarnation = 0;

  friend bool operator==(const owner&, const owner&) = default;
};

/// Entries of one document for one commit.
struct append_request {
  document_info document;
  bool creates = false;  ///< Create the document in the same transaction.
  quire::epoch epoch;
  quire::revision base;  ///< The head before; the entries' revisions follow it without gap.
  std::vector<log_entry> entries;
};

/// What lists show of a document.
struct document_summary {
  document_info info;
  quire::revision head;
  server_time modified;
};

/// A page of history.
struct history_page {
  std::vector<log_entry> entries;
  bool is_complete = true;  ///< False: there are more up to the revision asked for.
};

/// A document as it is read back.
struct loaded {
  std::optional<snapshot> newest;
  std::vector<log_entry> tail;  ///< The entries after `newest`, all of them up to where it was read.
};

/// How much log may lie between a snapshot and the state that is asked for.
struct replay_bounds {
  std::size_t operations_max;
  std::size_t bytes_max;  ///< Of operations. One alone is always read.
};

/// The writing side: one thread uses it, one transaction a call.
/// Errors of every function: store_unavailable (nothing was done, or the same call again settles what was), and
/// commit_in_doubt (not known; a new acquisition settles it).
class op_log {
 public:
  virtual ~op_log() = default;

  /// Appends for many documents in one transaction. The outer error: nothing was done for any. An inner one concerns
  /// that document alone, of which nothing was appended: stale_epoch (epoch or base is not the store's),
  /// already_exists (creates, and it is there), not_found, sequence_reused (the log has that client's edit),
  /// document_damaged, internal (entries that do not follow the base).
  /// Without entries it changes nothing and still proves, by a commit of its own, who owns the document.
  /// On return what succeeded is durable.  Cost: one synced commit.
  [[nodiscard]] virtual result<std::vector<result<void>>> append(std::span<const append_request> requests) = 0;

  /// Takes the ownership of a document: raises its epoch, so that appends under an older one are refused.
  [[nodiscard]] virtual result<acquired> acquire(const document_name& document) = 0;

  /// Gives the ownership up: nothing is appended until the document is acquired anew, by whomever.
  /// In a store with one owner the epoch alone says who owns: it is raised.
  /// Errors: stale_epoch (it is not owned under `under`, or was released before), not_found.
  [[nodiscard]] virtual result<void> release(const document_id& document, epoch under) = 0;

  /// Makes `to` the owner, and answers the epoch under which it is. `head` is where the document stands, all appends
  /// answered: a head that is another hands over nothing. Whoever gets no answer calls again, with the same.
  /// In a store with one owner the epoch alone says who owns: `to` is whoever is told it.
  /// Errors: stale_epoch (epoch or head is not the store's), not_found.
  [[nodiscard]] virtual result<epoch> hand_over(const document_id& document, epoch under, revision head,
                                                const owner& to) = 0;

  /// Deletes a document, its log and its snapshots; its generation is remembered.
  /// Errors: stale_epoch, not_found.
  [[nodiscard]] virtual result<void> remove(const document_id& document, epoch under) = 0;

  /// Stores a snapshot of durable state. An older one than the newest is ignored.
  /// Errors: stale_epoch, not_found; future_revision if it is past the head; document_too_large.
  [[nodiscard]] virtual result<void> write_snapshot(const document_id& document, epoch under,
                                                    const snapshot& taken) = 0;
};

/// The reading side: one thread uses it, while another uses the op log. It sees whatever was committed before the call.
class history {
 public:
  virtual ~history() = default;

  /// The newest snapshot and the log after it.
  /// Errors: not_found; document_damaged names the row that does not read (checksum, gap, format); store_unavailable.
  [[nodiscard]] virtual result<loaded> load(const document_id& document) = 0;

  /// Entries after `from` up to and including `to`, at most `bytes_max` of operations (but at least one entry).
  /// Errors: not_found, document_damaged, store_unavailable.
  [[nodiscard]] virtual result<history_page> read(const document_id& document, revision from, revision to,
                                                  std::size_t bytes_max) = 0;

  /// What makes the state at a revision: the newest snapshot that is not after it, and the log from there up to it.
  /// Errors: not_found; future_revision past the head; too_costly if `bounds` are not kept (the newest snapshots are
  /// kept, so that an old revision may be far from any); document_damaged; store_unavailable.
  [[nodiscard]] virtual result<loaded> state_at(const document_id& document, revision at,
                                                const replay_bounds& bounds) = 0;

  /// A document by its name.
  /// Errors: not_found, store_unavailable.
  [[nodiscard]] virtual result<document_summary> find(const document_name& document) = 0;

  /// The documents of an organisation whose names sort after `after` (bytewise), at most `count`.
  [[nodiscard]] virtual result<std::vector<document_summary>> list(std::string_view organisation,
                                                                   std::string_view after, std::size_t count) = 0;
};

/// Both sides of an open store.
struct store {
  std::unique_ptr<op_log> log;
  /// Where appends go, those of a document always to the same: each is used by a thread of its own. None: to `log`.
  std::vector<std::unique_ptr<op_log>> lanes;
  std::unique_ptr<storage::history> history;
  /// More of the same, where reading at once is worth it: each is used by a thread of its own.
  std::vector<std::unique_ptr<storage::history>> more_history = {};
};

/// Opens a store by its address: `memory`, `sqlite:FILE`, `sqlite:FILE?vfs=NAME` or `postgresql://…` as libpq takes it.
/// `vfs` reaches the file through the SQLite VFS that the program has registered by that name.
/// Errors: invalid_configuration (address), store_unavailable, store_locked (another process has it), schema_mismatch.
[[nodiscard]] result<store> open_store(std::string_view address);

/// Brings the schema of a store to the newest version, as opening it does. Of PostgreSQL it can be done while engines
/// work, and by several at once; it then needs the rights to make tables, which they do not.
/// Errors: as `open_store`.
[[nodiscard]] result<void> migrate_store(std::string_view address);

}  // namespace quire::storage
