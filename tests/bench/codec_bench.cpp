#include "protocol/codec.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <memory>

namespace quire::protocol {
namespace {

client_message one_edit(std::size_t operation_bytes) {
  return edit{document_number{7}, client_sequence{1'000}, revision{70'000}, bytes(operation_bytes, std::byte{'x'})};
}

server_message run_of(std::size_t count, std::size_t operation_bytes) {
  const auto operation = share(bytes(operation_bytes, std::byte{'x'}));
  const committed_edit each{client_id{{1, 2, 3}}, client_sequence{1'000}, operation};
  return edits{document_number{7}, revision{70'000}, std::vector(count, each)};
}

void decode_edit(benchmark::State& state) {
  bytes data;
  encode(one_edit(static_cast<std::size_t>(state.range(0))), data);
  for (auto _ : state) {
    bytes_view frame{data};
    auto message = decode_client_message(frame);
    if (!message)
      std::abort();
    benchmark::DoNotOptimize(message);
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.size()));
}
BENCHMARK(decode_edit)->ArgName("operation")->Arg(12)->Arg(200)->Arg(64 * 1024);

void encode_edit(benchmark::State& state) {
  const auto message = one_edit(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    bytes out;
    encode(message, out);
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_edit)->ArgName("operation")->Arg(12)->Arg(200)->Arg(64 * 1024);

void encode_edits(benchmark::State& state) {
  const auto message = run_of(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  std::size_t size = 0;
  for (auto _ : state) {
    bytes out;
    encode(message, out);
    benchmark::DoNotOptimize(out);
    size = out.size();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
}
BENCHMARK(encode_edits)
  ->ArgNames({"run", "operation"})
  ->Args({1, 12})
  ->Args({16, 12})
  ->Args({256, 12})
  ->Args({16, 4096});

void decode_edits(benchmark::State& state) {
  bytes data;
  encode(run_of(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1))), data);
  for (auto _ : state) {
    bytes_view frame{data};
    auto message = decode_server_message(frame);
    if (!message)
      std::abort();
    benchmark::DoNotOptimize(message);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_edits)->ArgNames({"run", "operation"})->Args({1, 12})->Args({16, 12})->Args({256, 12});

}  // namespace
}  // namespace quire::protocol
