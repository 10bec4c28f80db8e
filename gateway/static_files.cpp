#include "gateway/static_files.hpp"

#include "gateway/http/entity_tag.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

namespace quire::gateway {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view start_page = "index.html";
constexpr std::string_view documents = "/d/";
constexpr std::string_view hashed_files = "/assets/";

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> content_types{{
  {".html", "text/html; charset=utf-8"},
  {".js", "text/javascript; charset=utf-8"},
  {".mjs", "text/javascript; charset=utf-8"},
  {".css", "text/css; charset=utf-8"},
  {".json", "application/json"},
  {".map", "application/json"},
  {".webmanifest", "application/manifest+json"},
  {".svg", "image/svg+xml"},
  {".png", "image/png"},
  {".ico", "image/x-icon"},
  {".woff2", "font/woff2"},
  {".txt", "text/plain; charset=utf-8"},
  {".wasm", "application/wasm"},
}};

std::string_view content_type_of(std::string_view name) {
  const auto found = std::find_if(content_types.begin(), content_types.end(),
                                  [&](const auto& known) { return name.ends_with(known.first); });
  return found == content_types.end() ? "application/octet-stream" : found->second;
}

/// FNV-1a: it only tells one version of a page from another.
std::string tag_of(bytes_view content) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const std::byte octet : content)
    hash = (hash ^ std::to_integer<std::uint64_t>(octet)) * 0x100000001B3ULL;
  return '"' + std::to_string(content.size()) + '-' + std::to_string(hash) + '"';
}

/// A bundler's `name-HASH.ext`: eight letters, digits, `_` or `-` after the last but one dash or dot.
bool has_hash(std::string_view path) {
  if (path.find(hashed_files) == std::string_view::npos)
    return false;
  const auto dot = path.rfind('.');
  constexpr std::size_t hash_length = 8;
  if (dot == std::string_view::npos || dot < hash_length + 1)
    return false;
  const char before = path[dot - hash_length - 1];
  return before == '-' || before == '.';
}

tl::unexpected<error> unreadable(const fs::path& file) {
  return fail(errc::invalid_configuration, "cannot read " + file.string());
}

result<bytes> content_of(const fs::path& file, std::size_t size) {
  bytes content(size);
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(size)))
    return unreadable(file);
  return content;
}

/// The folder whose start page a path shows, with a slash at its end: itself, or the one before the first `/d/`, behind
/// which is a document's name. Empty: none.
std::string_view folder_shown_at(std::string_view path) {
  if (const auto name = path.find(documents); name != std::string_view::npos)
    return path.substr(0, name + 1);
  return path.ends_with('/') ? path : std::string_view();
}

bool is_hidden(const fs::path& file) {
  return file.filename().string().starts_with('.');
}

/// Pages run only what came with them. Styles may be inline: editors set them on elements as they go.
constexpr std::string_view content_security_policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
  "form-action 'self'; frame-ancestors 'none'";

}  // namespace

result<static_files> static_files::read(const fs::path& folder) {
  static_files found;
  std::size_t total = 0;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, failed);
  if (failed)
    return fail(errc::invalid_configuration, "cannot read " + folder.string() + ": " + failed.message());
  for (; at != fs::recursive_directory_iterator(); at.increment(failed)) {
    if (failed)
      return fail(errc::invalid_configuration, "cannot read " + folder.string() + ": " + failed.message());
    if (at->is_symlink() || is_hidden(at->path())) {
      at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file())
      continue;
    const auto size = at->file_size(failed);
    if (failed)
      return unreadable(at->path());
    // Looked at before it is read: nothing says that it fits into memory.
    if (size > limits::static_files_bytes_max - total)
      return fail(errc::invalid_configuration, folder.string() + " holds too much to be served as pages");
    total += size;
    auto content = content_of(at->path(), size);
    if (!content)
      return tl::unexpected(content.error());
    auto path = "/" + at->path().lexically_relative(folder).generic_string();
    auto tag = tag_of(*content);
    const page one{share(std::move(*content)), content_type_of(path), std::move(tag), has_hash(path)};
    found.pages_.emplace(std::move(path), one);
  }
  return found;
}

http::answer static_files::find(std::string_view path, std::string_view if_none_match) const {
  auto found = pages_.find(path);
  if (found == pages_.end())
    if (const auto folder = folder_shown_at(path); !folder.empty())
      found = pages_.find(std::string(folder).append(start_page));
  if (found == pages_.end())
    return http::refusal({errc::not_found, "there is no such page"});
  const page& one = found->second;
  http::answer made;
  if (http::is_listed(if_none_match, one.tag))
    made.status = http::status::not_modified;
  else
    made = http::with_body(http::status::ok, one.content_type, one.content);
  made.set(http::field::etag, one.tag);
  made.set(http::field::cache_control, one.is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  made.set("Content-Security-Policy", content_security_policy);
  made.set("Referrer-Policy", "no-referrer");
  return made;
}

}  // namespace quire::gateway
