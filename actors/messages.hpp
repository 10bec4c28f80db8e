#pragma once

#include "actors/document_request.hpp"
#include "actors/edits.hpp"
#include "actors/interfaces.hpp"
#include "actors/outlet.hpp"
#include "actors/past_request.hpp"
#include "actors/types/type_state.hpp"
#include "protocol/dialect.hpp"
#include "storage/op_log.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Every message between actors. All are local to a process: between nodes travels an encoding of its own.
namespace quire::actors {

// To a session.

/// An open as a connection passes it on. A connection has a document open once: opened again it is what this one says.
struct open_document {
  protocol::open request;
  protocol::dialect dialect = protocol::dialect::quire;
  std::string label = {};  ///< Hocuspocus: the address before each message of its client's, and before each answer.
  bool is_read_only = false;
};

struct connection_lost {};

/// The session ends: say bye and close.
struct end_session {
  errc code = errc::shutting_down;
  std::string detail;
  std::chrono::milliseconds retry{0};
};

/// The client id is the session's now. `resume` lets a later connection take it over.
struct client_claimed {
  bytes resume;
};

/// Another live connection has the client id.
struct client_refused {};

/// An open was sent on to this relay, which answers it unless it ends.
struct open_forwarded {
  std::uint32_t request = 0;
  relay_actor relay;
};

/// The connection is among the relay's subscribers, and was told.
struct subscribed {
  std::uint32_t request = 0;
  document_number document;
  relay_actor relay;
};

struct open_refused {
  std::uint32_t request = 0;
  error why;
};

/// The relay dropped the subscription, and told the connection.
struct unsubscribed {
  document_number document;
};

// To a relay.

struct subscribe {
  session_actor session;
  std::shared_ptr<actors::outlet> outlet;
  connection_id connection;
  client_id client;
  std::string author;
  open_document open;
};

struct unsubscribe {
  connection_id connection;
};

/// What one turn of an I/O thread brought for one document, in order.
struct session_turn {
  std::vector<session_item> items;
};

struct attached {
  document_id id;  ///< In the store, as soon as the document is there.
  document_actor document;
  quire::epoch epoch;
  quire::generation generation;
  quire::revision head;  ///< Durable.
  std::string type;      ///< Empty: the document does not exist and nobody has named a type yet.
  std::shared_ptr<const client_table> clients;
};

struct attach_failed {
  error why;
};

/// Edits that became durable, in order. One message a relay and commit.
struct committed_run {
  quire::epoch epoch;
  revision first;
  std::shared_ptr<const std::vector<protocol::committed_edit>> run;
  bool is_store_slow = false;  ///< Until the next run, relays are to have less unanswered.
};

struct edits_answered {
  std::vector<edit_answer> answers;
};

/// The state at a durable revision, as clients are sent it.
struct state_taken {
  quire::revision revision;
  shared_bytes content;
};

/// What somebody lacks of the document at a durable revision. Errors: type_mismatch, malformed_operation,
/// operation_too_large.
struct difference_taken {
  std::uint64_t ticket = 0;
  quire::revision revision;
  result<types::shared_difference> what;
};

struct history_read {
  document_id document;
  quire::revision from;
  result<storage::history_page> page;
};

/// The document's actor ended. Deleted or damaged: so did the subscriptions; else look for it again.
struct document_gone {
  error why;
};

struct may_end {};

/// A reminder of an actor to itself.
struct tick {
  std::uint32_t clock = 0;  ///< Which of its clocks.
  std::uint64_t number = 0;
};

// To a document.

/// Goes by way of the router, which knows or makes the owner.
struct attach {
  document_name document;
  relay_actor relay;
  std::string type;  ///< What it shall be if it does not exist; empty: only if it does.
};

struct detach {
  relay_actor relay;
};

struct submit_edits {
  relay_actor relay;
  std::vector<submitted_edit> edits;
};

struct take_state {
  relay_actor relay;
};

/// `known`: how far somebody has got, as the document's type has it; `ticket`: what the answer is to name.
struct take_difference {
  relay_actor relay;
  std::uint64_t ticket = 0;
  bytes known;
};

struct document_loaded {
  result<storage::acquired> found;
  std::optional<storage::loaded> content;  ///< Of a document that exists.
};

/// An append of this document was committed or refused.
struct append_finished {
  std::uint32_t appends = 0;  ///< How many `append_edits` of this document it answers, in order.
  revision head;              ///< After it.
  server_time at;
  result<void> outcome;
  bool is_store_slow = false;
};

struct snapshot_stored {
  quire::revision revision;
  result<void> outcome;
};

struct document_removed {
  result<void> outcome;
};

/// A trim that was asked for is done, or there was nothing to do.
struct document_trimmed {
  result<bool> has_more;  ///< True: the policy asks for another step.
};

// To the op log.

struct append_edits {
  document_actor from;
  storage::append_request request;
};

struct load_document {
  document_actor from;
  document_name document;
};

struct read_history {
  relay_actor from;
  document_id document;
  revision after;
  revision to;
};

struct list_documents {
  std::string organisation;
  std::string after;
  std::size_t count = 0;
  /// Called once, on any thread; must not block.
  std::function<void(result<std::vector<storage::document_summary>>)> answer;
};

struct store_snapshot {
  document_actor from;
  document_id document;
  epoch under;
  storage::snapshot taken;
};

/// Lets the document's log begin where the policy says, a step at a time.
struct trim_document {
  document_actor from;
  storage::document_info document;
  epoch under;
};

/// Sets or removes a label, and answers who asked.
struct change_label {
  using kind = std::variant<label_revision, remove_label>;

  storage::document_info document;
  epoch under;
  kind what;
  answer_once answer;
};

struct remove_document {
  document_actor from;
  document_id document;
  epoch under;
};

/// Calls `done`, on any thread, once nothing waits to be committed.
struct drain_log {
  std::function<void()> done;
};

/// A lane's thread is done with a batch.
struct commit_finished {
  std::uint32_t lane = 0;
  result<std::vector<result<void>>> outcome;
  server_time at;
  std::chrono::nanoseconds took{0};
};

// To the router and the registry.

/// The document has had no relay for its idle time. `attaches`: how many it was sent, so that none is lost on the way.
struct document_idle {
  document_name document;
  document_actor from;
  std::uint64_t attaches = 0;
};

struct relay_idle {
  document_name document;
  relay_actor from;
  std::uint64_t requests = 0;  ///< Subscriptions and document requests that it was sent.
};

struct claim_client {
  session_actor session;
  client_id client;
  bytes resume;
};

struct release_client {
  session_actor session;
  client_id client;
};

/// The node stops: every session is told to come back after a random part of `spread`.
struct end_all_sessions {
  std::chrono::milliseconds spread{0};
};

}  // namespace quire::actors

// Local only, so none needs an encoding.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::protocol::hello)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::open_document)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::protocol::close)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::connection_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::end_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::client_claimed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::client_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::open_forwarded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::subscribed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::open_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::unsubscribed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::subscribe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::unsubscribe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::session_turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::document_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::attached)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::attach_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::committed_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::edits_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::state_taken)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::difference_taken)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::history_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::document_gone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::may_end)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::attach)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::detach)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::submit_edits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::take_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::take_difference)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::document_loaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::append_finished)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::snapshot_stored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::document_removed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::append_edits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::load_document)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::read_history)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::list_documents)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::past_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::store_snapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::change_label)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::document_trimmed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::trim_document)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::remove_document)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::commit_finished)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::document_idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::relay_idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::claim_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::release_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::end_all_sessions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(quire::actors::drain_log)
