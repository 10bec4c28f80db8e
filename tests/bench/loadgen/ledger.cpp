#include "tests/bench/loadgen/ledger.hpp"

namespace quire::bench {

namespace {

std::string describe(edit_name edit) {
  return "edit " + std::to_string(edit.sequence) + " of author " + std::to_string(edit.author);
}

}  // namespace

std::optional<std::string> ledger::check(std::uint64_t revision, edit_name edit) {
  if (revision > newest())
    return write_down(edit);
  if (edit == edit_at(revision))
    return std::nullopt;
  return describe(edit) + " at revision " + std::to_string(revision) + ", where another was shown " +
         describe(edit_at(revision));
}

std::vector<edit_name> ledger::edits_until(std::uint64_t revision) const {
  std::vector<edit_name> edits;
  for (std::uint64_t at = 1; at <= revision; ++at)
    edits.push_back(edit_at(at));
  return edits;
}

std::optional<std::string> ledger::write_down(edit_name edit) {
  const auto author = std::size_t{edit.author} - first_author_;  // a number below wraps round and is too large
  if (author >= paces_.size())
    return describe(edit) + ", who does not write here";
  auto& last = written_[author];
  const bool is_next = edit.sequence == last + 1 && edit.sequence <= paces_[author].sent();
  entries_.push_back({edit, paces_[author].due(edit.sequence)});
  last = edit.sequence;
  if (!is_next)
    return describe(edit) + " where another should be: one is lost, doubled or out of order";
  return std::nullopt;
}

}  // namespace quire::bench
