#pragma once

#include "actors/types/yjs/store.hpp"

/// What a document says, as the types of npm's yjs give it. None of it recurses on the document's depth.
namespace quire::actors::types::yjs {

/// What a root most likely is. Nothing of an update says it: clients choose when they read.
/// A map if it has keys; else by the first that is not deleted of its list: an XML fragment, a text, or an array.
[[nodiscard]] type_ref guess_type(const store& content, const shared_type& root) noexcept;

/// Appends the text of a type's list, without what is embedded: toString() of YText. UTF-8.
void write_plain_text(const store& content, const shared_type& from, bytes& out);

/// Appends a type read as `as`, as JSON.stringify prints its toJSON(). Bytes are a text in base64, a subdocument is {}.
void write_json(const store& content, const shared_type& from, type_ref as, bytes& out);

/// Appends a text as a Quill delta, in JSON: toDelta() of YText.
void write_delta(const store& content, const shared_type& from, bytes& out);

/// Appends an XML type read as `as`: its toString(). Of names only ASCII letters become lower case.
void write_xml(const store& content, const shared_type& from, type_ref as, bytes& out);

/// The attributes that are in force at a place of a formatted text, and their values as JSON.
class attributes {
 public:
  void take(const item& format);
  [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& all() const noexcept { return all_; }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> all_;
};

/// Whether `a` is before `b` where JavaScript sorts texts: by UTF-16 units.
[[nodiscard]] bool is_before_in_utf16(std::string_view a, std::string_view b) noexcept;

}  // namespace quire::actors::types::yjs
