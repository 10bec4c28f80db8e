#include "actors/types/text/text_state.hpp"
#include "actors/types/type_state.hpp"
#include "actors/types/yjs/yjs_state.hpp"

#include <algorithm>
#include <array>

namespace quire::actors::types {

const document_type* find_type(std::string_view name) noexcept {
  const std::array types{&text::type(), &yjs::type()};
  const auto found = std::ranges::find(types, name, &document_type::name);
  return found == types.end() ? nullptr : *found;
}

}  // namespace quire::actors::types
