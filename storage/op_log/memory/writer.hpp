#pragma once

#include "storage/op_log/memory/contents.hpp"

#include <memory>

namespace quire::storage::memory {

[[nodiscard]] std::unique_ptr<op_log> make_writer(std::shared_ptr<contents> all);

}  // namespace quire::storage::memory
