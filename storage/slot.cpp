#include "storage/slot.hpp"

#include <xxhash.h>

namespace quire::storage {

std::uint64_t placement_key(const document_name& document) {
  std::string key = document.organisation;
  key += '\0';
  key += document.name;
  return XXH64(key.data(), key.size(), 0);
}

}  // namespace quire::storage
