#pragma once

#include "protocol/bytes.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <atomic>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
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

/// Gives a revision a name, or a name another revision.
struct label_revision {
  std::string name;  ///< As `check_label` allows it.
  revision at;
  std::string author;         ///< Who asks; empty: nobody that is known.
  bool shall_be_new = false;  ///< already_exists if the document has the label.
};

struct remove_label {
  std::string name;
};

struct document_answer {
  document_version version;  ///< Of a label: the revision that it names now.
  std::string type;
  shared_bytes content;  ///< For a read; else null.
  bool is_new = false;   ///< Of a label: the document did not have it.
};

/// The way back to whoever asked. Copies are one answer: the first call counts, and if there was none the last copy
/// answers `not_here` when it goes, so that nobody waits for an actor that ended.
/// Affinity: any thread.
class answer_once {
 public:
  using function = std::function<void(result<document_answer>)>;

  answer_once() = default;
  /// `told`: called once, on any thread; must not block.
  template <std::invocable<result<document_answer>> Told>
  requires(!std::same_as<std::remove_cvref_t<Told>, answer_once>) answer_once(Told&& told)
    : way_(std::make_shared<way>(function(std::forward<Told>(told)))) {}  // NOLINT: as a function

  void operator()(result<document_answer> answer) const {
    if (way_ && !way_->is_used.exchange(true))
      way_->told(std::move(answer));
  }

 private:
  struct way {
    explicit way(function to) : told(std::move(to)) {}
    way(const way&) = delete;
    way& operator=(const way&) = delete;
    ~way() {
      if (!is_used)
        told(fail(errc::not_here, "the document's actor ended"));
    }

    function told;
    std::atomic<bool> is_used{false};
  };

  std::shared_ptr<way> way_;
};

/// What REST asks of a document. Answered once: durable, or of durable state.
struct document_request {
  using kind = std::variant<read_document, write_document, delete_document, label_revision, remove_label>;

  document_name document;
  kind what;
  answer_once answer;
};

}  // namespace quire::actors
