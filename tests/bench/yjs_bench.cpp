#include "actors/types/yjs/reading.hpp"
#include "actors/types/yjs/yjs_state.hpp"
#include "protocol/lib0/writer.hpp"
#include "tests/fixture/yjs/author.hpp"
#include "tests/fixture/yjs/histories.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <map>
#include <random>

// The yjs type alone: real histories applied update by update, as a server does, and loaded from one; and the shapes of
// Yjs's own benchmarks. QUIRE_TRACES names the folder of the histories.
namespace quire::actors::types::yjs {
namespace {

using fixture::author;
using fixture::yjs_history;

/// What is aimed at, on the machine class of docs/benchmarks.md.
struct target {
  double apply_ms;
  double load_ms;
  double memory_mib;
};

target target_of(const std::string& name) {
  static const std::map<std::string, target, std::less<>> targets{
    {"automerge-paper", {60, 2.5, 1.2}},
    {"seph-blog1", {30, 3, 1.6}},
    {"rustcode", {12, 2, 1.2}},
    {"clownschool_concurrent", {8, 0.6, 0.6}},
    {"friendsforever_concurrent", {8, 0.6, 0.6}},
  };
  const auto found = targets.find(name);
  return found == targets.end() ? target{6, 0.8, 0.6} : found->second;
}

void count_updates(benchmark::State& state, std::size_t each) {
  state.counters["per_update"] = benchmark::Counter(
    static_cast<double>(each), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

std::size_t text_size(const document& of) {
  const store& content = of.content();
  bytes text;
  write_plain_text(content, content.type(content.find_root("t")), text);
  return text.size();
}

void apply(benchmark::State& state, const yjs_history& history) {
  std::size_t memory = 0;
  std::size_t runs = 0;
  for (auto _ : state) {
    document made;
    update read;
    for (const bytes& each : history.updates) {
      if (!decode_update(each, own_update_limits, read))
        return state.SkipWithError("not an update");
      made.apply(read);
    }
    memory = made.content().memory();
    runs = made.content().items();
    if (text_size(made) != history.end_content.size())
      return state.SkipWithError("another text than the history's");
  }
  count_updates(state, history.updates.size());
  state.counters["runs"] = static_cast<double>(runs);
  state.counters["MiB"] = static_cast<double>(memory) / (1024 * 1024);
  state.counters["target_MiB"] = target_of(history.name).memory_mib;
  state.counters["target_ms"] = target_of(history.name).apply_ms;
}

void prepare_and_apply(benchmark::State& state, const yjs_history& history) {
  for (auto _ : state) {
    const auto made = find_type("yjs")->create({});
    for (const bytes& each : history.updates)
      made->apply(made->prepare(made->revision(), each).value());
  }
  count_updates(state, history.updates.size());
}

void load(benchmark::State& state, const yjs_history& history) {
  const auto made = find_type("yjs")->create({});
  for (const bytes& each : history.updates)
    made->apply(made->prepare(made->revision(), each).value());
  bytes snapshot;
  made->write_snapshot(snapshot);
  for (auto _ : state) {
    document loaded;
    update read;
    if (!decode_update(snapshot, own_update_limits, read))
      return state.SkipWithError("not an update");
    loaded.apply(read);
    if (text_size(loaded) != history.end_content.size())
      return state.SkipWithError("another text than the history's");
  }
  state.counters["KiB"] = static_cast<double>(snapshot.size()) / 1024;
  state.counters["target_ms"] = target_of(history.name).load_ms;
}

void encode_whole(benchmark::State& state, const yjs_history& history) {
  const auto made = find_type("yjs")->create({});
  for (const bytes& each : history.updates)
    made->apply(made->prepare(made->revision(), each).value());
  for (auto _ : state) {
    bytes snapshot;
    made->write_snapshot(snapshot);
    benchmark::DoNotOptimize(snapshot);
  }
}

void apply_all(benchmark::State& state, const std::vector<bytes>& updates, double target_ms) {
  for (auto _ : state) {
    document made;
    update read;
    for (const bytes& each : updates) {
      if (!decode_update(each, own_update_limits, read))
        return state.SkipWithError("not an update");
      made.apply(read);
    }
    if (!made.waiting().is_empty())
      return state.SkipWithError("something waits");
  }
  count_updates(state, updates.size());
  state.counters["target_ms"] = target_ms;
}

constexpr std::size_t edits = 6'000;
constexpr std::size_t crowd = 1'549;

// Yjs's B1.4: one client, a character at a random place.
void random_characters(benchmark::State& state) {
  std::mt19937_64 random{1};
  author writer(1);
  std::vector<bytes> updates;
  for (std::size_t i = 0; i < edits; ++i)
    updates.push_back(writer.insert(random() % (writer.length() + 1), "x"));
  apply_all(state, updates, 2);
}

// B2.4: two clients that insert and delete at random, and see each other's work only at the end.
void two_apart(benchmark::State& state) {
  std::mt19937_64 random{2};
  std::vector<author> writers;
  std::vector<bytes> updates{author(1).insert(0, std::string(100, 'x'))};
  for (std::uint64_t client = 2; client < 4; ++client) {
    writers.emplace_back(client);
    writers.back().take(updates[0]);
  }
  for (std::size_t i = 0; i < edits; ++i) {
    for (author& writer : writers) {
      if (random() % 4 == 0 && writer.length() > 8)
        updates.push_back(writer.erase(random() % (writer.length() - 8), 1 + random() % 8));
      else
        updates.push_back(writer.insert(random() % (writer.length() + 1), "word"));
    }
  }
  apply_all(state, updates, 8);
}

/// Updates of one struct with neither origin, each of another client.
std::vector<bytes> of_a_crowd(bool has_key) {
  std::mt19937_64 random{3};
  std::vector<bytes> updates;
  for (std::size_t i = 0; i < crowd; ++i) {
    update_struct made;
    made.kind = content_kind::any;
    made.length = 1;
    made.content = "\x7d\x01";
    made.parent = parent_form::root;
    made.root = "t";
    made.has_key = has_key;
    made.key = has_key ? "k" : "";
    const std::uint64_t client = random() >> 32U;
    bytes encoded;
    lib0::write_var_uint(1, encoded);
    lib0::write_var_uint(1, encoded);
    lib0::write_var_uint(client, encoded);
    lib0::write_var_uint(0, encoded);
    encode_struct(made, client, 0, encoded);
    lib0::write_var_uint(0, encoded);
    updates.push_back(std::move(encoded));
  }
  return updates;
}

// B3.1 and B3.5: many clients at once set one key; insert at one place.
void crowd_at_one_key(benchmark::State& state) {
  apply_all(state, of_a_crowd(true), 10);
}

void crowd_at_one_place(benchmark::State& state) {
  apply_all(state, of_a_crowd(false), 10);
}

// What one more update costs in a document of many clients: it must not grow with them.
void one_more(benchmark::State& state) {
  document made;
  update read;
  const auto give = [&](const bytes& each) {
    if (decode_update(each, own_update_limits, read))
      made.apply(read);
  };
  const auto count = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t client = 1; client <= count; ++client) {
    update_struct first;
    first.kind = content_kind::text;
    first.length = 1;
    first.content = "x";
    first.parent = parent_form::root;
    bytes encoded;
    lib0::write_var_uint(1, encoded);
    lib0::write_var_uint(1, encoded);
    lib0::write_var_uint(client, encoded);
    lib0::write_var_uint(0, encoded);
    const std::string root = "r" + std::to_string(client);
    first.root = root;
    encode_struct(first, client, 0, encoded);
    lib0::write_var_uint(0, encoded);
    give(encoded);
  }
  author writer(count + 1);
  std::vector<bytes> typed;
  for (int i = 0; i < 100'000; ++i)
    typed.push_back(writer.insert(static_cast<std::size_t>(i), "x"));
  std::size_t at = 0;
  for (auto _ : state) {
    give(typed[at]);
    at = (at + 1) % typed.size();  // what comes again is known already, which costs as little
  }
}

BENCHMARK(random_characters)->Unit(benchmark::kMillisecond);
BENCHMARK(two_apart)->Unit(benchmark::kMillisecond);
BENCHMARK(crowd_at_one_key)->Unit(benchmark::kMillisecond);
BENCHMARK(crowd_at_one_place)->Unit(benchmark::kMillisecond);
BENCHMARK(one_more)->Arg(1)->Arg(1'000)->Arg(60'000)->Iterations(100'000);

void register_histories(const std::vector<yjs_history>& histories) {
  const auto add = [](const std::string& name, const yjs_history& history, auto function) {
    benchmark::RegisterBenchmark((name + "/" + history.name).c_str(), [&history, function](auto& state) {
      function(state, history);
    })->Unit(benchmark::kMillisecond);
  };
  for (const yjs_history& history : histories) {
    add("apply", history, apply);
    add("prepare_and_apply", history, prepare_and_apply);
    add("load", history, load);
    add("encode_whole", history, encode_whole);
  }
}

}  // namespace
}  // namespace quire::actors::types::yjs

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return EXIT_FAILURE;
  const auto histories = quire::fixture::load_yjs_histories();
  quire::actors::types::yjs::register_histories(histories);
  benchmark::RunSpecifiedBenchmarks();
}
