#include "gateway/tls_context.hpp"
#include "protocol/codec.hpp"
#include "tests/fixture/gateway/certificate.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
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
    stream_.next_layer().open(tcp::v4());
    stream_.next_layer().set_option(tcp::socket::receive_buffer_size(8 * 1024));
    stream_.next_layer().connect({net::ip::make_address("127.0.0.1"), port});
    stream_.handshake(net::ssl::stream_base::client);
  }

  [[nodiscard]] tls_stream& stream() { return stream_; }

 private:
  net::io_context io_;
  net::ssl::context context_{net::ssl::context::tls_client};
  tls_stream stream_;
};

/// A client of protocol version 1 over TLS, that blocks.
class tls_websocket {
 public:
  tls_websocket(std::uint16_t port, std::uint8_t id) : client_(port), socket_(client_.stream()) {
    socket_.set_option(beast::websocket::stream_base::decorator([](beast::websocket::request_type& request) {
      request.set(beast::http::field::sec_websocket_protocol, "quire.v1");
    }));
    socket_.handshake("127.0.0.1", "/v1/connect");
    socket_.binary(true);
    protocol::hello hello;
    hello.client.octets[0] = id;
    send(hello);
    static_cast<void>(next<protocol::welcome>());
  }

  void send(const protocol::client_message& message) {
    bytes frame;
    protocol::encode(message, frame);
    socket_.write(net::buffer(frame));
  }

  [[nodiscard]] protocol::server_message receive() {
    if (rest_.empty()) {
      received_.clear();
      socket_.read(received_);
      rest_ = bytes_view(static_cast<const std::byte*>(received_.cdata().data()), received_.size());
    }
    return protocol::decode_server_message(rest_).value();
  }

  template <class Message>
  [[nodiscard]] Message next() {
    while (true) {
      auto message = receive();
      if (auto* const wanted = std::get_if<Message>(&message))
        return std::move(*wanted);
    }
  }

  [[nodiscard]] protocol::opened open(std::optional<protocol::position> since) {
    send(protocol::open{1, {"default", "busy"}, "text", since});
    return next<protocol::opened>();
  }

  void close() { socket_.close(beast::websocket::close_code::normal); }

 private:
  tls_client client_;
  beast::websocket::stream<tls_stream&> socket_;
  beast::flat_buffer received_;
  bytes_view rest_;
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

TEST(tls, many_small_frames_arrive_in_order) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  tls_websocket client(server.port(), 1);
  for (std::uint64_t nonce = 0; nonce < 400; ++nonce)
    client.send(protocol::ping{nonce});
  for (std::uint64_t nonce = 0; nonce < 400; ++nonce)
    EXPECT_EQ(client.next<protocol::pong>().nonce, nonce);
  client.close();
}

TEST(tls, a_connection_that_is_closed_ends_as_tls_ends) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  for (std::uint8_t number = 1; number < 100; ++number)
    EXPECT_NO_THROW(tls_websocket(server.port(), number).close());
}

// What waits is dropped while a part of it is being sent: what the client reads must be whole frames all the same.
TEST(tls, one_that_does_not_read_is_told_to_resync_and_catches_up_with_nothing_lost) {
  const fixture::certificate certificate;
  auto options = with_tls(certificate);
  options.set.send_queue_bytes_max = 256UL * 1024;
  fixture::running_server server(std::move(options));
  tls_websocket sloth(server.port(), 1);
  tls_websocket typist(server.port(), 2);
  static_cast<void>(sloth.open({}));
  const auto busy = typist.open({});
  revision at;
  for (std::uint32_t number = 1; server.metric("quire_resyncs_total") < 1; ++number) {
    typist.send(
      protocol::edit{busy.document, client_sequence(number), at, fixture::insertion(0, std::string(50'000, 'x'))});
    at = typist.next<protocol::edits>().first;
  }
  revision seen;
  while (true) {
    const auto message = sloth.receive();
    if (const auto* const run = std::get_if<protocol::edits>(&message)) {
      EXPECT_EQ(run->first, seen.next());
      seen = seen.plus(run->run.size());
    } else if (std::holds_alternative<protocol::resync>(message)) {
      break;
    }
  }
  EXPECT_LT(seen, at);
  EXPECT_EQ(sloth.open(protocol::position{busy.generation, seen}).revision, at);
  while (seen < at) {
    const auto run = sloth.next<protocol::edits>();
    EXPECT_EQ(run.first, seen.next());
    seen = seen.plus(run.run.size());
  }
  typist.close();
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
