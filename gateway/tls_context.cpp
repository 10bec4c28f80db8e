#include "gateway/tls_context.hpp"

namespace quire::gateway {

result<std::unique_ptr<net::ssl::context>> make_tls_context(const std::string& certificate_file,
                                                            const std::string& key_file) {
  auto made = std::make_unique<net::ssl::context>(net::ssl::context::tls_server);
  error_code failed;
  made->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 | net::ssl::context::no_sslv3 |
                      net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1,
                    failed);
  made->use_certificate_chain_file(certificate_file, failed);
  if (failed)
    return fail(errc::invalid_configuration,
                "cannot use the certificate " + certificate_file + ": " + failed.message());
  made->use_private_key_file(key_file, net::ssl::context::pem, failed);
  if (failed)
    return fail(errc::invalid_configuration, "cannot use the key " + key_file + ": " + failed.message());
  return made;
}

}  // namespace quire::gateway
