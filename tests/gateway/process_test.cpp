#include "tests/fixture/gateway/process.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

namespace quire {

namespace {

using fixture::process;
using arguments = std::vector<std::string>;

struct ports {
  std::uint16_t clients = 0;
  std::uint16_t operators = 0;
};

ports ports_in(const std::string& line) {
  static const std::regex form(R"(quire: ready on http://127\.0\.0\.1:(\d+) \(admin http://127\.0\.0\.1:(\d+)\))");
  std::smatch found;
  if (!std::regex_match(line, found, form))
    throw std::runtime_error("not the line of a server that is ready: " + line);
  return {static_cast<std::uint16_t>(std::stoi(found[1])), static_cast<std::uint16_t>(std::stoi(found[2]))};
}

arguments serve(arguments more) {
  arguments all{"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

TEST(process, it_says_when_it_is_ready_and_where_and_ends_with_0_when_asked_to) {
  for (const int asked : {SIGTERM, SIGINT}) {
    process server(serve({"--store", "memory"}));
    const auto at = ports_in(server.read_line());
    EXPECT_EQ(fixture::request(at.clients, "GET", "/healthz").result_int(), 200U);
    EXPECT_EQ(fixture::request(at.operators, "GET", "/metrics").result_int(), 200U);
    server.signal(asked);
    const auto code = server.wait();
    const auto said = server.errors();
    EXPECT_EQ(code, 0) << said;
    EXPECT_NE(said.find("nothing outlives this process"), std::string::npos);
  }
}

TEST(process, what_was_typed_before_it_was_stopped_is_there_when_it_starts_again) {
  const fixture::temporary_folder folder;
  const auto store = "sqlite:" + (folder.path() / "quire.db").string();
  std::string typed;
  {
    process server(serve({"--store", store}));
    const auto at = ports_in(server.read_line());
    fixture::editing_pair pair(at.clients, "kept");
    for (int round = 0; round < 10; ++round)
      pair.type_together();
    typed = pair.expected();
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }
  process server(serve({"--store", store}));
  const auto at = ports_in(server.read_line());
  EXPECT_EQ(fixture::request(at.clients, "GET", "/v1/documents/default/kept").body(), typed);
}

TEST(process, a_port_that_is_taken_is_named) {
  process first(serve({"--store", "memory"}));
  const auto taken = std::to_string(ports_in(first.read_line()).clients);
  process second({"serve", "--store", "memory", "--admin-listen", "127.0.0.1:0", "--listen", "127.0.0.1:" + taken});
  EXPECT_EQ(second.read_line(), "");
  EXPECT_EQ(second.wait(), 2);
  EXPECT_NE(second.errors().find("cannot listen on 127.0.0.1:" + taken), std::string::npos);
}

TEST(process, a_store_that_another_process_has_is_refused) {
  const fixture::temporary_folder folder;
  const auto store = "sqlite:" + (folder.path() / "quire.db").string();
  process first(serve({"--store", store}));
  static_cast<void>(ports_in(first.read_line()));
  process second(serve({"--store", store}));
  EXPECT_EQ(second.wait(), 1);
}

TEST(process, it_listens_to_all_the_world_only_if_that_is_meant) {
  process bold({"serve", "--store", "memory", "--admin-listen", "127.0.0.1:0", "--listen", "0.0.0.0:0"});
  EXPECT_EQ(bold.wait(), 2);
  EXPECT_NE(bold.errors().find("--insecure"), std::string::npos);
  process meant({"serve", "--store", "memory", "--admin-listen", "127.0.0.1:0", "--listen", "0.0.0.0:0", "--insecure"});
  EXPECT_NE(meant.read_line().find("quire: ready on http://0.0.0.0:"), std::string::npos);
  meant.signal(SIGTERM);
  EXPECT_EQ(meant.wait(), 0);
  EXPECT_NE(meant.errors().find("without authentication"), std::string::npos);
}

TEST(process, logs_can_be_json_one_object_a_line) {
  process server(serve({"--store", "memory", "--log-format", "json"}));
  static_cast<void>(ports_in(server.read_line()));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  static const std::regex form(R"(\{"time":"[-0-9T:.]+Z","level":"[a-z]+","message":".*"\})");
  std::istringstream lines(server.errors());
  for (std::string line; std::getline(lines, line);)
    EXPECT_TRUE(std::regex_match(line, form)) << line;
}

TEST(process, config_says_what_is_in_force_and_from_where) {
  process config({"config", "--store", "memory"});
  std::string all;
  for (std::string line = config.read_line(); !line.empty(); line = config.read_line())
    all += line + "\n";
  EXPECT_EQ(config.wait(), 0);
  EXPECT_TRUE(std::regex_search(all, std::regex("store +flag +memory\n"))) << all;
  EXPECT_TRUE(std::regex_search(all, std::regex("listen +default +127\\.0\\.0\\.1:1234\n"))) << all;
}

TEST(process, a_command_that_does_not_exist_is_refused) {
  process wrong({"dance"});
  EXPECT_EQ(wrong.wait(), 2);
  process nothing({"serve", "--lissen", "x"});
  EXPECT_EQ(nothing.wait(), 2);
}

}  // namespace quire
