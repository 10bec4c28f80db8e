#include "tests/bench/loadgen/report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace quire::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::uint64_t kibibyte = 1'024;

json parsed(const report& from) {
  return json::parse(to_json(from));
}

json figures_of(const report& from) {
  return parsed(from).at("figures");
}

report report_of(std::string_view name) {
  report out;
  out.what = *find_scenario(name);
  out.protocol = "quire.v1";
  return out;
}

/// 4,000 edits to 200 clients in two seconds, for half a second of the server's time.
report of_edits() {
  auto out = report_of("S8");
  out.counts.edits = 4'000;
  out.counts.deliveries = 800'000;
  for (int each = 0; each < 99; ++each)
    out.counts.to_others.record(1ms);
  out.counts.to_others.record(8ms);
  out.counts.to_author.record(500us);
  out.measured = 2s;
  out.load_cpu = 1s;
  out.server = server_usage{.cpu = 500ms,
                            .store_cpu = 200ms,
                            .resident_before = 1'000 * kibibyte,
                            .resident_opened = 0,
                            .resident_after = 1'500 * kibibyte};
  return out;
}

/// 500 documents of 4 connections each: a document takes 10 KiB, a connection 3.
report of_idle() {
  auto out = report_of("S6");
  out.measured = 1s;
  out.server = server_usage{.cpu = 0ms,
                            .store_cpu = {},
                            .resident_before = 1'000 * kibibyte,
                            .resident_opened = (1'000 + 500 * 13) * kibibyte,
                            .resident_after = (1'000 + 500 * 13 + 1'500 * 3) * kibibyte};
  return out;
}

TEST(a_report, divides_what_the_server_used_by_what_it_did) {
  const auto found = figures_of(of_edits());
  EXPECT_DOUBLE_EQ(found.at("edits_per_s"), 2'000);
  EXPECT_DOUBLE_EQ(found.at("deliveries_per_s"), 400'000);
  EXPECT_DOUBLE_EQ(found.at("cpu_ms_per_1k_edits"), 125);
  EXPECT_DOUBLE_EQ(found.at("cpu_s_per_100k_deliveries"), 0.0625);
  EXPECT_DOUBLE_EQ(found.at("server_cpu_s"), 0.5);
  EXPECT_DOUBLE_EQ(found.at("store_cpu_ms_per_1k_edits"), 50);
  EXPECT_DOUBLE_EQ(found.at("store_cpu_s"), 0.2);
  EXPECT_DOUBLE_EQ(found.at("load_cpu_s"), 1);
  EXPECT_DOUBLE_EQ(found.at("resident_kib_before"), 1'000);
  EXPECT_DOUBLE_EQ(found.at("resident_kib_after"), 1'500);
}

TEST(a_report, has_latencies_in_microseconds_for_others_and_authors_apart) {
  const auto found = parsed(of_edits());
  EXPECT_NEAR(found.at("delivery_us").at("p50").get<double>(), 1'000, 1'000 / 64.0);
  EXPECT_NEAR(found.at("delivery_us").at("p99").get<double>(), 1'000, 1'000 / 64.0);
  EXPECT_NEAR(found.at("delivery_us").at("p99_9").get<double>(), 8'000, 8'000 / 64.0);
  EXPECT_DOUBLE_EQ(found.at("delivery_us").at("max"), 8'000);
  EXPECT_NEAR(found.at("ack_us").at("p50").get<double>(), 500, 500 / 64.0);
}

TEST(a_report, says_which_load_it_is_of_and_what_went_wrong) {
  auto of = of_edits();
  of.troubles.add("an edit came twice");
  const auto found = parsed(of);
  EXPECT_EQ(found.at("scenario"), "S8");
  EXPECT_EQ(found.at("kind"), "edits");
  EXPECT_EQ(found.at("protocol"), "quire.v1");
  EXPECT_EQ(found.at("documents"), 1);
  EXPECT_EQ(found.at("clients"), 200);
  EXPECT_EQ(found.at("writers"), 1);
  EXPECT_EQ(found.at("trouble_count"), 1);
  EXPECT_EQ(found.at("troubles"), json::array({"an edit came twice"}));
  EXPECT_NE(to_text(of).find("an edit came twice"), std::string::npos);
}

TEST(a_report, divides_memory_by_connections_and_separates_the_documents_own) {
  const auto found = figures_of(of_idle());
  EXPECT_DOUBLE_EQ(found.at("kib_per_connection"), 5.5);
  EXPECT_DOUBLE_EQ(found.at("kib_per_document"), 22);
  EXPECT_DOUBLE_EQ(found.at("kib_per_further_connection"), 3);
  EXPECT_DOUBLE_EQ(found.at("kib_per_open_document"), 10);
}

TEST(a_report, does_not_guess_at_a_documents_own_memory_from_one_document) {
  auto of = of_idle();
  of.what = *find_scenario("S6b");
  const auto found = figures_of(of);
  EXPECT_TRUE(found.contains("kib_per_connection"));
  EXPECT_FALSE(found.contains("kib_per_open_document"));
}

TEST(a_report, of_a_join_says_how_long_until_all_were_in_sync) {
  auto of = report_of("S7");
  of.measured = 128ms;
  const auto found = figures_of(of);
  EXPECT_DOUBLE_EQ(found.at("in_sync_ms"), 128);
  EXPECT_FALSE(found.contains("edits_per_s"));
}

TEST(a_report, of_a_reopening_has_how_long_each_document_took_to_open) {
  auto of = report_of("S10");
  of.measured = 30ms;
  of.counts.to_open.record(4ms);
  of.counts.to_open.record(12ms);
  const auto found = parsed(of);
  EXPECT_EQ(found.at("kind"), "reopen");
  EXPECT_DOUBLE_EQ(found.at("figures").at("in_sync_ms"), 30);
  EXPECT_NEAR(found.at("open_us").at("p50").get<double>(), 4'000, 4'000 / 64.0);
  EXPECT_DOUBLE_EQ(found.at("open_us").at("max"), 12'000);
}

TEST(a_report, of_a_store_without_processes_of_its_own_has_no_word_of_them) {
  const auto found = figures_of(of_idle());
  EXPECT_TRUE(found.contains("server_cpu_s"));
  EXPECT_FALSE(found.contains("store_cpu_s"));
}

TEST(a_report, of_a_server_that_was_not_watched_has_no_word_of_it) {
  auto of = of_edits();
  of.server.reset();
  const auto found = figures_of(of);
  for (const auto* key : {"server_cpu_s", "cpu_ms_per_1k_edits", "cpu_s_per_100k_deliveries", "resident_kib_after"})
    EXPECT_FALSE(found.contains(key)) << key;
}

}  // namespace
}  // namespace quire::bench
