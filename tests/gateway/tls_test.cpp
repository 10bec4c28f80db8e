#include "gateway/tls_context.hpp"
#include "tests/fixture/gateway/certificate.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/gateway/tls_request.hpp"
#include "tests/fixture/gateway/websocket_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using fixture::tls_websocket_client;

server_options with_tls(const fixture::certificate& certificate) {
  server_options made;
  made.tls = make_tls_context(certificate.file(), certificate.key_file()).value();
  return made;
}

constexpr const char* busy = "busy";

tls_websocket_client::options small_buffer() {
  tls_websocket_client::options how;
  how.receive_buffer_bytes = 8 * 1024;
  return how;
}

}  // namespace

TEST(tls, http_is_spoken_over_it) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  EXPECT_EQ(fixture::request_over_tls(server.port(), "/healthz").body(), "ok\n");
}

TEST(tls, many_small_frames_arrive_in_order) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  tls_websocket_client client(server.port());
  client.greet();
  for (std::uint64_t nonce = 0; nonce < 400; ++nonce)
    client.send(protocol::ping{nonce});
  for (std::uint64_t nonce = 0; nonce < 400; ++nonce)
    EXPECT_EQ(client.next<protocol::pong>().nonce, nonce);
  EXPECT_FALSE(client.close());
}

TEST(tls, yjs_providers_are_served_over_it) {
  using namespace std::literals;
  using boost::asio::ip::tcp;
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  boost::asio::io_context context;
  boost::asio::ssl::context everybody_is_believed(boost::asio::ssl::context::tls_client);
  boost::beast::websocket::stream<boost::beast::ssl_stream<tcp::socket>> socket(context, everybody_is_believed);
  boost::beast::get_lowest_layer(socket).connect({boost::asio::ip::address_v4::loopback(), server.port()});
  socket.next_layer().handshake(boost::asio::ssl::stream_base::client);
  socket.handshake("127.0.0.1", "/yjs/plan");
  socket.binary(true);
  socket.write(boost::asio::buffer("\0\0\x01\0"sv));  // step 1 of who has nothing
  std::string answer;
  while (answer != "\0\x01\x02\0\0"sv) {  // step 2 of a document that has nothing
    boost::beast::flat_buffer received;
    socket.read(received);
    answer = boost::beast::buffers_to_string(received.cdata());
  }
  socket.close(boost::beast::websocket::close_code::normal);
}

TEST(tls, a_connection_that_is_closed_ends_as_tls_ends) {
  const fixture::certificate certificate;
  fixture::running_server server(with_tls(certificate));
  for (int number = 1; number < 100; ++number) {
    tls_websocket_client client(server.port());
    client.greet();
    EXPECT_FALSE(client.close());
  }
}

// What waits is dropped while a part of it is being sent: what the client reads must be whole frames all the same.
TEST(tls, one_that_does_not_read_is_told_to_resync_and_catches_up_with_nothing_lost) {
  const fixture::certificate certificate;
  auto options = with_tls(certificate);
  options.set.send_queue_bytes_max = 256UL * 1024;
  fixture::running_server server(std::move(options));
  tls_websocket_client sloth(server.port(), small_buffer());
  tls_websocket_client typist(server.port());
  for (auto* const one : {&sloth, &typist})
    one->greet();
  static_cast<void>(sloth.open(busy));
  const auto typed = typist.open(busy);
  revision at;
  for (std::uint32_t number = 1; server.metric("quire_resyncs_total") < 1; ++number) {
    typist.send(
      protocol::edit{typed.document, client_sequence(number), at, fixture::insertion(0, std::string(50'000, 'x'))});
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
  EXPECT_EQ(sloth.open(busy, "text", protocol::position{typed.generation, seen}).revision, at);
  while (seen < at) {
    const auto run = sloth.next<protocol::edits>();
    EXPECT_EQ(run.first, seen.next());
    seen = seen.plus(run.run.size());
  }
  EXPECT_FALSE(typist.close());
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
