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

/// A revision that was given a name. The name is unique in the document's generation.
struct label {
  std::string name;  ///< As `check_label` allows it.
  revision at;
  std::string author;  ///< Who set it last. Empty: nobody that is known.
  server_time set;     ///< When.

  friend bool operator==(const label&, const label&) = default;
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
  revision floor{};  ///< Its log has the edits after this one.
};

/// What is kept of a document's past.
struct log_extent {
  revision floor;  ///< The log has the edits after this one, which a snapshot stands for; 0: it is whole.
  revision head;
  std::vector<revision> snapshots;
  std::vector<label> labels;
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

  /// Stores a snapshot of an old revision, if there is none of it. It stays if a label names the revision or the log
  /// is trimmed to it; else it goes when a newer one is stored.
  /// Errors: stale_epoch, not_found; future_revision past the head; history_trimmed before the floor;
  /// document_too_large.
  [[nodiscard]] virtual result<void> add_snapshot(const document_id& document, epoch under, const snapshot& taken) = 0;

  /// Lets the log begin after a revision: what came before can not be read from then on, but for labelled revisions.
  /// The rows go in parts, the first now, the others with later calls, also after a restart: 256 at once, and with a
  /// newer snapshot as many as keep up with what comes. Snapshots before it that no label names go too. A floor that is
  /// not above the present one changes nothing.
  /// Errors: stale_epoch, not_found; precondition_failed if no snapshot of the floor, or of a labelled revision before
  /// it, is there; document_damaged if the snapshot is of another log.
  [[nodiscard]] virtual result<void> trim(const document_id& document, epoch under, revision floor) = 0;

  /// Gives a revision a name, or a name another revision. True: the name is new. Called again after commit_in_doubt it
  /// may find its own work: the name is not new then, or already_exists.
  /// Errors: stale_epoch, not_found; future_revision past the head; already_exists if it is there and shall be new;
  /// too_many_labels; history_trimmed before the floor, where no snapshot is of that revision.
  [[nodiscard]] virtual result<bool> set_label(const document_id& document, epoch under, const label& made,
                                               bool shall_be_new) = 0;

  /// Takes a name away; the revision stays, unless it is before the floor.
  /// Errors: stale_epoch; not_found, also if there is no such label, as after a call of which commit_in_doubt was told.
  [[nodiscard]] virtual result<void> remove_label(const document_id& document, epoch under, std::string_view name) = 0;
};

/// The reading side: one thread uses it, while another uses the op log. It sees whatever was committed before the call.
class history {
 public:
  virtual ~history() = default;

  /// The newest snapshot and the log after it.
  /// Errors: not_found; document_damaged names the row that does not read (checksum, gap, format); store_unavailable.
  [[nodiscard]] virtual result<loaded> load(const document_id& document) = 0;

  /// Entries after `from` up to and including `to`, at most `bytes_max` of operations (but at least one entry).
  /// Errors: not_found, history_trimmed if `from` is before the floor, document_damaged, store_unavailable.
  [[nodiscard]] virtual result<history_page> read(const document_id& document, revision from, revision to,
                                                  std::size_t bytes_max) = 0;

  /// What makes the state at a revision: the newest snapshot that is not after it, and the log from there up to it.
  /// Errors: not_found; future_revision past the head; too_costly if `bounds` are not kept (the newest snapshots are
  /// kept, so that an old revision may be far from any); history_trimmed before the floor, where no snapshot is of
  /// exactly that revision; document_damaged; store_unavailable.
  [[nodiscard]] virtual result<loaded> state_at(const document_id& document, revision at,
                                                const replay_bounds& bounds) = 0;

  /// What is kept of a document's past. Labels as `labels` tells them. Errors: as that.
  [[nodiscard]] virtual result<log_extent> extent(const document_id& document) = 0;

  /// The first row of the log that was committed at a time or later; nothing if there is none.
  /// Errors: not_found, store_unavailable.  Cost: the rows before it.
  [[nodiscard]] virtual result<std::optional<revision>> first_since(const document_id& document, server_time since) = 0;

  /// A document's labels by revision, those of one by name.
  /// Errors: not_found; document_damaged names the label; store_unavailable.
  [[nodiscard]] virtual result<std::vector<label>> labels(const document_id& document) = 0;

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
