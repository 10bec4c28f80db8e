#pragma once

#include "protocol/strong.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

namespace quire {

/// How many operations a document has had. Only its owner gives one out.
using revision = strong<std::uint64_t, struct revision_tag>;
/// The fencing number of a document's ownership: only ever grows.
using epoch = strong<std::uint64_t, struct epoch_tag>;
/// Raised when a document is deleted and made anew. Range: from 1.
using generation = strong<std::uint32_t, struct generation_tag>;
/// Numbers the edits of one client in one document. Range: contiguous from 1.
using client_sequence = strong<std::uint32_t, struct client_sequence_tag>;
/// What a node calls a document in its frames, from its opening to its closing.
using document_number = strong<std::uint64_t, struct document_number_tag>;
/// One person's place in a document on one node; given by the relay.
using presence_id = strong<std::uint64_t, struct presence_id_tag>;

/// Server time, for people. No order depends on it.
using server_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// 128 random bits.
template <class Tag>
struct random_id {
  std::array<std::uint8_t, 16> octets{};

  friend auto operator<=>(const random_id&, const random_id&) noexcept = default;
};

/// One editing session of one browser tab: it survives reconnects.
using client_id = random_id<struct client_id_tag>;
/// What the store calls one generation of a document.
using document_id = random_id<struct document_id_tag>;

/// A document's name. Organisation and name are never joined and split.
struct document_name {
  std::string organisation;
  std::string name;

  friend auto operator<=>(const document_name&, const document_name&) = default;
};

}  // namespace quire

template <class Tag>
struct std::hash<quire::random_id<Tag>> {
  std::size_t operator()(const quire::random_id<Tag>& id) const noexcept {
    std::uint64_t half = 0;
    std::memcpy(&half, id.octets.data(), sizeof half);  // random already
    return static_cast<std::size_t>(half);
  }
};

template <>
struct std::hash<quire::document_name> {
  std::size_t operator()(const quire::document_name& document) const noexcept {
    const std::hash<std::string> hash_of;
    return hash_of(document.organisation) * 0x9E3779B97F4A7C15ULL + hash_of(document.name);
  }
};
