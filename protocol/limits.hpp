#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound of the engine, with what happens at it. Configurable ones are defaults.
namespace quire::limits {

// Frames and messages: over any of these the connection is told malformed_message or message_too_large and closed.
inline constexpr std::size_t frame_bytes_max = 2 * 1024 * 1024;
inline constexpr std::size_t messages_a_frame_max = 1'024;
inline constexpr std::size_t nesting_max = 8;  ///< Arrays and maps within each other, the message's own counted.
inline constexpr std::uint64_t integer_max = (std::uint64_t{1} << 53) - 1;  ///< What JavaScript counts exactly.
inline constexpr std::size_t token_bytes_max = 8 * 1024;
inline constexpr std::size_t resume_bytes_max = 64;
inline constexpr std::size_t agent_bytes_max = 128;
inline constexpr std::size_t detail_bytes_max = 512;  ///< Longer ones are cut by the encoder.
inline constexpr std::size_t type_name_bytes_max = 32;
inline constexpr std::size_t organisation_bytes_max = 128;  ///< Over it: invalid_name.
inline constexpr std::size_t name_bytes_max = 512;          ///< Over it: invalid_name.

// Operations: over any of these the edit is refused.
inline constexpr std::size_t operation_bytes_max = 1024 * 1024;
inline constexpr std::size_t operation_parts_max = 10'000;
inline constexpr std::size_t document_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t rebase_steps_max = 1'000'000;  ///< Parts times history: too_costly.

/// How many operations a type keeps to rebase late edits over; an older base is base_too_old.
inline constexpr std::size_t history_operations_max = 4'096;
inline constexpr std::size_t history_bytes_max = 4 * 1024 * 1024;

// Yjs documents. An update is so large where much is pasted, or was written offline: operation_too_large.
inline constexpr std::size_t yjs_update_bytes_max = 32 * 1024 * 1024;
// What an `any` or JSON nests and how long names are: actors/types/yjs/any.hpp; over it: malformed.
inline constexpr std::size_t yjs_structs_max = 1'000'000;  ///< An update's: malformed_operation.
inline constexpr std::size_t yjs_clients_max = 65'536;     ///< A document's, of all times: document_too_large.
/// What waits for updates that have not come; an update that would have to wait beyond it: future_revision.
inline constexpr std::size_t yjs_pending_bytes_max = 4 * 1024 * 1024;

/// Clients whose last sequence a document remembers, for as long as it exists; beyond it a new client's edits are
/// refused (too_many_clients), those of known ones are not.
inline constexpr std::size_t clients_a_document_max = 65'536;

/// Requests of REST that wait for a commit, a document's: further ones are refused with store_unavailable.
inline constexpr std::size_t held_answers_max = 256;
/// Documents with subscribers or requests on a node; an open or a request for one more is refused with overloaded.
inline constexpr std::size_t relays_max = 200'000;
/// A document that cannot be kept open is looked for again so often, with growing pauses; then its openers are told.
inline constexpr std::size_t attach_failures_max = 6;
/// A document that does not exist is forgotten this soon.
inline constexpr std::chrono::milliseconds absent_idle{1'000};

// One connection.
inline constexpr std::size_t documents_a_connection_max = 256;  ///< Over it: too_many_documents, the rest goes on.
/// Edits sent and not yet answered: at either bound the socket is not read until some are.
inline constexpr std::size_t edits_in_flight_max = 32;
inline constexpr std::size_t edit_bytes_in_flight_max = 256 * 1024;
/// What waits to be sent: at either bound the queue is dropped and the client told to resync;
/// twice within `resync_again_within` the connection is closed as a slow reader.
inline constexpr std::size_t send_queue_bytes_max = 1024 * 1024;
inline constexpr std::chrono::seconds send_queue_age_max{5};
inline constexpr std::chrono::seconds resync_again_within{60};
inline constexpr std::chrono::seconds hello_timeout{10};  ///< Then closed with hello_timeout.
inline constexpr std::chrono::seconds keepalive_interval{5};
inline constexpr std::chrono::seconds silence_max{20};      ///< Then closed as silent.
inline constexpr std::chrono::seconds closing_patience{5};  ///< For the closing handshake; then the socket is closed.
/// Answers to opens, and edits larger than what else may wait, that wait to be sent: over it closed as a slow reader.
inline constexpr std::size_t bulk_queue_bytes_max = 128 * 1024 * 1024;
/// What concerns the connection itself (pongs, refusals) and waits to be sent: over it the socket is not read.
inline constexpr std::size_t own_queue_bytes_max = 64 * 1024;
/// Opens, closes and pings of a connection; over it the socket is not read for a moment.
inline constexpr std::size_t requests_a_second = 200;
inline constexpr std::size_t requests_burst = 512;
/// When a server stops: over which its clients come back, and how long it takes at most.
inline constexpr std::chrono::seconds reconnect_spread{5};
inline constexpr std::chrono::seconds shutdown_patience{10};
inline constexpr std::size_t connections_max = 20'000;  ///< Over it: 503 before the upgrade.
/// Connections without hello, or without a token where one is needed; over it the oldest is closed.
inline constexpr std::size_t handshakes_max = 1'024;

// Presence: over these too_much_presence, and the update is dropped.
inline constexpr std::size_t presence_bytes_max = 4 * 1024;
inline constexpr std::size_t presence_entries_max = 1'000;    ///< A document's; more people edit without being shown.
inline constexpr std::size_t presence_updates_a_second = 50;  ///< A connection's, with a burst of as many.
/// What a Yjs provider calls awareness: of one client, and in one message.
inline constexpr std::size_t awareness_state_bytes_max = 64 * 1024;
inline constexpr std::size_t awareness_entries_max = 1'000;
/// Of a document's awareness together; more people edit without being shown.
inline constexpr std::size_t awareness_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t awareness_flush_bytes_max = 256 * 1024;  ///< Sent at once; the rest follows.
inline constexpr std::chrono::milliseconds presence_interval{100};    ///< Changes within it go out together.

// Connections of Yjs' providers.
/// Over it: message_too_large. Of a connection that has no document open frame_bytes_max is.
inline constexpr std::size_t provider_frame_bytes_max = yjs_update_bytes_max + 64 * 1024;
/// Messages of more than the second size that are being read, and all that wait for documents that are not open yet, of
/// all connections together: over it a connection with one is closed as overloaded, and its client comes again.
inline constexpr std::size_t large_messages_bytes_max = 256 * 1024 * 1024;
inline constexpr std::size_t large_message_bytes = 256 * 1024;
/// An update of more, or an answer to a step 1, is sent in parts of about the second size, apart from the bounds of the
/// send queue (bulk_queue_bytes_max).
inline constexpr std::size_t provider_update_whole_bytes = 256 * 1024;
inline constexpr std::size_t provider_part_bytes = 64 * 1024;
/// Their clients connect again when no message came for half a minute, pings not counted: so often one is sent.
inline constexpr std::chrono::seconds provider_message_interval{10};
/// What Hocuspocus' clients call a document: its name, a NUL and the provider's session. Over it: invalid_name.
inline constexpr std::size_t provider_address_bytes_max = name_bytes_max + 1 + 128;
/// What Hocuspocus' clients send for documents that are not open yet, a connection's: at either bound it is not read
/// while a document is on its way; if none is, for want of a token, it is closed, and its client syncs anew.
inline constexpr std::size_t provider_waiting_bytes_max = 5 * 1024 * 1024;
inline constexpr std::size_t provider_waiting_messages_max = 1'000;
/// Of these documents: with so many questions to the authenticator the connection is not read; a further one without a
/// token, where one is needed, is denied.
inline constexpr std::size_t provider_unauthenticated_max = 100;
inline constexpr std::chrono::seconds provider_token_timeout{60};  ///< For a connection's first good token: closed.

// Relay and document.
inline constexpr std::size_t relay_ring_edits_max = 512;  ///< Kept for late joiners; older ones go.
inline constexpr std::size_t relay_ring_bytes_max = 256 * 1024;
/// Edits that a relay may have with the document unanswered; what is over waits in the relay, bounded by its sessions.
inline constexpr std::size_t relay_credit_edits = 256;
inline constexpr std::size_t relay_credit_bytes = 512 * 1024;
/// What Yjs providers lack: so many different answers a relay has the document make at a time; others wait, one for
/// each connection. Each is at most what the document's content and its runs take (document_bytes_max).
inline constexpr std::size_t differences_in_flight_max = 4;
/// Such answers that a document keeps, for those who come at once; older ones go, and a larger one is not kept.
inline constexpr std::size_t differences_kept_max = 8;
inline constexpr std::size_t difference_cache_bytes_max = 4 * 1024 * 1024;
/// A resume of more than this from the log gets a snapshot instead.
inline constexpr std::size_t catch_up_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t snapshot_part_bytes = 64 * 1024;  ///< A join travels in pieces of this size.
inline constexpr std::size_t run_edits_max = 1'024;            ///< Edits in one frame; a longer run is several frames.
/// Edits ordered and not yet durable: beyond either, further ones are refused with store_unavailable and a retry hint.
inline constexpr std::size_t pending_edits_max = 4'096;
inline constexpr std::size_t pending_bytes_max = 4 * 1024 * 1024;
/// An operation counts as at most so much: one that is larger does not stop others.
inline constexpr std::size_t pending_operation_bytes_max = pending_bytes_max / 2;
/// The same, of all documents of a node together: beyond it every document refuses further edits so.
inline constexpr std::size_t pending_node_bytes_max = 16 * 1024 * 1024;
inline constexpr std::chrono::seconds document_idle{60};  ///< Nobody there: the document is unloaded.
inline constexpr std::chrono::seconds relay_idle{30};     ///< No sessions: the relay ends.
/// A snapshot is taken after so much since the last.
inline constexpr std::size_t snapshot_after_operations = 1'000;
inline constexpr std::size_t snapshot_after_bytes = 1024 * 1024;
/// Unpacked; a larger one is refused with document_too_large. Room for the largest document and its table of clients.
inline constexpr std::size_t snapshot_bytes_max = 256 * 1024 * 1024;

// Op log: one commit; what is over waits for the next.
inline constexpr std::size_t commit_edits_max = 2'000;
inline constexpr std::size_t commit_bytes_max = 1024 * 1024;
inline constexpr std::size_t commit_edits_a_document_max = 256;
/// What a commit takes on average, lately: over it relays may have half as much unanswered, over the second no further
/// document is opened (overloaded). One of more than commit_bytes_max is taken as so many.
inline constexpr std::chrono::milliseconds commit_slow{50};
inline constexpr std::chrono::milliseconds commit_too_slow{500};
inline constexpr std::chrono::seconds commit_pace_kept{5};  ///< Without a commit: then the average is forgotten.
/// Loads and history reads that wait; over it: overloaded.
inline constexpr std::size_t reads_waiting_max = 4'096;
/// Acquisitions and snapshots that wait, a few a document; over it: overloaded. Commits wait in the op log.
inline constexpr std::size_t writes_waiting_max = 4'096;

// HTTP.
inline constexpr std::size_t http_header_bytes_max = 16 * 1024;          ///< Over it: 431.
inline constexpr std::size_t http_body_bytes_max = 64 * 1024 * 1024;     ///< Over it: 413.
inline constexpr std::size_t list_page_max = 1'000;                      ///< A list asked for with more: 400.
inline constexpr std::size_t static_files_bytes_max = 64 * 1024 * 1024;  ///< Over it the server does not start.
inline constexpr std::chrono::seconds http_patience{10};         ///< For a request's head, from its first byte on.
inline constexpr std::chrono::seconds http_body_patience{60};    ///< For a body: then the socket is closed.
inline constexpr std::chrono::seconds http_answer_patience{30};  ///< For the engine: then 503.
inline constexpr std::chrono::seconds http_idle_max{60};         ///< Between two requests: then the socket is closed.
/// Bodies over http_body_small_bytes that are being read, together; over it: 503.
inline constexpr std::size_t http_bodies_bytes_max = 256 * 1024 * 1024;
inline constexpr std::size_t http_body_small_bytes = 64 * 1024;

// History for people and tools.
inline constexpr std::size_t past_operations_page_max = 1'000;          ///< What is over comes on the next page.
inline constexpr std::size_t past_bytes_page_max = 1024 * 1024;         ///< Of operations; likewise.
inline constexpr std::size_t past_replay_operations_max = 100'000;      ///< For one old state; over it: too_costly.
inline constexpr std::size_t past_replay_bytes_max = 64 * 1024 * 1024;  ///< Likewise.
// Trimming: one step; what is over comes with the next.
inline constexpr std::size_t trim_operations_min = 256;  ///< Fewer are not worth a snapshot: they stay.
inline constexpr std::size_t trim_replay_operations_max = 20'000;
inline constexpr std::size_t trim_replay_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t trim_labels_max = 8;  ///< Labels that are given a snapshot.
/// Requests of history that wait; over it: overloaded. What opens documents is behind them in the same queue.
inline constexpr std::size_t past_waiting_max = 16;

// Labels: revisions with a name.
inline constexpr std::size_t label_bytes_max = 128;        ///< Of its name; over it: invalid_name.
inline constexpr std::size_t label_body_bytes_max = 1024;  ///< Of the request that sets one; over it: 413.
inline constexpr std::size_t labels_a_document_max = 256;  ///< One more: too_many_labels. A label can still be moved.

}  // namespace quire::limits
