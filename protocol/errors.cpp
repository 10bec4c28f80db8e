#include "protocol/errors.hpp"

#include <array>
#include <cstddef>

namespace quire {

namespace {

// In the order of the numbers, so that a code is its row's index plus one.
constexpr std::array table{
  error_description{errc::malformed_message, "malformed_message", fault::client, remedy::give_up, 4400, 400},
  error_description{errc::message_too_large, "message_too_large", fault::client, remedy::give_up, 4413, 413},
  error_description{errc::unknown_message, "unknown_message", fault::client, remedy::give_up, 4400, 400},
  error_description{errc::hello_expected, "hello_expected", fault::client, remedy::give_up, 4402, 400},
  error_description{errc::already_greeted, "already_greeted", fault::client, remedy::give_up, 4402, 400},
  error_description{errc::unsupported_version, "unsupported_version", fault::client, remedy::give_up, 4406, 400},
  error_description{errc::stale_epoch, "stale_epoch", fault::nobody, remedy::resend, 4500, 503},
  error_description{errc::unknown_document_type, "unknown_document_type", fault::client, remedy::give_up, 4415, 400},
  error_description{errc::type_mismatch, "type_mismatch", fault::client, remedy::give_up, 4415, 409},
  error_description{errc::document_not_open, "document_not_open", fault::client, remedy::reload, 4500, 409},
  error_description{errc::not_found, "not_found", fault::client, remedy::give_up, 4404, 404},
  error_description{errc::invalid_name, "invalid_name", fault::client, remedy::give_up, 4404, 400},
  error_description{errc::future_revision, "future_revision", fault::client, remedy::reload, 4409, 409},
  error_description{errc::base_too_old, "base_too_old", fault::nobody, remedy::reload, 4500, 409},
  error_description{errc::malformed_operation, "malformed_operation", fault::client, remedy::reload, 4422, 422},
  error_description{errc::operation_too_large, "operation_too_large", fault::client, remedy::reload, 4413, 413},
  error_description{errc::document_too_large, "document_too_large", fault::client, remedy::reload, 4413, 413},
  error_description{errc::too_costly, "too_costly", fault::client, remedy::reload, 4500, 422},
  error_description{errc::sequence_gap, "sequence_gap", fault::client, remedy::resend, 4500, 409},
  error_description{errc::sequence_reused, "sequence_reused", fault::client, remedy::reload, 4409, 409},
  error_description{errc::too_many_documents, "too_many_documents", fault::client, remedy::give_up, 4429, 429},
  error_description{errc::too_much_presence, "too_much_presence", fault::client, remedy::give_up, 4429, 429},
  error_description{errc::slow_reader, "slow_reader", fault::client, remedy::retry, 1013, 503},
  error_description{errc::generation_changed, "generation_changed", fault::nobody, remedy::reload, 4500, 409},
  error_description{errc::document_deleted, "document_deleted", fault::nobody, remedy::give_up, 4410, 410},
  error_description{errc::document_damaged, "document_damaged", fault::server, remedy::give_up, 4424, 500},
  error_description{errc::store_unavailable, "store_unavailable", fault::server, remedy::retry, 1013, 503},
  error_description{errc::commit_in_doubt, "commit_in_doubt", fault::server, remedy::resend, 1013, 503},
  error_description{errc::shutting_down, "shutting_down", fault::nobody, remedy::retry, 1012, 503},
  error_description{errc::overloaded, "overloaded", fault::server, remedy::retry, 1013, 503},
  error_description{errc::hello_timeout, "hello_timeout", fault::client, remedy::retry, 4508, 408},
  error_description{errc::silent, "silent", fault::client, remedy::retry, 4508, 408},
  error_description{errc::unauthenticated, "unauthenticated", fault::client, remedy::reauthenticate, 4401, 401},
  error_description{errc::forbidden, "forbidden", fault::client, remedy::give_up, 4403, 403},
  error_description{errc::superseded, "superseded", fault::nobody, remedy::give_up, 4411, 409},
  error_description{errc::client_id_in_use, "client_id_in_use", fault::client, remedy::retry, 4509, 409},
  error_description{errc::not_here, "not_here", fault::nobody, remedy::resend, 4500, 503},
  error_description{errc::internal, "internal", fault::server, remedy::retry, 1011, 500},
  error_description{errc::already_exists, "already_exists", fault::client, remedy::give_up, 4409, 412},
  error_description{errc::schema_mismatch, "schema_mismatch", fault::server, remedy::give_up, 1011, 500},
  error_description{errc::precondition_failed, "precondition_failed", fault::client, remedy::reload, 4409, 412},
  error_description{errc::text_frame, "text_frame", fault::client, remedy::give_up, 4400, 400},
  error_description{errc::store_locked, "store_locked", fault::server, remedy::give_up, 1011, 500},
  error_description{errc::invalid_configuration, "invalid_configuration", fault::server, remedy::give_up, 1011, 500},
  error_description{errc::too_many_clients, "too_many_clients", fault::nobody, remedy::give_up, 4429, 429},
  error_description{errc::too_many_labels, "too_many_labels", fault::client, remedy::give_up, 4429, 429},
  error_description{errc::history_trimmed, "history_trimmed", fault::nobody, remedy::give_up, 4410, 410},
};

constexpr bool is_in_order() {
  for (std::size_t row = 0; row < table.size(); ++row)
    if (static_cast<std::size_t>(table[row].code) != row + 1)
      return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

const error_description& describe(errc code) noexcept {
  const auto row = static_cast<std::size_t>(code) - 1;
  return row < table.size() ? table[row] : describe(errc::internal);
}

std::string_view to_string(remedy what) noexcept {
  switch (what) {
    case remedy::retry: return "retry";
    case remedy::resend: return "resend";
    case remedy::reload: return "reload";
    case remedy::reauthenticate: return "reauthenticate";
    case remedy::give_up: return "give_up";
  }
  return "give_up";
}

}  // namespace quire
