#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace quire {

/// What went wrong. Numbers cross the wire: never reuse one. Fault and remedy: `describe` in protocol/errors.hpp.
enum class errc : std::uint8_t {
  malformed_message = 1,       ///< Not a message of this protocol version. Remedy: give up.
  message_too_large = 2,       ///< A frame or a part of it is over its limit. Remedy: give up.
  unknown_message = 3,         ///< A message type this version does not have. Remedy: give up.
  hello_expected = 4,          ///< Another message came before hello. Remedy: give up.
  already_greeted = 5,         ///< A second hello. Remedy: give up.
  unsupported_version = 6,     ///< No protocol version in common. Remedy: give up.
  stale_epoch = 7,             ///< Another node owns the document now. Remedy: look the owner up, resend.
  unknown_document_type = 8,   ///< No such document type here. Remedy: give up.
  type_mismatch = 9,           ///< The document has another type. Remedy: give up.
  document_not_open = 10,      ///< A message for a document that this connection has not opened. Remedy: reload.
  not_found = 11,              ///< No such document. Remedy: give up.
  invalid_name = 12,           ///< Not a document's name. Remedy: give up.
  future_revision = 13,        ///< A base revision that the document has not reached. Remedy: reload.
  base_too_old = 14,           ///< A base revision older than what can be rebased. Remedy: reload.
  malformed_operation = 15,    ///< Not a valid operation of the document's type. Remedy: reload.
  operation_too_large = 16,    ///< An operation over its limit. Remedy: reload.
  document_too_large = 17,     ///< The document would pass its limit. Remedy: reload.
  too_costly = 18,             ///< Rebasing would cost more than is allowed. Remedy: reload.
  sequence_gap = 19,           ///< A client sequence after one that never came. Remedy: resend.
  sequence_reused = 20,        ///< A client sequence used again for other content. Remedy: reload.
  too_many_documents = 21,     ///< This connection has too many documents open. Remedy: give up.
  too_much_presence = 22,      ///< Presence over its limit in size or rate. Remedy: give up.
  slow_reader = 23,            ///< The connection does not drain. Remedy: retry.
  generation_changed = 24,     ///< The document was deleted and made anew. Remedy: reload.
  document_deleted = 25,       ///< The document was deleted. Remedy: give up.
  document_damaged = 26,       ///< Its snapshot or log does not read. Remedy: give up; an operator is needed.
  store_unavailable = 27,      ///< The store does not answer. Remedy: retry.
  commit_in_doubt = 28,        ///< Not known whether it was committed. Remedy: resend.
  shutting_down = 29,          ///< This node stops. Remedy: retry.
  overloaded = 30,             ///< This node takes no more now. Remedy: retry.
  hello_timeout = 31,          ///< No hello in time. Remedy: retry.
  silent = 32,                 ///< Nothing was heard for too long. Remedy: retry.
  unauthenticated = 33,        ///< No valid token. Remedy: reauthenticate.
  forbidden = 34,              ///< The token does not allow it. Remedy: give up.
  superseded = 35,             ///< The same client connected again. Remedy: give up.
  client_id_in_use = 36,       ///< Another live connection has this client id. Remedy: retry.
  not_here = 37,               ///< The actor asked is stopping. Remedy: resend.
  internal = 38,               ///< Our mistake. Remedy: retry.
  already_exists = 39,         ///< It exists. Remedy: give up.
  schema_mismatch = 40,        ///< The store's schema is newer or foreign. Remedy: give up; an operator is needed.
  precondition_failed = 41,    ///< The document is at another revision. Remedy: reload.
  text_frame = 42,             ///< A text frame where only binary ones are spoken. Remedy: give up.
  store_locked = 43,           ///< Another process has the store open. Remedy: give up; an operator is needed.
  invalid_configuration = 44,  ///< A flag, variable or key is wrong. Remedy: give up; an operator is needed.
  too_many_clients = 45,       ///< The document remembers too many clients. Remedy: give up.
  too_many_labels = 46,        ///< The document has as many labels as it may. Remedy: give up.
  history_trimmed = 47,        ///< That part of the document's past is no longer kept. Remedy: give up.
};

/// What a function reports when it fails.
struct error {
  errc code = errc::internal;
  std::string detail;  ///< For people; nobody parses it.

  friend bool operator==(const error&, const error&) = default;
};

/// A value or an error. Shaped like C++23's std::expected.
template <class T>
using result = tl::expected<T, error>;

[[nodiscard]] inline tl::unexpected<error> fail(errc code, std::string detail = {}) {
  return tl::unexpected<error>(error{code, std::move(detail)});
}

}  // namespace quire
