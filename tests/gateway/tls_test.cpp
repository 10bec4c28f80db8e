#include "gateway/tls_context.hpp"
#include "protocol/codec.hpp"
#include "tests/fixture/gateway/certificate.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using tls_stream = beast::ssl_stream<tcp::socket>;

server_options with_tls(const fixture::certificate& certificate) {
  server_options made;
  made.tls = make_tls_context(certificate.file(), certificate.key_file()).value();
  return made;
}

class tls_client {
 public:
  explicit tls_client(std::uint16_t port) : stream_(io_, context_) {
    stream_.next_layer().connect({net::ip::make_address("127.0.0.1"), port});
    stream_.handshake(net::ssl::stream_base::client);
  }

  [[nodiscard]] tls_stream& stream() { return stream_; }

 private:
  net::io_context io_;
  net::ssl::context context_{net::ssl::context::tls_client};
  tls_stream stream_;
};

}  // namespace

TEST(tls, http_is_spoken_over_it) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  tls_client client(server.port());
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, "/healthz", 11);
  request.set(beast::http::field::host, "127.0.0.1");
  beast::http::write(client.stream(), request);
  beast::flat_buffer received;
  fixture::http_answer answer;
  beast::http::read(client.stream(), received, answer);
  EXPECT_EQ(answer.body(), "ok\n");
}

TEST(tls, websockets_are_spoken_over_it_large_frames_too) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  tls_client client(server.port());
  beast::websocket::stream<tls_stream&> socket(client.stream());
  socket.set_option(beast::websocket::stream_base::decorator([](beast::websocket::request_type& request) {
    request.set(beast::http::field::sec_websocket_protocol, "quire.v1");
  }));
  socket.handshake("127.0.0.1", "/v1/connect");
  socket.binary(true);
  bytes frame;
  protocol::hello hello;
  hello.client.octets[0] = 1;
  protocol::encode(protocol::client_message(hello), frame);
  for (std::uint64_t nonce = 0; nonce < 1'000; ++nonce)
    protocol::encode(protocol::client_message(protocol::ping{nonce}), frame);
  socket.write(net::buffer(frame));
  std::uint64_t pongs = 0;
  while (pongs < 1'000) {
    beast::flat_buffer received;
    socket.read(received);
    bytes_view rest(static_cast<const std::byte*>(received.cdata().data()), received.size());
    const auto message = protocol::decode_server_message(rest).value();
    if (const auto* const pong = std::get_if<protocol::pong>(&message)) {
      EXPECT_EQ(pong->nonce, pongs++);
    }
  }
  socket.close(beast::websocket::close_code::normal);
}

TEST(tls, whoever_does_not_speak_it_is_hung_up_on) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  fixture::http_client client(server.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THROW(static_cast<void>(client.receive()), std::exception);
}

TEST(tls, a_certificate_that_cannot_be_read_is_named) {
  EXPECT_NE(make_tls_context("/nowhere.pem", "/nowhere.key").error().detail.find("/nowhere.pem"), std::string::npos);
}

}  // namespace quire::gateway
