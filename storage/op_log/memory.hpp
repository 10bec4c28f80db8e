#pragma once

#include "storage/op_log.hpp"

namespace quire::storage {

/// A store that lives and dies with the process, for tests and for trying things out.
[[nodiscard]] store open_memory();

}  // namespace quire::storage
