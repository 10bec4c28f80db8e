// What the SQLite store costs: a commit by how many edits it holds and over how many documents, and loads.
#include "storage/op_log.hpp"
#include "tests/fixture/temporary_folder.hpp"
#include "tests/fixture/written_document.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <random>

namespace quire {
namespace {

using namespace quire::fixture;  // NOLINT: the benchmark speaks its language

constexpr std::size_t operation_bytes = 100;

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A store on disk with documents that clients with random ids write to.
class busy_store {
 public:
  explicit busy_store(std::size_t documents) {
    store_ = storage::open_store("sqlite:" + (folder_.path() / "bench.db").string()).value();
    std::vector<storage::append_request> requests;
    for (std::size_t index = 0; index < documents; ++index) {
      documents_.emplace_back("document " + std::to_string(index), random<document_id>());
      requests.push_back(documents_.back().creation());
      clients_.push_back(random<client_id>());
    }
    require(store_.log->append(requests));
  }

  /// One commit of `count` edits, spread evenly over all documents.
  void commit(std::size_t count) {
    requests_.clear();
    const auto used = std::min(count, documents_.size());
    for (std::size_t index = 0; index < used; ++index) {
      next_ = (next_ + 1) % documents_.size();
      requests_.push_back(next_request(next_, count / used));
    }
    require(store_.log->append(requests_));
  }

  [[nodiscard]] storage::store& store() noexcept { return store_; }
  [[nodiscard]] const written_document& document(std::size_t index) const { return documents_[index]; }

 private:
  template <class Id>
  Id random() {
    Id id;
    for (auto& octet : id.octets)
      octet = static_cast<std::uint8_t>(source_());
    return id;
  }

  storage::append_request next_request(std::size_t index, std::size_t count) {
    auto& document = documents_[index];
    storage::append_request request{document.info(), false, document.epoch(), revision(document.head()), {}};
    for (std::size_t each = 0; each < count; ++each) {
      const auto at = document.head() + 1;
      request.entries.push_back({revision(at), clients_[index], client_sequence(static_cast<std::uint32_t>(at)),
                                 "alice", at_second(0), 1, operation_});
      document.set_head(at);
    }
    return request;
  }

  static void require(const result<std::vector<result<void>>>& done) {
    if (!done || !std::ranges::all_of(*done, [](const auto& one) { return one.has_value(); }))
      throw std::runtime_error("an append failed");
  }

  temporary_folder folder_;
  storage::store store_;
  std::mt19937_64 source_{1};
  std::vector<written_document> documents_;
  std::vector<client_id> clients_;
  std::vector<storage::append_request> requests_;
  shared_bytes operation_ = share(bytes(operation_bytes, std::byte{7}));
  std::size_t next_ = 0;
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
}  // namespace quire
