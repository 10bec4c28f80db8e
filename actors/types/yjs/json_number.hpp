#pragma once

#include "protocol/bytes.hpp"

namespace quire::actors::types::yjs {

/// Appends a number as JavaScript prints it, in a form that reads back as the same; what is not finite as `otherwise`.
void append_number(double number, std::string_view otherwise, bytes& out);

}  // namespace quire::actors::types::yjs
