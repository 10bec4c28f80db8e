#include "actors/types/text/operation.hpp"

#include "actors/types/utf8.hpp"

#include <algorithm>

namespace quire::actors::types::text {

std::size_t operation::base_length() const noexcept {
  std::size_t length = 0;
  for (const part& each : parts()) {
    if (each.kind != part_kind::insert)
      length += each.count;
  }
  return length;
}

bool operation::has_erased_text() const noexcept {
  return std::ranges::any_of(parts(),
                             [](const part& each) { return each.kind == part_kind::erase && each.text_bytes > 0; });
}

void operation_builder::insert(std::string_view text) {
  add({part_kind::insert, static_cast<std::uint32_t>(utf8::count_code_points(text)), text});
}

void operation_builder::erase(std::string_view text) {
  add({part_kind::erase, static_cast<std::uint32_t>(utf8::count_code_points(text)), text});
}

void operation_builder::add(const piece& next) {
  if (next.count == 0)
    return;
  if (!made_.parts_.empty() && made_.parts_.back().kind == next.kind)
    return join(made_.parts_.back(), next);
  made_.parts_.push_back(make_part(next.kind, next.count, next.text.size()));
  if (!texts_left_out_)
    made_.text_.append(next.text);
}

void operation_builder::join(part& last, const piece& next) {
  const bool loses_text = next.kind == part_kind::erase && (last.text_bytes == 0) != next.text.empty();
  if (loses_text && !texts_left_out_)
    made_.text_.resize(made_.text_.size() - last.text_bytes);
  const std::size_t text_bytes = loses_text ? 0 : last.text_bytes + next.text.size();
  if (!loses_text && !texts_left_out_)
    made_.text_.append(next.text);
  last = make_part(last.kind, last.count + next.count, text_bytes);
}

operation operation_builder::finish() && {
  if (!made_.parts_.empty() && made_.parts_.back().kind == part_kind::retain)
    made_.parts_.pop_back();
  return std::move(made_);
}

operation operation_builder::finish_with(std::string&& text) && {
  made_.text_ = std::move(text);
  return std::move(*this).finish();
}

piece piece_reader::take(std::uint32_t count) noexcept {
  const part& source = parts_[next_];
  const std::size_t text_left = source.text_bytes - text_taken_;
  const bool is_rest = count >= left_;
  piece taken{source.kind, is_rest ? left_ : count, text_.substr(0, text_left)};
  if (!is_rest && text_left > 0)
    taken.text = text_.substr(0, utf8::offset_of(taken.text, count));
  text_.remove_prefix(taken.text.size());
  if (is_rest) {
    ++next_;
    text_taken_ = 0;
    left_ = at_end() ? 0 : parts_[next_].count;
  } else {
    text_taken_ += taken.text.size();
    left_ -= count;
  }
  return taken;
}

}  // namespace quire::actors::types::text
