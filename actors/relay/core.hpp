#pragma once

#include "actors/edits.hpp"
#include "actors/relay/audience.hpp"
#include "actors/relay/awareness_board.hpp"
#include "actors/relay/difference_requests.hpp"
#include "actors/relay/edit_ring.hpp"
#include "actors/relay/presence_board.hpp"
#include "actors/relay/upstream.hpp"
#include "actors/types/type_state.hpp"
#include "protocol/yjs/messages.hpp"
#include "storage/op_log.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace quire::actors {

/// What is to be done, in order.
struct relay_effect {
  struct deliver {
    outlet_key to;
    delivery what;
  };
  /// Tell the connection's outlet and its session that it is subscribed now.
  struct begin {
    connection_id connection;
    outlet_key outlet;
    std::uint32_t request = 0;
  };
  /// Tell the session that its open is refused.
  struct refuse {
    connection_id connection;
    std::uint32_t request = 0;
    error why;
  };
  /// Tell the connection's outlet and its session that it is subscribed no more.
  struct drop {
    connection_id connection;
    outlet_key outlet;
    std::optional<error> why;
    bool has_missed_edits = false;
  };
  /// Find the document, after a pause.
  struct attach {
    std::string type;
    std::chrono::milliseconds after{0};
  };
  struct submit {
    std::vector<submitted_edit> edits;
  };
  struct ask_state {};
  struct ask_difference {
    difference_requests::request what;
  };
  struct ask_history {
    revision after;
    revision to;
  };
  /// Call `flush_presence` after `limits::presence_interval`.
  struct await_flush {};
  /// Report that the store has lost edits that it had acknowledged.
  struct report_loss {
    revision known;
    revision stored;
    bool is_written_again = false;
  };
  /// Report that one of them could not be written again.
  struct report_unwritten {
    error why;
  };
  /// Report a refusal to the metrics.
  struct count_refusal {
    errc why;
  };
  using kind = std::variant<deliver, begin, refuse, drop, attach, submit, ask_state, ask_difference, ask_history,
                            await_flush, report_loss, report_unwritten, count_refusal>;
};

using relay_effects = std::vector<relay_effect::kind>;

/// Where the document is, as it said itself.
struct document_standing {
  quire::epoch epoch;
  quire::generation generation;
  revision head;
  std::string type;  ///< Empty: it does not exist.
  std::shared_ptr<const client_table> clients;
};

/// What a relay decides: who is subscribed, what a newcomer lacks, which frame goes to whom.
/// Law: every subscriber that is live was sent exactly the edits up to the ring's head, in order.
/// Affinity: its actor's.
class relay_core {
 public:
  explicit relay_core(document_number number) : number_(number) {}

  [[nodiscard]] document_number number() const noexcept { return number_; }

  [[nodiscard]] relay_effects subscribe(subscriber who);
  [[nodiscard]] relay_effects unsubscribe(connection_id connection);
  [[nodiscard]] relay_effects turn(std::vector<session_item> items);

  [[nodiscard]] relay_effects attached(document_standing standing);
  [[nodiscard]] relay_effects attach_failed(const error& why);
  [[nodiscard]] relay_effects committed(quire::epoch epoch, revision first,
                                        std::span<const protocol::committed_edit> run);
  [[nodiscard]] relay_effects answered(std::span<const edit_answer> answers);
  [[nodiscard]] relay_effects state_taken(revision at, bytes_view content);
  [[nodiscard]] relay_effects difference_taken(std::uint64_t ticket, const result<types::shared_difference>& what);
  [[nodiscard]] relay_effects history_read(revision from, const result<storage::history_page>& page);
  [[nodiscard]] relay_effects gone(const error& why);
  [[nodiscard]] relay_effects flush_presence();

  /// While the store is slow the document is sent half as much.
  void set_store_slow(bool is_slow) noexcept { upstream_.set_narrow(is_slow); }

  /// Makes sure that the document is found, for a request that needs no subscriber.
  [[nodiscard]] relay_effects seek();

  [[nodiscard]] bool is_seeking() const noexcept { return phase_ == phase::attaching; }
  [[nodiscard]] bool is_idle() const noexcept { return audience_.is_empty() && upstream_.is_empty(); }
  /// Whether it is known to be of a type: it exists, or somebody is about to create it.
  [[nodiscard]] bool has_document() const noexcept { return !standing_.type.empty(); }
  [[nodiscard]] bool knows(connection_id connection) { return audience_.find(connection) != nullptr; }

