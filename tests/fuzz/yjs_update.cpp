#include "actors/types/yjs/reading.hpp"
#include "actors/types/yjs/yjs_state.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

// An update from outside, given to an empty document and to one that has its own content; and the same bytes as a
// snapshot and a state vector. What is accepted is logged as an update that reads, reads in every way, and comes back
// from a snapshot the same; given again it has nothing new.
namespace quire::actors::types::yjs {
namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

bytes snapshot_of(const type_state& state) {
  bytes snapshot;
  state.write_snapshot(snapshot);
  return snapshot;
}

void read_in_every_way(const type_state& state) {
  bytes out;
  require(state.read_json(out).has_value());
  static_cast<void>(state.read_text(out));
  const store& content = static_cast<const yjs_state&>(state).content().content();
  for (const type_handle root : content.roots()) {
    write_delta(content, content.type(root), out);
    write_json(content, content.type(root), type_ref::array, out);
    write_json(content, content.type(root), type_ref::map, out);
    write_xml(content, content.type(root), type_ref::xml_element, out);
    write_xml(content, content.type(root), type_ref::xml_text, out);
  }
}

void load(bytes_view snapshot, quire::revision at) {
  const auto loaded = find_type("yjs")->load(snapshot, at, {});
  require(loaded.has_value());
  const bytes once = snapshot_of(**loaded);
  const auto again = find_type("yjs")->load(once, at, {});
  require(again.has_value() && snapshot_of(**again) == once);
  read_in_every_way(**loaded);
}

void edit(type_state& document, bytes_view data) {
  const auto prepared = document.prepare(document.revision(), data);
  if (!prepared || prepared->outcome == outcome::nothing)
    return;
  update logged;
  require(decode_update(*prepared->logged, own_update_limits, logged).has_value());
  document.apply(*prepared);
  const auto repeated = document.prepare(document.revision(), *prepared->logged);
  require(repeated.has_value() && repeated->outcome == outcome::nothing);
  read_in_every_way(document);
  load(snapshot_of(document), document.revision());
}

// A text "hi" with a deleted letter, an array in an array and a map's key, of the clients 1 to 3.
constexpr std::uint8_t own_content[] = {3, 1, 3, 0, 0x28, 1,   1, 'm', 1,   'k', 1, 0x7D, 1,    2,
                                        2, 0, 7, 1, 1,    'r', 0, 0x8, 0,   2,   0, 1,    0x78, 1,
                                        1, 0, 4, 1, 1,    't', 2, 'h', 'i', 1,   1, 1,    1,    1};

void state_vector_of(bytes_view data) {
  const auto known = decode_state_vector(data, 1'000);
  if (!known)
    return;
  yjs_state document({});
  edit(document, std::as_bytes(std::span(own_content)));
  bytes out;
  document.content().encode(*known, out);
  update lacking;
  require(decode_update(out, own_update_limits, lacking).has_value());
}

}  // namespace
}  // namespace quire::actors::types::yjs

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quire::actors::types;
  const auto view = std::as_bytes(std::span{data, size});
  yjs::yjs_state empty({});
  yjs::edit(empty, view);
  yjs::yjs_state other({});
  yjs::edit(other, std::as_bytes(std::span(yjs::own_content)));
  yjs::require(other.revision().value() == 1);
  yjs::edit(other, view);
  if (const auto loaded = find_type("yjs")->load(view, quire::revision(1), {}))
    yjs::load(yjs::snapshot_of(**loaded), quire::revision(1));
  yjs::state_vector_of(view);
  return 0;
}
