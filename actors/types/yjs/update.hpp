#pragma once

#include "actors/types/yjs/id_range.hpp"
#include "protocol/lib0/reader.hpp"
#include "protocol/result.hpp"

#include <limits>
#include <string_view>
#include <vector>

namespace quire::actors::types::yjs {

/// What a struct is, as update v1 numbers it.
enum class content_kind : std::uint8_t {
  collected = 0,  ///< A run of which nothing is left, not even its place (Yjs: GC).
  deleted = 1,    ///< A run of which its place is left.
  json = 2,       ///< Elements of an array as JSON texts, as old versions wrote them.
  octets = 3,
  text = 4,
  embed = 5,
  format = 6,
  type = 7,
  any = 8,
  subdocument = 9,
  skip = 10,  ///< A hole: these units come some other time.
};

/// What a `type` is, as update v1 numbers it.
enum class type_ref : std::uint8_t {
  array = 0,
  map = 1,
  text = 2,
  xml_element = 3,
  xml_fragment = 4,
  xml_hook = 5,
  xml_text = 6,
};

/// Whether it is counted in what users see.
[[nodiscard]] constexpr bool is_countable(content_kind kind) noexcept {
  return kind != content_kind::collected && kind != content_kind::deleted && kind != content_kind::format &&
         kind != content_kind::skip;
}

/// Where an item stands when it has neither origin: in a root with a name, or in the type that an item holds.
enum class parent_form : std::uint8_t { copied, root, item };

/// A struct as it is written in an update; its texts are views of the update's bytes.
struct update_struct {
  std::uint64_t clock = 0;
  std::uint32_t length = 0;  ///< Units; from 1 to run_length_max.
  content_kind kind = content_kind::collected;
  yjs::type_ref type = type_ref::array;
  parent_form parent = parent_form::copied;
  bool has_origin = false;
  bool has_right_origin = false;
  bool has_key = false;  ///< `key` itself is there only if neither origin is.
  id origin;             ///< The unit that was to its left.
  id right_origin;       ///< The unit that was to its right.
  id parent_item;
  std::string_view root;
  std::string_view key;
  /// As written: a text, JSON, or octets alone; elements without their number; an attribute or subdocument whole; of a
  /// type its name.
  std::string_view content;
};

inline constexpr std::uint32_t run_length_max = std::numeric_limits<std::int32_t>::max();

/// The structs of one client, their clocks ascending. Where one does not follow the last, some are missing.
struct update_block {
  std::uint64_t client = 0;
  std::size_t first = 0;  ///< In `update::structs`.
  std::size_t count = 0;
};

/// An update in flat arrays, to be used again for the next. Its views are good as long as the bytes it was read from.
struct update {
  std::vector<update_block> blocks;  ///< Each client once, descending. May be without structs.
  std::vector<update_struct> structs;
  std::vector<id_range> deletes;  ///< Sorted and joined.

  /// Empties it; keeps its room for the next one unless that is much.
  void clear() noexcept;
};

struct update_limits {
  std::size_t bytes_max;
  std::size_t structs_max;
};

/// The limits of what a document has accepted before: its log and its snapshots.
inline constexpr update_limits own_update_limits{std::numeric_limits<std::size_t>::max(),
                                                 std::numeric_limits<std::size_t>::max()};

/// Reads and checks an update v1 whole; `into` is worth nothing after an error.
/// Errors: malformed_operation, among it all that makes a peer's decoder throw; operation_too_large.
/// Cost:   linear; memory in proportion to the bytes.
[[nodiscard]] result<void> decode_update(bytes_view encoded, const update_limits& limits, update& into);

/// Appends a struct of `client` without its first `offset` units: its left origin is then the last of those.
void encode_struct(const update_struct& what, std::uint64_t client, std::uint32_t offset, bytes& out);

/// Appends a hole.
void encode_skip(std::uint64_t length, bytes& out);

/// Reads one struct of `client` that begins at `clock`.
void decode_struct(lib0::reader& from, std::uint64_t client, std::uint64_t clock, update_struct& into) noexcept;

}  // namespace quire::actors::types::yjs
