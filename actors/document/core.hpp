#pragma once

#include "actors/document/client_records.hpp"
#include "actors/document/difference_cache.hpp"
#include "actors/document/pending_budget.hpp"
#include "actors/document_request.hpp"
#include "actors/edits.hpp"
#include "actors/types/type_state.hpp"
#include "storage/op_log.hpp"

#include <boost/container/deque.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace quire::actors {

/// What the document's shell calls a relay.
using relay_key = strong<std::uint32_t, struct relay_key_tag>;

/// What is to be done, in order.
struct document_effect {
  struct tell_attached {
    relay_key to;
    revision head;
    std::shared_ptr<const client_table> clients;
  };
  struct refuse_attach {
    relay_key to;
    error why;
  };
  /// To every relay.
  struct broadcast {
    revision first;
    std::shared_ptr<const std::vector<protocol::committed_edit>> run;
  };
  struct answer_edits {
    relay_key to;
    std::vector<edit_answer> answers;
  };
  struct give_state {
    relay_key to;
    quire::revision revision;
    shared_bytes content;
  };
  struct give_difference {
    relay_key to;
    std::uint64_t ticket = 0;
    quire::revision revision;
    result<types::shared_difference> what;
  };
  struct answer_request {
    answer_once answer;
    result<document_answer> with;
  };
  /// To the store, which answers.
  struct set_label {
    label_revision what;
    answer_once answer;
  };
  struct drop_label {
    remove_label what;
    answer_once answer;
  };
  struct append {
    storage::append_request request;
  };
  struct take_snapshot {
    storage::snapshot taken;
  };
  /// Delete it from the store.
  struct remove {};
  /// The document ends: its state is of no use any more, or it was deleted.
  struct end {
    error why;
  };
  using kind = std::variant<tell_attached, refuse_attach, broadcast, answer_edits, give_state, give_difference,
                            answer_request, set_label, drop_label, append, take_snapshot, remove, end>;
};

using document_effects = std::vector<document_effect::kind>;

struct document_settings {
  types::type_limits limits;
  std::size_t snapshot_after_operations;
  std::size_t snapshot_after_bytes;
  /// Where a type is found by its name.
  const types::document_type* (*find_type)(std::string_view name) noexcept = types::find_type;
  /// Of all documents that are given a copy of these settings.
  std::shared_ptr<pending_budget> pending = std::make_shared<pending_budget>();
};

/// What a document decides: it orders edits, and lets nothing out before it is durable.
/// Law: whatever leaves (runs, acknowledgements, states, answers) depends on no append that is not yet committed.
/// Affinity: its actor's.
class document_core {
 public:
  /// From what the store has. Errors: document_damaged, unknown_document_type.
  [[nodiscard]] static result<document_core> restore(const storage::acquired& found,
                                                     const std::optional<storage::loaded>& content,
                                                     const document_settings& settings);

  /// A relay begins to listen. `type`: what the document shall be if it does not exist.
  [[nodiscard]] document_effects attach(relay_key relay, std::string_view type);

  /// Orders edits: each is appended, acknowledged again, or refused.
  [[nodiscard]] document_effects submit(relay_key relay, std::span<const submitted_edit> edits);

  /// The state as clients are sent it, once it is durable.
  [[nodiscard]] document_effects take_state(relay_key relay);

  /// What somebody lacks who has got to `known`, once all of it is durable.
  [[nodiscard]] document_effects take_difference(relay_key relay, std::uint64_t ticket, bytes_view known);

  [[nodiscard]] document_effects request(document_request request);

  /// The oldest `appends` appends are durable; or they are not, and the document ends.
  [[nodiscard]] document_effects appended(std::uint32_t appends, server_time at, const result<void>& outcome);

  [[nodiscard]] document_effects snapshot_stored();
  [[nodiscard]] document_effects removed(const result<void>& outcome);

  /// A last snapshot before the document is unloaded, if it is worth one.
  [[nodiscard]] document_effects before_unloading();

  /// Nothing waits for the store.
  [[nodiscard]] bool is_settled() const noexcept;

