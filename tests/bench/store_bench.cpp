// What the SQLite store costs: a commit by how many edits it holds and over how many documents, and loads.
#include "storage/op_log.hpp"
#include "tests/bench/busy_documents.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>

namespace quire::bench {
namespace {

using namespace quire::fixture;  // NOLINT: the benchmark speaks its language

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A store on disk with documents that are written to.
class busy_store {
 public:
  explicit busy_store(std::size_t documents) : documents_(documents, 1) {
    store_ = storage::open_store("sqlite:" + (folder_.path() / "bench.db").string()).value();
    require(store_.log->append(documents_.creations()));
  }

  /// One commit of `count` edits, spread evenly over all documents.
  void commit(std::size_t count) { require(store_.log->append(documents_.next(count))); }

  [[nodiscard]] storage::store& store() noexcept { return store_; }
  [[nodiscard]] const written_document& document(std::size_t index) const { return documents_.at(index); }

 private:
  temporary_folder folder_;
  storage::store store_;
  busy_documents documents_;
};

// Arguments: edits a commit, documents they are spread over.
void commits(benchmark::State& state) {
  const auto edits_each = static_cast<std::size_t>(state.range(0));
  busy_store busy(static_cast<std::size_t>(state.range(1)));
  std::vector<double> milliseconds;
  const auto cpu_before = thread_cpu_seconds();
  for (auto _ : state) {
    const auto before = std::chrono::steady_clock::now();
    busy.commit(edits_each);
    milliseconds.push_back(
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count());
  }
  const auto rows = static_cast<double>(milliseconds.size() * edits_each);
  std::ranges::sort(milliseconds);
  const auto at = [&](double part) {
    return milliseconds[static_cast<std::size_t>(part * static_cast<double>(milliseconds.size() - 1))];
  };
  state.counters["rows/s"] = benchmark::Counter(rows, benchmark::Counter::kIsRate);
  state.counters["cpu_us/row"] = (thread_cpu_seconds() - cpu_before) * 1e6 / rows;
  state.counters["p50_ms"] = at(0.5);
  state.counters["p99_ms"] = at(0.99);
  state.counters["max_ms"] = at(1);
}
BENCHMARK(commits)
  ->ArgNames({"edits", "documents"})
  ->ArgsProduct({{1, 20, 100, 1'000}, {1, 100}})
  ->UseRealTime()
  ->Unit(benchmark::kMicrosecond);

// Argument: entries after the newest snapshot.
void load(benchmark::State& state) {
  constexpr std::size_t entries_a_commit = 1'000;
  busy_store busy(1);
  for (std::size_t written = 0; written < static_cast<std::size_t>(state.range(0)); written += entries_a_commit)
    busy.commit(entries_a_commit);
  for (auto _ : state)
    benchmark::DoNotOptimize(busy.store().history->load(busy.document(0).id()).value());
  state.counters["entries/s"] =
    benchmark::Counter(static_cast<double>(state.range(0)), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(load)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

// Arguments: documents whose logs were written in turn, entries of each. Loads all of them, one after the other.
void load_interleaved(benchmark::State& state) {
  const auto documents = static_cast<std::size_t>(state.range(0));
  busy_store busy(documents);
  for (std::int64_t written = 0; written < state.range(1); ++written)
    busy.commit(documents);
  for (auto _ : state)
    for (std::size_t index = 0; index < documents; ++index)
      benchmark::DoNotOptimize(busy.store().history->load(busy.document(index).id()).value());
  state.counters["entries/s"] = benchmark::Counter(static_cast<double>(state.range(0) * state.range(1)),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(load_interleaved)->Args({1'000, 100})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace quire::bench
