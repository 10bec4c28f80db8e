#pragma once

#include "actors/document_request.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace quire::gateway::http {

/// The entity tag of a document: `"generation.revision.representation"`.
[[nodiscard]] std::string entity_tag(const actors::document_version& version, actors::representation as);

/// The version that an entity tag of ours names; nothing if it is none of ours, or weak.
[[nodiscard]] std::optional<actors::document_version> version_in(std::string_view tag);

/// Whether `tag` is in the list of an If-None-Match field, where weak tags count; `*` matches any.
/// Source: RFC 9110, sections 8.8.3 and 13.1.2.
[[nodiscard]] bool is_listed(std::string_view list, std::string_view tag);

}  // namespace quire::gateway::http
