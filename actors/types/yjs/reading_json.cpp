#include "actors/types/json_string.hpp"
#include "actors/types/yjs/any.hpp"
#include "actors/types/yjs/base64.hpp"
#include "actors/types/yjs/reading.hpp"

namespace quire::actors::types::yjs {

namespace {

void put(std::string_view text, bytes& out) {
  append(out, as_bytes(text));
}

void put_quoted(std::string_view text, bytes& out) {
  put("\"", out);
  append_json_escaped(text, out);
  put("\"", out);
}

/// The next character of a text, which is cut off it.
std::string_view take_character(std::string_view& text) noexcept {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
    ++size;
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

/// Prints types within types: each that is open is a frame.
class json_printer {
 public:
  json_printer(const store& content, bytes& out) noexcept : content_(content), out_(out) {}

  void print(const shared_type& from, type_ref as) {
    open(from, as);
    while (!frames_.empty()) {
      if (frames_.back().is_map)
        step_in_map();
      else
        step_in_list();
    }
  }

 private:
  struct frame {
    const shared_type* type = nullptr;
    bool is_map = false;
    bool is_first = true;
    item_handle next = none;  // of a list
    std::size_t entry = 0;    // of a map
  };

  void open(const shared_type& type, type_ref as) {
    switch (as) {
      case type_ref::array: put("[", out_); return frames_.push_back({&type, false, true, type.first, 0});
      case type_ref::map:
      case type_ref::xml_hook: put("{", out_); return frames_.push_back({&type, true, true, none, 0});
      case type_ref::text: {
        bytes text;
        write_plain_text(content_, type, text);
        return put_quoted(as_text(text), out_);
      }
      default: {
        bytes xml;
        write_xml(content_, type, as, xml);
        return put_quoted(as_text(xml), out_);
      }
    }
  }

  void separate() {
    if (!frames_.back().is_first)
      put(",", out_);
    frames_.back().is_first = false;
  }

  void step_in_list() {
    const item_handle at = frames_.back().next;
    if (at == none) {
      put("]", out_);
      return frames_.pop_back();
    }
    const item& run = content_[at];
    frames_.back().next = run.right;
    if (!run.is_visible())
      return;
    if (run.is_type()) {
      separate();
      return open(content_.type(run.type()), content_.type(run.type()).ref);
    }
    print_elements(run);
  }

  void print_elements(const item& run) {
    if (run.kind == content_kind::text) {
      for (std::string_view rest = run.content(); !rest.empty();) {
        separate();
        put_quoted(take_character(rest), out_);
      }
      return;
    }
    lib0::reader from(as_bytes(run.content()));
    for (std::uint32_t i = 0; i < run.length; ++i) {
      separate();
      if (!print_element(run, from))
        put("null", out_);
    }
  }

  /// False if it is undefined.
  bool print_element(const item& run, lib0::reader& from) {
    switch (run.kind) {
      case content_kind::any: return write_any_json(from, out_);
      case content_kind::json: {
        const std::string_view element = from.text();
        if (element == "undefined")
          return false;
        put(element, out_);
        return true;
      }
      case content_kind::embed: put(run.content(), out_); return true;
      case content_kind::octets:
        put("\"", out_);
        append_base64(as_bytes(run.content()), out_);
        put("\"", out_);
        return true;
      case content_kind::text: {
        std::string_view last;
        for (std::string_view rest = run.content(); !rest.empty();)
          last = take_character(rest);
        put_quoted(last, out_);
        return true;
      }
      default: put("{}", out_); return true;  // a subdocument
    }
  }

  void step_in_map() {
    frame& map = frames_.back();
    if (map.entry == map.type->entries().size()) {
      put("}", out_);
      return frames_.pop_back();
    }
    const key_entry& entry = map.type->entries()[map.entry++];
    const item& run = content_[entry.last];
    if (!run.is_visible())
      return;
    const std::size_t before = out_.size();
    const bool was_first = map.is_first;
    separate();
    put_quoted(content_.keys()[entry.key], out_);
    put(":", out_);
    if (run.is_type())
      return open(content_.type(run.type()), content_.type(run.type()).ref);
    if (!print_last_element(run)) {
      out_.resize(before);
      map.is_first = was_first;
    }
  }

  bool print_last_element(const item& run) {
    lib0::reader from(as_bytes(run.content()));
    for (std::uint32_t i = 0; i + 1 < run.length; ++i) {
      if (run.kind == content_kind::any)
        skip_any(from);
      else if (run.kind == content_kind::json)
        static_cast<void>(from.octets());
    }
    return print_element(run, from);
  }

  const store& content_;
  bytes& out_;
  std::vector<frame> frames_;
};

void put_attributes(const attributes& now, bytes& out) {
  if (now.all().empty())
    return;
  put(",\"attributes\":{", out);
  bool is_first = true;
  for (const auto& [key, value] : now.all()) {
    put(is_first ? "" : ",", out);
    is_first = false;
    put_quoted(key, out);
    put(":", out);
    put(value, out);
  }
  put("}", out);
}

}  // namespace

void write_json(const store& content, const shared_type& from, type_ref as, bytes& out) {
  json_printer(content, out).print(from, as);
}

void write_delta(const store& content, const shared_type& from, bytes& out) {
  attributes now;
  bytes text;
  bool is_first = true;
  const auto begin = [&] {
    put(is_first ? "{\"insert\":" : ",{\"insert\":", out);
    is_first = false;
  };
  const auto end = [&] {
    put_attributes(now, out);
    put("}", out);
  };
  const auto put_text = [&] {
    if (text.empty())
      return;
    begin();
    put_quoted(as_text(text), out);
    end();
    text.clear();
  };
  put("[", out);
  for (item_handle at = from.first; at != none; at = content[at].right) {
    const item& run = content[at];
    if (run.is_deleted)
      continue;
    if (run.kind == content_kind::text) {
      append(text, as_bytes(run.content()));
    } else if (run.kind == content_kind::format) {
      put_text();
      now.take(run);
    } else if (run.kind == content_kind::embed || run.is_type()) {
      put_text();
      begin();
      if (run.is_type())
        write_json(content, content.type(run.type()), content.type(run.type()).ref, out);
      else
        put(run.content(), out);
      end();
    }
  }
  put_text();
  put("]", out);
}

}  // namespace quire::actors::types::yjs
