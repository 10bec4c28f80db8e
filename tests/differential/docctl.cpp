#include "actors/types/text/codec.hpp"
#include "actors/types/text/compose.hpp"
#include "actors/types/text/invert.hpp"
#include "actors/types/text/position.hpp"
#include "actors/types/text/rope.hpp"
#include "actors/types/text/transform.hpp"
#include "tests/differential/text_json.hpp"
#include "tests/differential/yjs_verbs.hpp"

#include <cstdlib>
#include <iostream>

// docctl: the document types' operations for other programs. Each line of its input is a JSON array of requests, each
// line of its output the array of their answers: {"verb": ..., what the verb needs} gives the result, or {"error":
// ...}.
//
//   apply {doc, op}      transform {op, other, side}      compose {op, then}      position {at, op}
//   invert {doc, op}     normalize {op}                   encode {op}: the wire form in hexadecimal
//
// yjs_verbs.hpp has those on Yjs documents.
namespace quire::tools {
namespace {

using nlohmann::json;
using namespace actors::types::text;

operation operation_of(const json& request, const char* member = "op") {
  return to_operation(request.at(member));
}

json apply(const json& request) {
  rope text(request.at("doc").get_ref<const std::string&>());
  const operation op = operation_of(request);
  if (op.base_length() > text.size().code_points)
    throw std::invalid_argument("past the end");
  text.apply(op);
  return text.to_string();
}

json transform(const json& request) {
  const side tie = request.at("side") == "left" ? side::left : side::right;
  return to_json(actors::types::text::transform(operation_of(request), operation_of(request, "other"), tie));
}

json compose(const json& request) {
  return to_json(actors::types::text::compose(operation_of(request), operation_of(request, "then")));
}

json position(const json& request) {
  return transform_position(request.at("at").get<std::size_t>(), operation_of(request));
}

json invert(const json& request) {
  const rope text(request.at("doc").get_ref<const std::string&>());
  const operation op = operation_of(request);
  if (op.base_length() > text.size().code_points)
    throw std::invalid_argument("past the end");
  return to_json(actors::types::text::invert(make_invertible(op, text)).value());
}

json normalize(const json& request) {
  return to_json(operation_of(request));
}

json encode(const json& request) {
  constexpr std::string_view digits = "0123456789abcdef";
  bytes encoded;
  actors::types::text::encode(operation_of(request), encoded);
  if (decode(encoded, own_codec_limits) != operation_of(request))
    throw std::logic_error("decodes to another operation");
  std::string hex;
  for (const std::byte each : encoded) {
    hex += digits[std::to_integer<std::size_t>(each >> 4)];
    hex += digits[std::to_integer<std::size_t>(each & std::byte{0x0F})];
  }
  return hex;
}

json answer(const json& request) {
  static const verb_table verbs = [] {
    verb_table all{
      {"apply", apply},   {"transform", transform}, {"compose", compose}, {"position", position},
      {"invert", invert}, {"normalize", normalize}, {"encode", encode},
    };
    add_yjs_verbs(all);
    return all;
  }();
  try {
    return verbs.at(request.at("verb").get<std::string>())(request);
  } catch (const std::exception& why) {
    return {{"error", why.what()}};
  }
}

int serve() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const json requests = json::parse(line, nullptr, false);
    if (!requests.is_array()) {
      std::cerr << "docctl: not a JSON array of requests\n";
      return EXIT_FAILURE;
    }
    auto answers = json::array();
    for (const json& request : requests)
      answers.push_back(answer(request));
    std::cout << answers.dump() << std::endl;  // flushed: somebody waits for it
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace quire::tools

int main() {
  return quire::tools::serve();
}
