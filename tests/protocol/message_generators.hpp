#pragma once

#include "protocol/messages.hpp"

#include <rapidcheck.h>

/// Random messages that keep to the protocol.
namespace quire::protocol::generators {

/// Any message of a client; each kind is as likely.
[[nodiscard]] rc::Gen<client_message> from_client();

/// Any message of a server; each kind is as likely.
[[nodiscard]] rc::Gen<server_message> from_server();

}  // namespace quire::protocol::generators