 private:
  enum class phase : std::uint8_t { detached, attaching, attached };

  void begin_attach(std::string type, relay_effects& out);
  /// What the document has lost of its durable edits is sent to it once more.
  void write_again(relay_effects& out);
  [[nodiscard]] std::chrono::milliseconds pause() const;
  /// Gives a newcomer what it lacks, asks for it, or refuses.
  void join(subscriber& who, relay_effects& out);
  void join_all_waiting(relay_effects& out);
  void join_by_state(subscriber& who, relay_effects& out);
  void join_with(subscriber& who, std::span<const shared_bytes> frames, std::uint32_t edits, relay_effects& out);
  /// Its open is answered: no.
  void refuse(connection_id connection, error why, relay_effects& out);
  void drop(connection_id connection, std::optional<error> why, relay_effects& out);
  void drop_all(const error& why, relay_effects& out);
  /// Drops it, or refuses it if its open is not answered yet.
  void end(connection_id connection, const error& why, relay_effects& out);
  /// Takes it off everything that knows it.
  void forget(const subscriber& who);
  void send_waiting(relay_effects& out);
  void take_edit(const subscriber& who, protocol::edit&& edit);
  void take_presence(subscriber& who, const protocol::presence_update& presence, relay_effects& out);
  void deliver_to(const subscriber& who, shared_bytes frame, relay_effects& out) const;
  void deliver_to_live(const std::vector<shared_bytes>& frames, std::uint32_t edits,
                       std::map<outlet_key, std::vector<credit_return>> credit, relay_effects& out);

  // core_providers.cpp
  struct answered_update {
    upstream::entry update;
    std::optional<error> refusal;
  };
  /// Those who are sent the same frames: dialect, label, whether they are asked back, and where they are.
  using asking_groups = std::map<std::tuple<protocol::dialect, std::string_view, bool, outlet_key>, connection_list>;
  void join_provider(subscriber& who, relay_effects& out);
  void take_update(const subscriber& who, bytes&& update);
  void take_awareness(const subscriber& who, bytes_view entries, relay_effects& out);
  void take_query(const subscriber& who, relay_effects& out);
  void ask_differences(relay_effects& out);
  void deliver_difference(const types::difference& what, asking_groups askers, relay_effects& out);
  void deliver_updates(std::span<const protocol::committed_edit> run, relay_effects& out);
  void answer_updates(std::span<const answered_update> updates, relay_effects& out);
  void flush_awareness(relay_effects& out);
  void mirror(const protocol::yjs::awareness_entry& entry);
  void deliver_to_provider(const subscriber& who, const protocol::yjs::server_message& message, bool is_bulk,
                           relay_effects& out) const;

  void return_credit(const upstream::entry& settled, relay_effects& out) const;
  void await_flush(relay_effects& out);

  // Fixed at start.
  document_number number_;

  // Changes when the document is found, or lost.
  phase phase_ = phase::detached;
  std::string attaching_as_;
  bool is_sought_ = false;    ///< For a request, so also without a subscriber; until it is found or can not be had.
  std::size_t failures_ = 0;  ///< How often in a row the document was lost before an edit was committed.
  document_standing standing_;
  const types::document_type* type_ = nullptr;

  // Changes with every edit.
  edit_ring ring_;
  upstream upstream_;
  std::uint64_t last_receipt_ = 0;
  difference_requests differences_;
  std::unordered_map<client_id, client_sequence> last_sequences_;  ///< Durable ones.

  // Changes with who is here.
  audience audience_;
  std::vector<connection_id> waiting_;                               ///< To be joined when the document is found.
  std::vector<connection_id> awaiting_state_;                        ///< One request serves them all.
  std::map<revision, std::vector<connection_id>> awaiting_history_;  ///< By the revision they come from.
  presence_board presence_;
  awareness_board awareness_;
  std::map<std::uint64_t, presence_id> mirrored_;  ///< As whom the users of our own protocol see Yjs clients.
  bool is_flush_awaited_ = false;

  // Cache, may be dropped.
  revision state_at_;
  std::vector<shared_bytes> state_frames_;  ///< Empty: none.
};

}  // namespace quire::actors
