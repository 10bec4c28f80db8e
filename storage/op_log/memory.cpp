#include "storage/op_log/memory.hpp"

#include "storage/op_log/memory/reader.hpp"
#include "storage/op_log/memory/writer.hpp"

namespace quire::storage {

store open_memory() {
  const auto all = std::make_shared<memory::contents>();
  return {memory::make_writer(all), {}, memory::make_reader(all)};
}

}  // namespace quire::storage
