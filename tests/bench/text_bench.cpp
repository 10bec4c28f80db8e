#include "actors/types/text/codec.hpp"
#include "actors/types/text/compose.hpp"
#include "actors/types/text/rope.hpp"
#include "actors/types/text/transform.hpp"
#include "actors/types/type_state.hpp"
#include "tests/fixture/text/traces.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <iostream>
#include <sys/resource.h>

// The text type alone: real histories applied as decoded operations and as a document takes them, and the algebra.
// QUIRE_TRACES names the folder of the histories.
namespace quire::actors::types::text {
namespace {

using fixture::trace;

// "target_ms": what is aimed at, on the machine class of docs/benchmarks.md.
double target_ms(const std::string& name) {
  if (name == "automerge-paper")
    return 5;
  if (name == "seph-blog1")
    return 3;
  return name == "rustcode" ? 2 : 1;
}

void count_operations(benchmark::State& state, std::size_t each) {
  state.counters["per_op"] = benchmark::Counter(
    static_cast<double>(each), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void apply_decoded(benchmark::State& state, const trace& history) {
  std::size_t memory = 0;
  for (auto _ : state) {
    rope text;
    for (const operation& op : history.operations)
      text.apply(op);
    memory = text.memory();
    if (text.size().bytes != history.end_content.size())
      return state.SkipWithError("another text than the trace's");
  }
  count_operations(state, history.operations.size());
  state.counters["rope_KiB"] = static_cast<double>(memory) / 1024;
  state.counters["target_ms"] = target_ms(history.name);
}

void prepare_and_apply(benchmark::State& state, const trace& history) {
  std::vector<bytes> encoded(history.operations.size());
  for (std::size_t i = 0; i < encoded.size(); ++i)
    encode(history.operations[i], encoded[i]);
  std::size_t memory = 0;
  for (auto _ : state) {
    const auto document = find_type("text")->create({});
    for (const bytes& op : encoded)
      document->apply(document->prepare(document->revision(), op).value());
    memory = document->memory().total_bytes;
  }
  count_operations(state, encoded.size());
  state.counters["document_KiB"] = static_cast<double>(memory) / 1024;
}

operation edit_at(std::uint32_t at, std::uint32_t erased, std::string_view inserted) {
  operation_builder out;
  out.retain(at);
  out.erase(erased);
  out.insert(inserted);
  return std::move(out).finish();
}

// As many parts as asked for, three by three.
operation scattered(std::int64_t parts, std::uint32_t stride) {
  operation_builder out;
  for (std::int64_t i = 0; i < parts; i += 3) {
    out.retain(stride);
    out.insert("some text");
    out.erase(stride / 2);
  }
  return std::move(out).finish();
}

void transform_typing(benchmark::State& state) {
  const operation other = edit_at(90, 0, "y");
  operation op = edit_at(100, 0, "x");
  for (auto _ : state) {
    op = transform(std::move(op), other, side::left);
    benchmark::DoNotOptimize(op);
    if (op.parts()[0].count > 1'000'000)
      op = edit_at(100, 0, "x");
  }
}

void transform_erasing(benchmark::State& state) {
  const operation other = edit_at(90, 5, "");
  const operation op = edit_at(100, 3, "");
  for (auto _ : state)
    benchmark::DoNotOptimize(transform(op, other, side::left));
}

void transform_scattered(benchmark::State& state) {
  const operation op = scattered(state.range(0), 10);
  const operation other = scattered(state.range(0), 7);
  for (auto _ : state)
    benchmark::DoNotOptimize(transform(op, other, side::left));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void compose_typing(benchmark::State& state) {
  const operation first = edit_at(100, 0, "x");
  const operation second = edit_at(101, 0, "y");
  for (auto _ : state)
    benchmark::DoNotOptimize(compose(first, second));
}

void compose_scattered(benchmark::State& state) {
  const operation first = scattered(state.range(0), 10);
  const operation second = scattered(state.range(0), 7);
  for (auto _ : state)
    benchmark::DoNotOptimize(compose(first, second));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void rebase_over_history(benchmark::State& state) {
  const auto document = find_type("text")->create({});
  bytes op;
  encode(edit_at(0, 0, "x"), op);
  for (std::int64_t i = 0; i < state.range(0); ++i)
    document->apply(document->prepare(document->revision(), op).value());
  for (auto _ : state)
    benchmark::DoNotOptimize(document->prepare(revision(0), op));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void decode_typing(benchmark::State& state) {
  bytes encoded;
  encode(edit_at(1'000, 0, "x"), encoded);
  for (auto _ : state)
    benchmark::DoNotOptimize(decode(encoded, own_codec_limits));
}

void load_big_document(benchmark::State& state) {
  const std::string content(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state)
    benchmark::DoNotOptimize(rope(content));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK(transform_typing);
BENCHMARK(transform_erasing);
BENCHMARK(transform_scattered)->Arg(3)->Arg(30)->Arg(3'000);
BENCHMARK(compose_typing);
BENCHMARK(compose_scattered)->Arg(3)->Arg(30)->Arg(3'000);
BENCHMARK(rebase_over_history)->Arg(1)->Arg(16)->Arg(4'096);
BENCHMARK(decode_typing);
BENCHMARK(load_big_document)->Arg(64 * 1024 * 1024);

void register_traces(const std::vector<trace>& traces) {
  for (const trace& history : traces) {
    benchmark::RegisterBenchmark(("apply_decoded/" + history.name).c_str(), [&](auto& state) {
      apply_decoded(state, history);
    })->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("prepare_and_apply/" + history.name).c_str(), [&](auto& state) {
      prepare_and_apply(state, history);
    })->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace quire::actors::types::text

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return EXIT_FAILURE;
  const auto traces = quire::fixture::load_traces();
  quire::actors::types::text::register_traces(traces);
  benchmark::RunSpecifiedBenchmarks();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::cerr << "peak resident memory, the traces themselves included: " << used.ru_maxrss / 1024 << " MiB\n";
}
