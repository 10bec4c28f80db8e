#include "storage/archive_file/placement.hpp"

#include <algorithm>

namespace quire::storage::archive_file {

result<placement> place(const document_begin& document, const std::optional<known_generation>& known,
                        const std::optional<document_name>& as, const document_id& fresh) {
  placement made{document.info, document.identity, document.epoch, true};
  const bool is_deleted = document.state == document_state::deleted;
  if (is_deleted && known && known->generation >= document.info.generation) {
    made.is_needed = false;
    return made;
  }
  if (known && known->is_live)
    return fail(errc::already_exists, "the store has a document of that name");
  if (known)
    made.epoch = std::max(made.epoch, is_deleted ? known->epoch : known->epoch.next());
  const bool is_reused = known && document.info.generation <= known->generation;
  if (as || is_reused) {
    made.info.id = fresh;
    made.info.document = as.value_or(document.info.document);
    made.info.generation = known ? known->generation.next() : generation(1);
    made.identity = document_checksum(made.info);
  }
  return made;
}

}  // namespace quire::storage::archive_file
