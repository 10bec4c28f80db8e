#pragma once

#include "protocol/messages.hpp"

namespace quire::protocol {

/// Appends `message` in its wire form. Details and agents over their limits are cut.
void encode(const client_message& message, bytes& out);
void encode(const server_message& message, bytes& out);

/// Takes the first message off `frame`, which holds one or more, one after another. It counts no messages: whoever
/// loops keeps limits::messages_a_frame_max.
/// Cost:   linear; one allocation for each string or binary, none beyond what the bytes left justify.
/// Errors: malformed_message, message_too_large: `frame` is then of no more use. unknown_message: `frame` goes on
/// behind
///         the message, for clients pass over what they do not know.
[[nodiscard]] result<client_message> decode_client_message(bytes_view& frame);
[[nodiscard]] result<server_message> decode_server_message(bytes_view& frame);

}  // namespace quire::protocol