  [[nodiscard]] const storage::document_info& info() const noexcept { return info_; }
  [[nodiscard]] quire::epoch epoch() const noexcept { return epoch_; }
  [[nodiscard]] bool exists() const noexcept { return exists_; }
  [[nodiscard]] revision durable() const noexcept { return durable_; }

 private:
  struct ordered_edit {
    protocol::committed_edit edit;  ///< Without an operation: it had nothing new, and waits for those before it.
    std::uint64_t append = 0;       ///< The number of the append it is in, or waits for.
  };
  struct held_effect {
    std::uint64_t append = 0;  ///< Leaves when this append is durable.
    document_effect::kind effect;
  };

  document_core(const storage::acquired& found, const document_settings& settings);

  [[nodiscard]] result<void> load(const storage::loaded& content);
  [[nodiscard]] result<void> adopt(std::string_view type);
  [[nodiscard]] edit_answer acknowledgement_of(const submitted_edit& edit) const;
  [[nodiscard]] edit_answer refuse(const submitted_edit& edit, error why) const;
  /// Orders one edit: it is now in `entries`, or is answered.
  [[nodiscard]] std::optional<edit_answer> order(const submitted_edit& edit, std::vector<storage::log_entry>& entries);
  /// The answer to an edit that is not its client's next.
  [[nodiscard]] std::optional<edit_answer> check_number(const submitted_edit& edit) const;
  [[nodiscard]] result<types::shared_difference> difference_from(bytes_view known);
  [[nodiscard]] bool is_full() const noexcept;
  /// Applies one edit: it is now in `entries`, unless it has nothing new.
  [[nodiscard]] result<types::outcome> apply(const submitted_edit& edit, std::vector<storage::log_entry>& entries);
  /// An edit with nothing new has its number all the same, once `append` is durable.
  void note_as_done(const submitted_edit& edit, std::uint64_t append);
  void append(std::vector<storage::log_entry> entries, revision base, document_effects& out);
  /// Lets `effect` out now if nothing that it shows is pending, else when that is durable.
  void release(document_effect::kind effect, document_effects& out);
  [[nodiscard]] result<document_answer> read(representation as) const;
  [[nodiscard]] result<document_answer> write(const write_document& what, document_effects& out);
  /// Makes the content equal to `content`, in as many operations as their bound asks for.
  [[nodiscard]] result<void> replace(std::string_view content, std::vector<storage::log_entry>& entries);
  void request_removal(document_request asked, document_effects& out);
  void request_label(document_request asked, document_effects& out);
  [[nodiscard]] result<void> check_expected(const std::optional<document_version>& expected) const;
  /// Nothing of the state may be used any more: whoever waits for an answer learns why.
  [[nodiscard]] document_effects end(error why);
  void begin_removal_if_settled(document_effects& out);
  void snapshot_if_due(document_effects& out);
  void snapshot_now(document_effects& out);
  [[nodiscard]] std::shared_ptr<const client_table> durable_clients() const;

  // Fixed at start.
  document_settings settings_;
  quire::epoch epoch_;
  client_id server_client_;  ///< The author of edits that come by REST; made of the epoch, so new with each owner.
  client_id own_author_;     ///< Of edits that no client numbers.

  // Changes when the document comes to be or is deleted.
  storage::document_info info_;
  const types::document_type* type_ = nullptr;  ///< Null: it does not exist and nobody has named a type.
  types::state_ptr state_;                      ///< Null as long as `type_` is.
  bool exists_ = false;                         ///< In the store, or on its way there.
  std::optional<document_request> removal_;     ///< A deletion that waits, or is under way.
  bool is_removing_ = false;

  // Changes with every edit.
  client_records clients_;
  boost::container::deque<ordered_edit> pending_;  ///< Applied, not yet durable.
  pending_share pending_bytes_;
  revision durable_;
  boost::container::deque<held_effect> held_;
  std::uint64_t appends_issued_ = 0;
  std::uint64_t appends_done_ = 0;
  client_sequence server_sequence_;
  client_sequence own_sequence_;
  std::size_t operations_since_snapshot_ = 0;
  std::size_t bytes_since_snapshot_ = 0;
  bool is_snapshot_under_way_ = false;

  // Cache, may be dropped.
  difference_cache differences_;
};

}  // namespace quire::actors
