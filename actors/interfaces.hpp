#pragma once

#include "protocol/messages.hpp"

#include <caf/typed_actor.hpp>

/// The map of the system: every actor's handle, and what it takes. actors/messages.hpp has the messages.
namespace quire::actors {

struct open_document;
struct connection_lost;
struct end_session;
struct client_claimed;
struct client_refused;
struct open_forwarded;
struct subscribed;
struct unsubscribed;
struct open_refused;

/// The SESSION: one client connection, its identity and rights.
using session_actor = caf::typed_actor<
  // From the connection.
  caf::reacts_to<protocol::hello>, caf::reacts_to<open_document>, caf::reacts_to<protocol::close>,
  caf::reacts_to<connection_lost>,
  // From the registry: the client id is this session's now, or it is not; or the node or another session ends this one.
  caf::reacts_to<client_claimed>, caf::reacts_to<client_refused>, caf::reacts_to<end_session>,
  caf::reacts_to<open_forwarded>,
  // From a relay: the open is answered; the subscription ended.
  caf::reacts_to<subscribed>, caf::reacts_to<open_refused>, caf::reacts_to<unsubscribed>>;

struct subscribe;
struct unsubscribe;
struct session_turn;
struct document_request;
struct attached;
struct attach_failed;
struct committed_run;
struct edits_answered;
struct state_taken;
struct difference_taken;
struct history_read;
struct document_gone;
struct may_end;
struct tick;

/// The RELAY: one document on one node; all of the node's sessions of that document subscribe here.
using relay_actor = caf::typed_actor<
  // From sessions, by way of the registry; and what one turn of an I/O thread brought for this document.
  caf::reacts_to<subscribe>, caf::reacts_to<unsubscribe>, caf::reacts_to<session_turn>,
  // From REST, by way of the registry.
  caf::reacts_to<document_request>,
  // From the document.
  caf::reacts_to<attached>, caf::reacts_to<attach_failed>, caf::reacts_to<committed_run>,
  caf::reacts_to<edits_answered>, caf::reacts_to<state_taken>, caf::reacts_to<difference_taken>,
  caf::reacts_to<document_gone>,
  // From the op log.
  caf::reacts_to<history_read>,
  // From the registry: nobody was sent here meanwhile, the relay may end.
  caf::reacts_to<may_end>, caf::reacts_to<tick>>;

struct attach;
struct detach;
struct submit_edits;
struct take_state;
struct take_difference;
struct document_loaded;
struct append_finished;
struct snapshot_stored;
struct document_removed;
struct document_trimmed;

/// The DOCUMENT: one in the cluster, the single writer.
using document_actor = caf::typed_actor<
  // Adds a relay, by way of the router: it gets where the document is now, and every later run in order.
  caf::reacts_to<attach>, caf::reacts_to<detach>,
  // Orders a relay's edits of one turn; they come back in `committed_run`, once durable, or in `edits_answered`.
  caf::reacts_to<submit_edits>,
  // Asks for the state at the newest revision, or for what somebody lacks of it, once that is durable.
  caf::reacts_to<take_state>, caf::reacts_to<take_difference>, caf::reacts_to<document_request>,
  // From the op log.
  caf::reacts_to<document_loaded>, caf::reacts_to<append_finished>, caf::reacts_to<snapshot_stored>,
  caf::reacts_to<document_removed>, caf::reacts_to<document_trimmed>,
  // From the router: nobody was sent here meanwhile, the document may end.
  caf::reacts_to<may_end>, caf::reacts_to<tick>>;

struct append_edits;
struct load_document;
struct read_history;
struct list_documents;
struct past_request;
struct store_snapshot;
struct change_label;
struct trim_document;
struct remove_document;
struct drain_log;
struct commit_finished;

/// The OP LOG: commits what has gathered since its last commit, all documents together; loads.
using op_log_actor =
  caf::typed_actor<caf::reacts_to<append_edits>, caf::reacts_to<load_document>, caf::reacts_to<read_history>,
                   caf::reacts_to<list_documents>, caf::reacts_to<store_snapshot>, caf::reacts_to<change_label>,
                   caf::reacts_to<trim_document>, caf::reacts_to<remove_document>,
                   // From REST: what a document was.
                   caf::reacts_to<past_request>,
                   // From the engine, when it stops.
                   caf::reacts_to<drain_log>,
                   // From its own thread.
                   caf::reacts_to<commit_finished>, caf::reacts_to<tick>>;

struct document_idle;

/// The ROUTER: finds a document's owner and sends it there. A single node's spawns it.
using router_actor = caf::typed_actor<caf::reacts_to<attach>, caf::reacts_to<document_idle>>;

struct relay_idle;
struct claim_client;
struct release_client;
struct end_all_sessions;

/// The REGISTRY: this node's relays by document, and its sessions by client id.
using registry_actor =
  caf::typed_actor<caf::reacts_to<subscribe>, caf::reacts_to<document_request>, caf::reacts_to<relay_idle>,
                   caf::reacts_to<claim_client>, caf::reacts_to<release_client>, caf::reacts_to<end_all_sessions>>;

}  // namespace quire::actors
