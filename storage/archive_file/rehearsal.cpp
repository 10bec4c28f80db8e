#include "storage/archive_file/rehearsal.hpp"

namespace quire::storage::archive_file {

result<std::optional<known_generation>> rehearsal::find(const document_name& document) {
  if (!in_)
    return std::nullopt;
  const auto found = in_->find(document);
  if (!found && found.error().code != errc::not_found)
    return tl::unexpected(found.error());
  // What another import left would be removed by a real one.
  if (!found || found->state == "importing")
    return std::nullopt;
  const bool is_deleted = found->state == "deleting" || found->state == "deleted";
  return known_generation{found->info.id, found->info.generation, found->epoch, !is_deleted};
}

}  // namespace quire::storage::archive_file
