#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace quire::tools {

using verb_table = std::map<std::string, std::function<nlohmann::json(const nlohmann::json&)>, std::less<>>;

/// The verbs on Yjs documents, which docctl keeps by name. Updates and state vectors are in hexadecimal.
///
///   yjs.new {doc}   yjs.drop {doc}   yjs.reload {doc}: from its own snapshot
///   yjs.apply {doc, update}: the update to pass on, or null if nothing was new
///   yjs.encode {doc, since?}   yjs.state_vector {doc}   yjs.memory {doc}
///   yjs.read {doc, root, as}: as is text, delta, array, map, xml
void add_yjs_verbs(verb_table& verbs);

}  // namespace quire::tools
