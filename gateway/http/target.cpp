#include "gateway/http/target.hpp"

#include "gateway/http/percent.hpp"
#include "protocol/name_check.hpp"

#include <algorithm>

namespace quire::gateway::http {

namespace {

constexpr std::string_view documents_path = "/v1/documents/";
constexpr std::string_view yjs_path = "/yjs/";

/// Takes what is before the next `separator` off `text`, with the separator.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto taken = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return taken;
}

result<target> parse_label(document_name document, std::string_view encoded) {
  auto label = percent_decode(encoded);
  if (!label)
    return tl::unexpected(label.error());
  if (auto checked = check_label(*label); !checked)
    return tl::unexpected(checked.error());
  return label_target{std::move(document), std::move(*label)};
}

// The segments after a name, which is one itself: none of these can be a document's.
result<target> parse_past(document_name document, std::string_view rest) {
  using part = past_target::part;
  constexpr std::string_view restoring = ":restore";
  if (rest == "operations")
    return past_target{std::move(document), part::operations, {}};
  if (rest == "labels")
    return label_target{std::move(document), std::nullopt};
  const auto kind = take_until(rest, '/');
  if (kind == "labels" && rest.find('/') == std::string_view::npos)
    return parse_label(std::move(document), rest);
  if (kind != "revisions" || rest.empty() || rest.find('/') != std::string_view::npos)
    return fail(errc::invalid_name, "a name is one segment of the path: encode its / as %2F");
  auto revision = percent_decode(rest);
  if (!revision)
    return tl::unexpected(revision.error());
  if (!revision->ends_with(restoring))
    return past_target{std::move(document), part::revision, std::move(*revision)};
  revision->resize(revision->size() - restoring.size());
  return past_target{std::move(document), part::restoration, std::move(*revision)};
}

// Each of both is one segment: a `/` in a name is encoded, and is decoded only after the path was split.
result<target> parse_documents(std::string_view rest) {
  const auto slash = rest.find('/');
  auto organisation = percent_decode(rest.substr(0, slash));
  if (!organisation)
    return tl::unexpected(organisation.error());
  if (slash == std::string_view::npos) {
    // A list has no name to check; any will do.
    if (auto checked = check_name({*organisation, "any"}); !checked)
      return tl::unexpected(checked.error());
    return list_target{std::move(*organisation)};
  }
  auto behind = rest.substr(slash + 1);
  const bool is_past = behind.find('/') != std::string_view::npos;
  const auto encoded_name = take_until(behind, '/');
  auto name = percent_decode(encoded_name);
  if (!name)
    return tl::unexpected(name.error());
  document_name document{std::move(*organisation), std::move(*name)};
  if (auto checked = check_name(document); !checked)
    return tl::unexpected(checked.error());
  if (is_past)
    return parse_past(std::move(document), behind);
  return document_target{std::move(document)};
}

provider_target parse_provider(std::string_view path) {
  if (path == "/" || path == "/hocuspocus" || path == "/hocuspocus/")
    return {protocol::dialect::hocuspocus, {}};
  const bool has_prefix = path == "/yjs" || path.starts_with(yjs_path);
  path.remove_prefix(has_prefix ? std::min(path.size(), yjs_path.size()) : 1);
  return {protocol::dialect::y_websocket, percent_decode_name(path)};
}

}  // namespace

result<target> parse_target(std::string_view request_target, bool is_upgrade) {
  const auto path = request_target.substr(0, request_target.find('?'));
  if (!path.starts_with('/') || path.find_first_of("#\\") != std::string_view::npos)
    return fail(errc::malformed_message, "the target is not a path");
  if (path == "/v1/connect")
    return connect_target{};
  if (path == "/healthz")
    return health_target{};
  if (path == "/readyz")
    return readiness_target{};
  if (path == "/metrics")
    return metrics_target{};
  if (path.starts_with(documents_path))
    return parse_documents(path.substr(documents_path.size()));
  if (is_upgrade && path != "/v1" && !path.starts_with("/v1/"))
    return parse_provider(path);
  auto decoded = percent_decode(path);
  if (!decoded)
    return tl::unexpected(decoded.error());
  if (decoded->starts_with("/v1"))
    return fail(errc::not_found, "there is no such resource");
  return page_target{std::move(*decoded)};
}

result<std::optional<std::string>> query_value(std::string_view request_target, std::string_view name) {
  const auto start = request_target.find('?');
  auto query = start == std::string_view::npos ? std::string_view() : request_target.substr(start + 1);
  while (!query.empty()) {
    auto value = take_until(query, '&');
    if (take_until(value, '=') == name) {
      auto decoded = percent_decode(value);
      if (!decoded)
        return tl::unexpected(decoded.error());
      return std::optional(std::move(*decoded));
    }
  }
  return std::optional<std::string>();
}

}  // namespace quire::gateway::http
