#include "actors/types/yjs/any.hpp"
#include "actors/types/yjs/json_text.hpp"
#include "actors/types/yjs/reading.hpp"

#include <algorithm>
#include <string>
#include <variant>

namespace quire::actors::types::yjs {

namespace {

std::string lower(std::string_view name) {
  std::string made(name);
  for (char& each : made) {
    if ('A' <= each && each <= 'Z')
      each = static_cast<char>(each - 'A' + 'a');
  }
  return made;
}

/// Appends one unit of a run as String() prints it; what holds a type is printed elsewhere.
void put_element(const item& run, lib0::reader& from, bytes& out) {
  switch (run.kind) {
    case content_kind::any: return write_any_text(from, out);
    case content_kind::json: {
      const std::string_view element = from.text();
      return element == "undefined" ? append(out, as_bytes(element)) : write_json_as_text(element, out);
    }
    case content_kind::embed: return write_json_as_text(run.content(), out);
    case content_kind::octets:
      for (std::size_t i = 0; i < run.content().size(); ++i)
        append(out, as_bytes((i > 0 ? "," : "") +
                             std::to_string(static_cast<unsigned>(static_cast<unsigned char>(run.content()[i])))));
      return;
    default: return append(out, as_bytes("[object Object]"));
  }
}

void put_elements(const item& run, bytes& out) {
  if (run.kind == content_kind::text)
    return append(out, as_bytes(run.content()));
  lib0::reader from(as_bytes(run.content()));
  for (std::uint32_t i = 0; i < run.length; ++i)
    put_element(run, from, out);
}

/// Prints XML by a stack of what is to be printed yet, the next on top.
class xml_printer {
 public:
  xml_printer(const store& content, bytes& out) noexcept : content_(content), out_(out) {}

  void print(const shared_type& from, type_ref as) {
    push_type(from, as);
    while (!tasks_.empty()) {
      const task next = std::move(tasks_.back());
      tasks_.pop_back();
      std::visit([&](const auto& what) { run(what); }, next);
    }
  }

 private:
  struct literal {
    std::string text;
  };
  /// The rest of a list.
  struct children {
    item_handle next = none;
  };
  /// The rest of a formatted text.
  struct formatted {
    item_handle next = none;
    attributes now;
  };
  struct element {
    const shared_type* type = nullptr;
  };
  using task = std::variant<literal, children, formatted, element>;

  void push_type(const shared_type& type, type_ref as) {
    switch (as) {
      case type_ref::xml_element: tasks_.emplace_back(element{&type}); break;
      case type_ref::xml_fragment: tasks_.emplace_back(children{type.first}); break;
      case type_ref::xml_text: tasks_.emplace_back(formatted{type.first, {}}); break;
      case type_ref::text: {
        bytes text;
        write_plain_text(content_, type, text);
        tasks_.emplace_back(literal{std::string(as_text(text))});
        break;
      }
      default: tasks_.emplace_back(literal{"[object Object]"});
    }
  }

  void push_type_of(const item& run) {
    const shared_type& type = content_.type(run.type());
    push_type(type, type.ref);
  }

  void run(const literal& what) { append(out_, as_bytes(what.text)); }

  void run(const children& rest) {
    if (rest.next == none)
      return;
    const item& next = content_[rest.next];
    tasks_.emplace_back(children{next.right});
    if (!next.is_visible())
      return;
    if (next.is_type())
      push_type_of(next);
    else
      put_elements(next, out_);
  }

  /// The values of keys, in the order of their names.
  [[nodiscard]] std::vector<std::pair<std::string_view, const item*>> sorted_values(const shared_type& type) const {
    std::vector<std::pair<std::string_view, const item*>> values;
    for (const key_entry& entry : type.entries()) {
      if (content_[entry.last].is_visible())
        values.emplace_back(content_.keys()[entry.key], &content_[entry.last]);
    }
    std::ranges::sort(values, is_before_in_utf16, [](const auto& each) { return each.first; });
    return values;
  }

  void run(const element& what) {
    const std::string name = what.type->name == none ? "undefined" : lower(content_.keys()[what.type->name]);
    tasks_.emplace_back(literal{"</" + name + ">"});
    tasks_.emplace_back(children{what.type->first});
    tasks_.emplace_back(literal{">"});
    const auto values = sorted_values(*what.type);
    for (auto value = values.rbegin(); value != values.rend(); ++value) {
      tasks_.emplace_back(literal{"\""});
      if (value->second->is_type())
        push_type_of(*value->second);
      else
        tasks_.emplace_back(literal{last_value(*value->second)});
      tasks_.emplace_back(literal{" " + std::string(value->first) + "=\""});
    }
    tasks_.emplace_back(literal{"<" + name});
  }

  static std::string last_value(const item& run) {
    bytes text;
    lib0::reader from(as_bytes(run.content()));
    for (std::uint32_t i = 0; i + 1 < run.length; ++i) {
      if (run.kind == content_kind::any)
        skip_any(from);
      else if (run.kind == content_kind::json)
        static_cast<void>(from.octets());
    }
    if (run.kind != content_kind::text)
      put_element(run, from, text);
    else if (!run.content().empty())
      append(text, as_bytes(last_character(run.content())));
    return std::string(as_text(text));
  }

  static std::string_view last_character(std::string_view text) noexcept {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
      --at;
    return text.substr(at);
  }

  /// The tags of the attributes in force: each attribute is an element, the members of its value that one's attributes.
  static std::pair<std::string, std::string> tags_of(const attributes& now) {
    auto sorted = now.all();
    std::ranges::sort(sorted, is_before_in_utf16, [](const auto& each) { return each.first; });
    std::pair<std::string, std::string> tags;
    for (const auto& [name, value] : sorted) {
      tags.first += "<" + std::string(name);
      auto members = members_of(value);
      std::ranges::sort(members, is_before_in_utf16, [](const auto& each) { return std::string_view(each.first); });
      for (const auto& [key, member] : members) {
        bytes text;
        write_json_as_text(member, text);
        tags.first += " " + key + "=\"" + std::string(as_text(text)) + "\"";
      }
      tags.first += ">";
      tags.second.insert(0, "</" + std::string(name) + ">");
    }
    return tags;
  }

  void run(const formatted& rest) {
    attributes now = rest.now;
    std::string text;
    const auto put_text = [&] {
      if (text.empty())
        return;
      const auto [opening, closing] = tags_of(now);
      append(out_, as_bytes(opening + text + closing));
      text.clear();
    };
    for (item_handle at = rest.next; at != none; at = content_[at].right) {
      const item& next = content_[at];
      if (next.is_deleted)
        continue;
      if (next.kind == content_kind::text) {
        text += next.content();
      } else if (next.kind == content_kind::format) {
        put_text();
        now.take(next);
      } else if (next.kind == content_kind::embed || next.is_type()) {
        put_text();
        const auto [opening, closing] = tags_of(now);
        append(out_, as_bytes(opening));
        if (next.is_type()) {
          tasks_.emplace_back(formatted{next.right, now});
          tasks_.emplace_back(literal{closing});
          return push_type_of(next);
        }
        put_elements(next, out_);
        append(out_, as_bytes(closing));
      }
    }
    put_text();
  }

  const store& content_;
  bytes& out_;
  std::vector<task> tasks_;
};

}  // namespace

void write_xml(const store& content, const shared_type& from, type_ref as, bytes& out) {
  xml_printer(content, out).print(from, as);
}

}  // namespace quire::actors::types::yjs
