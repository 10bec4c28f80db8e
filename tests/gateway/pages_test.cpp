#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/running_server.hpp"
#include "tests/fixture/gateway/websocket_client.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using fixture::field_of;
using fixture::request;
using fixture::running_server;

server_options with_pages(const fixture::temporary_folder& folder) {
  std::ofstream(folder.path() / "index.html") << "<!doctype html>";
  server_options made;
  made.pages = static_files::read(folder.path()).value();
  return made;
}

}  // namespace

TEST(pages, they_come_with_what_keeps_a_browser_safe) {
  const fixture::temporary_folder folder;
  running_server server(with_pages(folder));
  const auto page = request(server.port(), "GET", "/d/acme/plan");
  EXPECT_EQ(page.result_int(), 200U);
  EXPECT_EQ(page.body(), "<!doctype html>");
  EXPECT_EQ(field_of(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(field_of(page, "X-Content-Type-Options"), "nosniff");
  EXPECT_NE(field_of(page, "Content-Security-Policy").find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(request(server.port(), "GET", "/", {{"If-None-Match", field_of(page, "ETag")}}).result_int(), 304U);
}

TEST(health, both_ports_say_that_the_server_lives_and_is_ready) {
  running_server server;
  for (const auto port : {server.port(), server.admin_port()}) {
    EXPECT_EQ(request(port, "GET", "/healthz").result_int(), 200U);
    EXPECT_EQ(request(port, "GET", "/readyz").body(), "ready\n");
  }
}

TEST(health, a_server_that_stops_lives_but_is_not_ready) {
  running_server server;
  server.stop();
  EXPECT_EQ(request(server.admin_port(), "GET", "/healthz").result_int(), 200U);
  EXPECT_EQ(request(server.admin_port(), "GET", "/readyz").result_int(), 503U);
}

TEST(operators_port, it_is_another_if_it_is_taken_and_nobody_chose_it) {
  running_server first;
  server_options options;
  options.admin_listen.port = first.port();
  options.any_admin_port = true;
  running_server second(std::move(options));
  EXPECT_NE(second.admin_port(), first.port());
  EXPECT_EQ(request(second.admin_port(), "GET", "/metrics").result_int(), 200U);
}

TEST(operators_port, it_shows_the_metrics_and_no_documents) {
  running_server server;
  fixture::websocket_client client(server.port());
  client.greet();
  const auto answer = request(server.admin_port(), "GET", "/metrics");
  EXPECT_EQ(field_of(answer, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const auto* line : {"quire_connections 1", "quire_sessions 1", "quire_documents_open 0",
                           "# TYPE quire_commit_seconds histogram", "# TYPE quire_delivery_seconds histogram"})
    EXPECT_NE(answer.body().find(line), std::string::npos) << line;
  EXPECT_EQ(request(server.admin_port(), "GET", "/v1/documents/default/x").result_int(), 404U);
  EXPECT_EQ(request(server.admin_port(), "GET", "/v1/connect").result_int(), 404U);
}

}  // namespace quire::gateway
