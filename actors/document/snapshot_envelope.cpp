#include "actors/document/snapshot_envelope.hpp"

#include <algorithm>
#include <concepts>

namespace quire::actors {

namespace {

constexpr std::size_t client_octets = 16 + 4 + 8 + 8 + 8;

template <std::unsigned_integral Number>
void put(bytes& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i)
    out.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(number) >> (8 * i)));
}

/// The caller has checked that there are enough octets.
template <std::unsigned_integral Number>
Number take(bytes_view& from) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number |= static_cast<std::uint64_t>(from[i]) << (8 * i);
  from = from.subspan(sizeof(Number));
  return static_cast<Number>(number);
}

}  // namespace

bytes seal(const snapshot_envelope& snapshot) {
  bytes out;
  out.reserve(6 + snapshot.clients.all().size() * client_octets + snapshot.state.size());
  put(out, snapshot.type_format);
  put(out, static_cast<std::uint32_t>(snapshot.clients.all().size()));
  for (const auto& [client, record] : snapshot.clients.all()) {
    append(out, std::as_bytes(std::span(client.octets)));
    put(out, record.last.value());
    put(out, record.revision.value());
    put(out, record.content_hash);
    put(out, static_cast<std::uint64_t>(record.at.time_since_epoch().count()));
  }
  append(out, snapshot.state);
  return out;
}

result<snapshot_envelope> open_envelope(bytes_view sealed) {
  if (sealed.size() < 6)
    return fail(errc::document_damaged, "snapshot: its head is cut off");
  snapshot_envelope snapshot;
  snapshot.type_format = take<std::uint16_t>(sealed);
  const auto clients = take<std::uint32_t>(sealed);
  if (sealed.size() / client_octets < clients)
    return fail(errc::document_damaged, "snapshot: its table of clients is cut off");
  for (std::uint32_t i = 0; i < clients; ++i) {
    client_id client;
    std::ranges::transform(sealed.first(16), client.octets.begin(),
                           [](std::byte octet) { return static_cast<std::uint8_t>(octet); });
    sealed = sealed.subspan(16);
    client_record record;
    record.last = client_sequence{take<std::uint32_t>(sealed)};
    record.revision = revision{take<std::uint64_t>(sealed)};
    record.content_hash = take<std::uint64_t>(sealed);
    record.at = server_time{std::chrono::milliseconds{static_cast<std::int64_t>(take<std::uint64_t>(sealed))}};
    snapshot.clients.set(client, record);
  }
  snapshot.state.assign(sealed.begin(), sealed.end());
  return snapshot;
}

}  // namespace quire::actors
