#include "tests/differential/yjs_verbs.hpp"

#include "actors/types/yjs/reading.hpp"
#include "actors/types/yjs/split.hpp"
#include "actors/types/yjs/yjs_state.hpp"
#include "tests/fixture/yjs/hexadecimal.hpp"

#include <stdexcept>

namespace quire::tools {

namespace {

using nlohmann::json;
using namespace actors::types;
using fixture::from_hexadecimal;
using fixture::to_hexadecimal;

std::map<std::string, state_ptr>& documents() {
  static std::map<std::string, state_ptr> open;
  return open;
}

state_ptr& state_of(const json& request) {
  return documents().at(request.at("doc").get<std::string>());
}

const yjs::document& document_of(const json& request) {
  return static_cast<const yjs::yjs_state&>(*state_of(request)).content();
}

template <class T>
T checked(result<T> given) {
  if (!given)
    throw std::invalid_argument(given.error().detail);
  if constexpr (!std::is_void_v<T>)
    return std::move(*given);
}

bytes bytes_of(const json& request, const char* member) {
  return from_hexadecimal(request.at(member).get_ref<const std::string&>());
}

json create(const json& request) {
  documents()[request.at("doc").get<std::string>()] = find_type("yjs")->create({});
  return true;
}

json drop(const json& request) {
  return documents().erase(request.at("doc").get<std::string>()) > 0;
}

json reload(const json& request) {
  state_ptr& state = state_of(request);
  bytes snapshot;
  state->write_snapshot(snapshot);
  state = checked(find_type("yjs")->load(snapshot, state->revision(), {}));
  return true;
}

json apply(const json& request) {
  type_state& state = *state_of(request);
  const auto prepared = checked(state.prepare(state.revision(), bytes_of(request, "update")));
  if (prepared.outcome == outcome::nothing)
    return nullptr;
  state.apply(prepared);
  return to_hexadecimal(*prepared.broadcast);
}

json encode(const json& request) {
  yjs::state_vector known;
  if (request.contains("since"))
    known = checked(yjs::decode_state_vector(bytes_of(request, "since"), 65'536));
  bytes out;
  document_of(request).encode(known, out);
  return to_hexadecimal(out);
}

json parts(const json& request) {
  const auto known = checked(yjs::decode_state_vector(bytes_of(request, "since"), 65'536));
  bytes out;
  document_of(request).encode(known, out);
  json parts = json::array();
  for (const bytes& part : yjs::split_update(out, request.at("bytes").get<std::size_t>()))
    parts.push_back(to_hexadecimal(part));
  return parts;
}

json state_vector(const json& request) {
  bytes out;
  yjs::encode_state_vector(document_of(request).known(), out);
  return to_hexadecimal(out);
}

json memory(const json& request) {
  return state_of(request)->memory().total_bytes;
}

json read(const json& request) {
  const yjs::store& content = document_of(request).content();
  const yjs::type_handle found = content.find_root(request.at("root").get<std::string>());
  const yjs::shared_type nothing;
  const yjs::shared_type& root = found == yjs::none ? nothing : content.type(found);
  const auto as = request.at("as").get<std::string>();
  bytes out;
  if (as == "text") {
    write_plain_text(content, root, out);
    return std::string(as_text(out));
  }
  if (as == "delta")
    write_delta(content, root, out);
  else
    write_json(content, root,
               as == "array" ? yjs::type_ref::array
               : as == "map" ? yjs::type_ref::map
                             : yjs::type_ref::xml_fragment,
               out);
  return json::parse(as_text(out));
}

}  // namespace

void add_yjs_verbs(verb_table& verbs) {
  verbs.insert({{"yjs.new", create},
                {"yjs.drop", drop},
                {"yjs.reload", reload},
                {"yjs.apply", apply},
                {"yjs.encode", encode},
                {"yjs.parts", parts},
                {"yjs.state_vector", state_vector},
                {"yjs.memory", memory},
                {"yjs.read", read}});
}

}  // namespace quire::tools
