#include "actors/types/type_state.hpp"

namespace quire::actors::types {

const document_type* find_type(std::string_view) noexcept {
  return nullptr;
}

}  // namespace quire::actors::types
