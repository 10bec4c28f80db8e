#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The messages of protocol version 1. docs/protocol.md says how they are encoded and used; message_forms.hpp has
/// their fields in order. Numbers of 64 bits stay below 2^53 (limits::integer_max), or the other side refuses them.
namespace quire::protocol {

inline constexpr std::uint32_t protocol_version = 1;

/// Where a client left a document: it is sent what came since.
struct position {
  quire::generation generation;
  quire::revision revision;

  friend bool operator==(const position&, const position&) = default;
};

// Client to server.

struct hello {
  std::uint32_t version_min = protocol_version;
  std::uint32_t version_max = protocol_version;
  client_id client;
  std::string token;  ///< Empty: anonymous.
  bytes resume;       ///< What the last `welcome` gave; empty at first.
  std::string agent;  ///< Name and version of the client, for logs.

  friend bool operator==(const hello&, const hello&) = default;
};

struct open {
  std::uint32_t request = 0;  ///< Named by the answer, `opened` or `failure`. Range: from 1.
  document_name document;
  std::string type;  ///< The type to create it with if it does not exist.
  std::optional<position> since;

  friend bool operator==(const open&, const open&) = default;
};

struct edit {
  document_number document;
  client_sequence sequence;
  revision base;
  bytes operation;

  friend bool operator==(const edit&, const edit&) = default;
};

/// Who I am and where my cursor is.
struct presence_update {
  document_number document;
  revision at;   ///< The revision that `cursor` counts in.
  bytes cursor;  ///< As the document's type has it, in MessagePack. Empty: no cursor.
  bytes state;   ///< The application's own, in MessagePack. Both empty: gone.

  friend bool operator==(const presence_update&, const presence_update&) = default;
};

struct close {
  document_number document;

  friend bool operator==(const close&, const close&) = default;
};

struct ping {
  std::uint64_t nonce = 0;

  friend bool operator==(const ping&, const ping&) = default;
};

struct pong {
  std::uint64_t nonce = 0;

  friend bool operator==(const pong&, const pong&) = default;
};

using client_message = std::variant<hello, open, edit, presence_update, close, ping, pong>;

// Server to client.

/// The limits that a client should keep to; limits.hpp has their meanings.
struct announced_limits {
  std::uint32_t frame_bytes_max = 0;
  std::uint32_t operation_bytes_max = 0;
  std::uint32_t documents_max = 0;
  std::uint32_t edits_in_flight_max = 0;
  std::uint32_t presence_bytes_max = 0;

  friend bool operator==(const announced_limits&, const announced_limits&) = default;
};

struct welcome {
  std::uint32_t version = protocol_version;
  announced_limits limits;
  bytes resume;
  std::chrono::milliseconds keepalive{0};  ///< How often the server pings.

  friend bool operator==(const welcome&, const welcome&) = default;
};

/// The document is open. What the client lacks up to `revision` follows as `snapshot` parts or `edits`, or both.
struct opened {
  std::uint32_t request = 0;
  document_number document;
  quire::generation generation;
  quire::revision revision;
  std::string type;
  client_sequence last_sequence;  ///< The client's last edit that the document has.
  presence_id presence;           ///< The client's own.

  friend bool operator==(const opened&, const opened&) = default;
};

/// A piece of the state at a revision. The pieces in order, joined, are the type's snapshot content.
struct snapshot_part {
  document_number document;
  quire::revision revision;
  bool is_last = false;
  bytes content;

  friend bool operator==(const snapshot_part&, const snapshot_part&) = default;
};

/// One edit as everybody sees it: its author finds its own by client and sequence.
struct committed_edit {
  client_id client;
  client_sequence sequence;
  shared_bytes operation;  ///< Never null.

  friend bool operator==(const committed_edit& a, const committed_edit& b) {
    return a.client == b.client && a.sequence == b.sequence && *a.operation == *b.operation;
  }
};

/// A run of edits in order: the first takes the document from revision `first` - 1 to `first`.
struct edits {
  document_number document;
  revision first;
  std::vector<committed_edit> run;

  friend bool operator==(const edits&, const edits&) = default;
};

/// The document has that edit already.
struct ack {
  document_number document;
  client_sequence sequence;
  quire::revision revision;

  friend bool operator==(const ack&, const ack&) = default;
};

/// That edit was refused, and changed nothing.
struct nack {
  document_number document;
  client_sequence sequence;
  errc code = errc::internal;
  std::string detail;
  client_sequence expected;            ///< For a gap: the sequence that must come next; else 0.
  std::chrono::milliseconds retry{0};  ///< Wait this long before sending again.

  friend bool operator==(const nack&, const nack&) = default;
};

struct presence_entry {
  presence_id id;
  client_id client;
  bytes cursor;
  bytes state;  ///< Cursor and state empty: gone.

  friend bool operator==(const presence_entry&, const presence_entry&) = default;
};

/// Presence that changed. Cursors count in the document as of the last `edits` sent before.
struct presence_changes {
  document_number document;
  std::vector<presence_entry> entries;

  friend bool operator==(const presence_changes&, const presence_changes&) = default;
};

/// The document is not open any more.
struct closed {
  document_number document;
  errc code = errc::internal;
  std::string detail;

  friend bool operator==(const closed&, const closed&) = default;
};

/// What was queued for this document was dropped: open it again with where you are.
struct resync {
  document_number document;

  friend bool operator==(const resync&, const resync&) = default;
};

/// The connection closes next. Connect again after `retry`.
struct bye {
  errc code = errc::internal;
  std::string detail;
  std::chrono::milliseconds retry{0};

  friend bool operator==(const bye&, const bye&) = default;
};

/// A request, or the connection (request 0), failed.
struct failure {
  std::uint32_t request = 0;
  errc code = errc::internal;
  std::string detail;
  std::chrono::milliseconds retry{0};

  friend bool operator==(const failure&, const failure&) = default;
};

using server_message = std::variant<welcome, opened, snapshot_part, edits, ack, nack, presence_changes, closed, resync,
                                    bye, failure, ping, pong>;

}  // namespace quire::protocol
