#pragma once

#include "gateway/net.hpp"
#include "protocol/result.hpp"

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace quire::gateway {

/// What a server's TLS goes by: TLS 1.2 and newer, with this certificate chain and key, both PEM files.
/// Errors: invalid_configuration, naming the file.
[[nodiscard]] result<std::unique_ptr<net::ssl::context>> make_tls_context(const std::string& certificate_file,
                                                                          const std::string& key_file);

}  // namespace quire::gateway
