#include "tests/differential/text_json.hpp"

#include <stdexcept>

namespace quire::tools {

using actors::types::text::operation;
using actors::types::text::operation_builder;
using actors::types::text::part_kind;
using actors::types::text::piece;
using actors::types::text::piece_reader;

namespace {

nlohmann::json extent(const piece& each) {
  return each.text.empty() ? nlohmann::json(each.count) : nlohmann::json(each.text);
}

std::uint32_t count_of(const nlohmann::json& number) {
  const auto count = number.get<std::uint64_t>();
  if (count > operation::length_max)
    throw std::invalid_argument("a count out of range");
  return static_cast<std::uint32_t>(count);
}

}  // namespace

operation to_operation(const nlohmann::json& parts) {
  operation_builder out;
  for (const nlohmann::json& each : parts) {
    if (each.is_string()) {
      out.insert(each.get_ref<const std::string&>());
    } else if (each.is_number_unsigned()) {
      out.retain(count_of(each));
    } else if (each.at("d").is_string()) {
      out.erase(each["d"].get_ref<const std::string&>());
    } else {
      out.erase(count_of(each["d"]));
    }
  }
  return std::move(out).finish();
}

nlohmann::json to_json(const operation& op) {
  auto parts = nlohmann::json::array();
  piece_reader from(op);
  while (!from.at_end()) {
    const piece next = from.take_all();
    if (next.kind == part_kind::erase)
      parts.push_back({{"d", extent(next)}});
    else
      parts.push_back(extent(next));
  }
  return parts;
}

}  // namespace quire::tools
