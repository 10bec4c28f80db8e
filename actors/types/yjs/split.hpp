#pragma once

#include "protocol/bytes.hpp"

#include <cstddef>
#include <vector>

namespace quire::actors::types::yjs {

/// An update in parts that are updates themselves, each of about `part_bytes` or less. Applied in order they make what
/// the update makes, and none waits for a later one: what a struct stands beside or in comes before it or with it.
/// Deletions come last. A text or an array longer than a part is cut; other content is in one part, however large.
/// Pre: `update` was accepted by a document, or written by one.
/// Cost: linear, and a logarithm of the clients for each struct.
[[nodiscard]] std::vector<bytes> split_update(bytes_view update, std::size_t part_bytes);

}  // namespace quire::actors::types::yjs
