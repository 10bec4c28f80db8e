#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace quire::actors {

enum class representation : std::uint8_t { text, json };

/// A document as its entity tag names it.
struct document_version {
  quire::generation generation;
  quire::revision revision;

  friend bool operator==(const document_version&, const document_version&) = default;
};

struct read_document {
  representation as = representation::text;
};

/// Creates (`expected` empty) or replaces, as an edit.
struct write_document {
  std::string type;                          ///< For a creation.
  std::string content;                       ///< As `read_text` gives it.
  std::optional<document_version> expected;  ///< precondition_failed if the document is elsewhere.
};

struct delete_document {
  std::optional<document_version> expected;
};

struct document_answer {
  document_version version;
  std::string type;
  shared_bytes content;  ///< For a read; else null.
};

/// What REST asks of a document. Answered once: durable, or of durable state.
struct document_request {
  document_name document;
  std::variant<read_document, write_document, delete_document> what;
  /// Called once, on any thread; must not block.
  std::function<void(result<document_answer>)> answer;
};

}  // namespace quire::actors
