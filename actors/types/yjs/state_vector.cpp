#include "actors/types/yjs/state_vector.hpp"

#include "protocol/lib0/reader.hpp"
#include "protocol/lib0/writer.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace quire::actors::types::yjs {

result<state_vector> decode_state_vector(bytes_view encoded, std::size_t clients_max) {
  lib0::reader from(encoded);
  const std::uint64_t count = from.count(2);
  if (count > clients_max)
    return fail(errc::operation_too_large, "a state vector of " + std::to_string(count) + " clients");
  state_vector known;
  known.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count && from.is_good(); ++i) {
    const std::uint64_t client = from.var_uint();
    known.push_back({client, from.var_uint()});
  }
  if (!from.is_good())
    return fail(errc::malformed_operation, std::string("a state vector: ") + from.why());
  if (!from.rest().empty())
    return fail(errc::malformed_operation, "bytes after a state vector");
  std::ranges::sort(known, std::greater<>());
  const auto again = std::ranges::adjacent_find(known, std::equal_to<>(), &id::client);
  if (again != known.end())
    return fail(errc::malformed_operation, "a state vector with a client twice");
  return known;
}

void encode_state_vector(const state_vector& known, bytes& out) {
  lib0::write_var_uint(known.size(), out);
  for (const id& each : known) {
    lib0::write_var_uint(each.client, out);
    lib0::write_var_uint(each.clock, out);
  }
}

std::uint64_t clock_of(const state_vector& known, std::uint64_t client) noexcept {
  const auto found = std::ranges::lower_bound(known, client, std::greater<>(), &id::client);
  return found != known.end() && found->client == client ? found->clock : 0;
}

}  // namespace quire::actors::types::yjs
