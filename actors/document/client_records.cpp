#include "actors/document/client_records.hpp"

#include "protocol/limits.hpp"

namespace quire::actors {

std::uint64_t content_hash(revision base, bytes_view operation) noexcept {
  constexpr std::uint64_t prime = 0x100000001B3ULL;
  auto hash = (0xCBF29CE484222325ULL ^ base.value()) * prime;
  for (const auto octet : operation)
    hash = (hash ^ static_cast<std::uint64_t>(octet)) * prime;
  return hash;
}

edit_standing client_records::standing(const client_id& client, client_sequence sequence, std::uint64_t hash) const {
  const auto* record = find(client);
  const auto last = record ? record->last : client_sequence{};
  if (sequence == last.next())
    return record || records_.size() < limits::clients_a_document_max ? edit_standing::next
                                                                      : edit_standing::too_many_clients;
  if (sequence > last || sequence == client_sequence{})
    return edit_standing::gap;
  const bool is_known = sequence == last && record->content_hash != 0;
  return is_known && hash != record->content_hash ? edit_standing::reused : edit_standing::repeated;
}

const client_record* client_records::find(const client_id& client) const {
  const auto found = records_.find(client);
  return found == records_.end() ? nullptr : &found->second;
}

void client_records::touch(const client_id& client, server_time at) {
  if (const auto found = records_.find(client); found != records_.end())
    found->second.at = at;
}

}  // namespace quire::actors
