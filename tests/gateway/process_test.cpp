#include "tests/fixture/gateway/process.hpp"
#include "tests/fixture/gateway/certificate.hpp"
#include "tests/fixture/gateway/editing_pair.hpp"
#include "tests/fixture/gateway/http_client.hpp"
#include "tests/fixture/gateway/tls_request.hpp"
#include "tests/fixture/sqlite_file.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

namespace quire {

namespace {

using fixture::ports_in;
using fixture::process;
using fixture::serve;

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
    EXPECT_EQ(server.read_line(), "") << "stdout has one line";
  }
}

TEST(process, a_damaged_document_does_not_open_and_says_why_while_its_neighbour_works_and_nothing_of_it_is_changed) {
  const fixture::sqlite_file file;
  std::string of_plans;
  {
    process server(serve({"--store", file.address()}));
    const auto at = ports_in(server.read_line());
    {
      fixture::editing_pair notes(at.clients, "notes");
      fixture::editing_pair plans(at.clients, "plans");
      for (int round = 0; round < 5; ++round) {
        notes.type_together();
        plans.type_together();
      }
      of_plans = fixture::request(at.clients, "GET", "/v1/documents/default/plans").body();
      EXPECT_TRUE(plans.agrees_with(of_plans));
    }
    server.signal(SIGTERM);
    ASSERT_EQ(server.wait(), 0);
  }
  const std::string of_notes = "document = (SELECT number FROM document WHERE name = 'notes')";
  file.tamper("UPDATE op_log SET operation = x'00' WHERE revision = 7 AND " + of_notes);
  const auto damaged = [&] {
    // All but the epoch, which counts who opened it.
    return file.rows(
             "SELECT number, doc_id, generation, type, created, identity, state, head, chain, modified FROM document "
             "WHERE name = 'notes'") +
           file.rows("SELECT * FROM op_log WHERE " + of_notes + " ORDER BY revision") +
           file.rows("SELECT * FROM snapshot WHERE " + of_notes);
  };
  const auto before = damaged();

  process server(serve({"--store", file.address()}));
  const auto at = ports_in(server.read_line());
  const std::string why = "default/notes (generation 1): revision 7: the log's row does not match its checksum";
  {
    fixture::websocket_client client(at.clients);
    client.greet();
    for (std::uint32_t request = 1; request <= 2; ++request) {
      client.send(protocol::open{request, {"default", "notes"}, "text", std::nullopt});
      EXPECT_EQ(client.receive(), protocol::server_message(protocol::failure{request, errc::document_damaged, why}));
    }
    EXPECT_EQ(fixture::request(at.clients, "GET", "/v1/documents/default/plans").body(), of_plans);
    fixture::editing_pair others(at.clients, "others");
    others.type_together();
  }
  const auto got = fixture::request(at.clients, "GET", "/v1/documents/default/notes");
  EXPECT_EQ(got.result_int(), 500U);
  EXPECT_EQ(nlohmann::json::parse(got.body()).at("error"), "document_damaged");
  EXPECT_EQ(nlohmann::json::parse(got.body()).at("detail"), why);

  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  EXPECT_EQ(damaged(), before);
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

TEST(process, the_operators_port_is_open_to_all_the_world_only_if_that_is_meant) {
  process bold({"serve", "--store", "memory", "--listen", "127.0.0.1:0", "--admin-listen", "0.0.0.0:0"});
  EXPECT_EQ(bold.read_line(), "");
  EXPECT_EQ(bold.wait(), 2);
  EXPECT_NE(bold.errors().find("--insecure"), std::string::npos);
  process meant({"serve", "--store", "memory", "--listen", "127.0.0.1:0", "--admin-listen", "0.0.0.0:0", "--insecure"});
  EXPECT_NE(meant.read_line().find("(admin http://0.0.0.0:"), std::string::npos);
  meant.signal(SIGTERM);
  EXPECT_EQ(meant.wait(), 0);
  EXPECT_NE(meant.errors().find("everyone who reaches it sees the metrics"), std::string::npos);
}

TEST(process, the_least_that_must_be_said_is_where_to_listen_and_what_to_store) {
  const fixture::temporary_folder folder;
  const auto port = ports_in(process(serve({"--store", "memory"})).read_line()).clients;  // free again
  process server({"serve", "--listen", "127.0.0.1:" + std::to_string(port), "--store",
                  "sqlite:" + (folder.path() / "quire.db").string()});
  const auto at = ports_in(server.read_line());
  EXPECT_EQ(at.clients, port);
  EXPECT_EQ(fixture::request(at.operators, "GET", "/healthz").result_int(), 200U);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  const bool was_taken = server.errors().find("set --admin-listen to choose it") != std::string::npos;
  EXPECT_TRUE(at.operators == port + 1 || was_taken);
}

TEST(process, it_speaks_tls_with_a_certificate_and_its_key) {
  const fixture::certificate certificate;
  process server(
    serve({"--store", "memory", "--tls-certificate", certificate.file(), "--tls-key", certificate.key_file()}));
  const auto at = ports_in(server.read_line(), "https");
  EXPECT_EQ(fixture::request_over_tls(at.clients, "/healthz").result_int(), 200U);
  EXPECT_EQ(fixture::request(at.operators, "GET", "/healthz").result_int(), 200U);
}

TEST(process, a_certificate_or_key_that_cannot_be_read_is_named) {
  const fixture::certificate certificate;
  const std::string nowhere = "/nowhere/file.pem";
  for (const auto& [chain, key] : {std::pair(nowhere, certificate.key_file()), std::pair(certificate.file(), nowhere),
                                   std::pair(certificate.key_file(), certificate.key_file())}) {
    process server(serve({"--store", "memory", "--tls-certificate", chain, "--tls-key", key}));
    EXPECT_EQ(server.read_line(), "");
    EXPECT_EQ(server.wait(), 2);
    const auto said = server.errors();
    EXPECT_NE(said.find(key == nowhere ? key : chain), std::string::npos) << said;
  }
}

TEST(process, logs_never_have_contents_or_tokens) {
  const std::string text = "MARKEDTEXT";
  const std::string token = "MARKEDTOKEN";
  process server(serve({"--store", "memory", "--log-level", "trace"}));
  const auto at = ports_in(server.read_line());
  fixture::websocket_client client(at.clients);
  protocol::hello hello;
  hello.client = client.id();
  hello.token = token;
  client.send(hello);
  const auto document = client.open("marked").document;
  client.send(protocol::edit{document, client_sequence(1), revision(0), fixture::insertion(0, text)});
  static_cast<void>(client.next<protocol::edits>());
  client.send(protocol::edit{document, client_sequence(2), revision(0), fixture::insertion(99, text)});
  static_cast<void>(client.next<protocol::nack>());
  fixture::request(at.clients, "PUT", "/v1/documents/default/other", {{"If-None-Match", "*"}}, text + "\xFF");
  fixture::request(at.clients, "GET", "/" + text, {{"Authorization", token}});
  client.send_text(text + token);
  EXPECT_EQ(client.wait_for_close().said.value().code, errc::text_frame);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  const auto said = server.read_line() + server.errors();
  EXPECT_NE(said.find("stopping"), std::string::npos);
  for (const auto& mark : {text, token})
    EXPECT_EQ(said.find(mark), std::string::npos) << said;
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

TEST(process, a_variable_that_means_nothing_is_refused_by_each_command_that_reads_any) {
  setenv("QUIRE_LISSEN", "127.0.0.1:1", 1);
  for (const auto* command : {"serve", "config", "migrate", "verify", "replay"}) {
    process refused({command});
    EXPECT_EQ(refused.read_line(), "") << command;
    EXPECT_EQ(refused.wait(), 2) << command;
    EXPECT_EQ(refused.errors(), "quire " + std::string(command) +
                                  ": the variable QUIRE_LISSEN means nothing; the nearest that does is QUIRE_LISTEN\n");
  }
  EXPECT_EQ(process({"version"}).wait(), 0);
  EXPECT_EQ(process({"verify", "--help"}).wait(), 0);
  unsetenv("QUIRE_LISSEN");
}

TEST(process, what_kubernetes_puts_there_for_a_service_named_quire_disturbs_nobody) {
  setenv("QUIRE_PORT", "tcp://10.0.0.11:1234", 1);
  setenv("QUIRE_SERVICE_HOST", "10.0.0.11", 1);
  process server(serve({"--store", "memory"}));
  const auto at = ports_in(server.read_line());
  EXPECT_EQ(fixture::request(at.clients, "GET", "/healthz").result_int(), 200U);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  unsetenv("QUIRE_PORT");
  unsetenv("QUIRE_SERVICE_HOST");
}

TEST(process, a_command_that_does_not_exist_is_refused) {
  process wrong({"dance"});
  EXPECT_EQ(wrong.wait(), 2);
  process nothing({"serve", "--lissen", "x"});
  EXPECT_EQ(nothing.wait(), 2);
}

}  // namespace quire
