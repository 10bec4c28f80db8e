#include "tests/bench/loadgen/report.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

namespace quire::bench {

namespace {

using nlohmann::json;
using seconds = std::chrono::duration<double>;
using milliseconds = std::chrono::duration<double, std::milli>;
using microseconds = std::chrono::duration<double, std::micro>;

/// One figure: how machines call it, how people do, and how many decimals they want.
struct figure {
  std::string_view key;
  std::string_view label;
  double value;
  int decimals = 0;
};

using figures = std::vector<figure>;

double per(double amount, double count) {
  return count > 0 ? amount / count : 0;
}

double clients_of(const scenario& what) {
  return static_cast<double>(what.documents) * what.clients;
}

// What was written before is opened.
bool opens_written(load_kind kind) {
  return kind == load_kind::join || kind == load_kind::reopen;
}

void add_throughput(figures& out, const report& found) {
  const auto edits = static_cast<double>(found.counts.edits);
  const auto deliveries = static_cast<double>(found.counts.deliveries);
  const double time = seconds(found.measured).count();
  out.push_back({"edits", "edits", edits});
  out.push_back({"edits_per_s", "edits/s", per(edits, time)});
  out.push_back({"deliveries", "deliveries", deliveries});
  out.push_back({"deliveries_per_s", "deliveries/s", per(deliveries, time)});
  if (found.server) {
    const auto& cpu = found.server->cpu;
    out.push_back(
      {"cpu_ms_per_1k_edits", "server CPU, ms per 1,000 edits", per(milliseconds(cpu).count(), edits / 1'000), 2});
    out.push_back({"cpu_s_per_100k_deliveries", "server CPU, s per 100,000 deliveries",
                   per(seconds(cpu).count(), deliveries / 100'000), 3});
    if (const auto& store = found.server->store_cpu)
      out.push_back({"store_cpu_ms_per_1k_edits", "store's CPU, ms per 1,000 edits",
                     per(milliseconds(*store).count(), edits / 1'000), 2});
  }
}

void add_memory(figures& out, const report& found) {
  constexpr double kibibyte = 1'024;
  const double before = static_cast<double>(found.server->resident_before) / kibibyte;
  const double after = static_cast<double>(found.server->resident_after) / kibibyte;
  out.push_back({"resident_kib_before", "resident before, KiB", before});
  out.push_back({"resident_kib_after", "resident after, KiB", after});
  if (found.what.kind != load_kind::idle)
    return;
  const auto documents = static_cast<double>(found.what.documents);
  out.push_back({"kib_per_connection", "KiB per connection", per(after - before, clients_of(found.what)), 2});
  out.push_back({"kib_per_document", "KiB per document with its connections", per(after - before, documents), 2});
  if (found.what.documents < 2 || found.what.clients < 2)
    return;
  // Further connections open nothing new, so they tell what a connection is, and thereby what a document is.
  const double opened = static_cast<double>(found.server->resident_opened) / kibibyte;
  const double further = per(after - opened, clients_of(found.what) - documents);
  out.push_back({"kib_per_further_connection", "KiB per further connection of an open document", further, 2});
  out.push_back({"kib_per_open_document", "KiB per open document, its connections left out",
                 per(opened - before, documents) - further, 2});
}

figures figures_of(const report& found) {
  figures out{{"seconds", "seconds", seconds(found.measured).count(), 3},
              {"load_cpu_s", "load generator's CPU, s", seconds(found.load_cpu).count(), 3}};
  if (found.what.kind == load_kind::edits)
    add_throughput(out, found);
  if (opens_written(found.what.kind))
    out.push_back({"in_sync_ms", "ms until all are in sync", milliseconds(found.measured).count(), 1});
  if (found.server) {
    out.push_back({"server_cpu_s", "server CPU, s", seconds(found.server->cpu).count(), 4});
    if (const auto& store = found.server->store_cpu)
      out.push_back({"store_cpu_s", "store's CPU, s", seconds(*store).count(), 4});
    add_memory(out, found);
  }
  return out;
}

/// Units: microseconds.
figures latency_of(const histogram& times) {
  const auto at = [&](double share) { return microseconds(times.percentile(share)).count(); };
  return {{"p50", "p50", at(0.5), 1},
          {"p90", "p90", at(0.9), 1},
          {"p99", "p99", at(0.99), 1},
          {"p99_9", "p99.9", at(0.999), 1},
          {"max", "max", microseconds(times.max()).count(), 1}};
}

json to_object(const figures& from) {
  json out = json::object();
  for (const auto& each : from)
    out[std::string(each.key)] = each.value;
  return out;
}

void print(std::ostream& out, const figures& from, std::string_view between) {
  for (const auto& each : from)
    out << std::fixed << std::setprecision(each.decimals) << between << each.label << ' ' << each.value;
}

std::string_view name_of(load_kind kind) {
  switch (kind) {
    case load_kind::edits: return "edits";
    case load_kind::idle: return "idle";
    case load_kind::join: return "join";
    case load_kind::reopen: return "reopen";
  }
  return {};
}

}  // namespace

std::string to_json(const report& found) {
  const auto& what = found.what;
  json out{{"scenario", what.name},       {"kind", name_of(what.kind)}, {"protocol", found.protocol},
           {"documents", what.documents}, {"clients", what.clients},    {"writers", what.writers},
           {"rate", what.rate},           {"window", what.window},      {"history", what.history}};
  out["figures"] = to_object(figures_of(found));
  if (what.kind == load_kind::edits) {
    out["delivery_us"] = to_object(latency_of(found.counts.to_others));
    out["ack_us"] = to_object(latency_of(found.counts.to_author));
  }
  if (opens_written(what.kind))
    out["open_us"] = to_object(latency_of(found.counts.to_open));
  out["trouble_count"] = found.troubles.count();
  out["troubles"] = found.troubles.first();
  return out.dump();
}

std::string to_text(const report& found) {
  std::ostringstream out;
  const auto& what = found.what;
  out << what.name << " over " << found.protocol << ": " << what.documents << " documents, " << what.clients
      << " clients and " << what.writers << " writers each\n";
  print(out, figures_of(found), "\n  ");
  if (what.kind == load_kind::edits) {
    print(out << "\n  delivery, us:", latency_of(found.counts.to_others), "  ");
    print(out << "\n  ack, us:     ", latency_of(found.counts.to_author), "  ");
  }
  if (opens_written(what.kind))
    print(out << "\n  open, us:    ", latency_of(found.counts.to_open), "  ");
  for (const auto& each : found.troubles.first())
    out << "\n  TROUBLE " << each;
  out << '\n';
  return out.str();
}

}  // namespace quire::bench
