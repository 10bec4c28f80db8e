#pragma once

#include "gateway/http/answer.hpp"
#include "protocol/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace quire::gateway {

/// The pages of a folder, read once at the start. A request only ever names an entry of this table, so no path leads
/// out of the folder; symbolic links and names that begin with a dot are not read.
/// Affinity: any thread, once read.
class static_files {
 public:
  /// No pages.
  static_files() = default;

  /// Errors: invalid_configuration if it is no folder, cannot be read, or is over limits::static_files_bytes_max.
  [[nodiscard]] static result<static_files> read(const std::filesystem::path& folder);

  /// The page of a decoded path; a folder's `index.html` for the folder (`/`, `/notes/`) and for whatever is under its
  /// `d/` (`/d/plan`, `/notes/d/plan`), where its documents are; else 404.
  /// `if_none_match`: the field as it came.
  [[nodiscard]] http::answer find(std::string_view path, std::string_view if_none_match) const;

 private:
  struct page {
    shared_bytes content;
    std::string_view content_type;
    std::string tag;
    bool is_immutable = false;  // its name has a hash of its content
  };

  std::map<std::string, page, std::less<>> pages_;
};

}  // namespace quire::gateway
