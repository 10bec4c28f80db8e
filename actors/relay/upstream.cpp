#include "actors/relay/upstream.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <iterator>

namespace quire::actors {

void upstream::push(entry edit) {
  waiting_.push_back(std::move(edit));
}

void upstream::push_first(std::vector<entry> edits) {
  waiting_.insert(waiting_.begin(), std::move_iterator(edits.begin()), std::move_iterator(edits.end()));
}

std::vector<submitted_edit> upstream::take_sendable() {
  std::vector<submitted_edit> sendable;
  while (!waiting_.empty() && sent_.size() < limits::relay_credit_edits / share_ &&
         sent_bytes_ < limits::relay_credit_bytes / share_) {
    sent_bytes_ += waiting_.front().edit.operation->size();
    sendable.push_back(waiting_.front().edit);
    sent_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return sendable;
}

std::optional<upstream::entry> upstream::settle(const client_id& client, client_sequence sequence) {
  return take_out(std::ranges::find_if(
    sent_, [&](const entry& sent) { return sent.edit.sequence == sequence && sent.edit.client == client; }));
}

std::optional<upstream::entry> upstream::settle(std::uint64_t receipt) {
  return take_out(std::ranges::find_if(sent_, [&](const entry& sent) { return sent.edit.receipt == receipt; }));
}

std::optional<upstream::entry> upstream::take_out(boost::container::deque<entry>::iterator found) {
  if (found == sent_.end())
    return {};
  auto settled = std::move(*found);
  sent_bytes_ -= settled.edit.operation->size();
  sent_.erase(found);
  return settled;
}

void upstream::restart() {
  waiting_.insert(waiting_.begin(), std::move_iterator(sent_.begin()), std::move_iterator(sent_.end()));
  sent_.clear();
  sent_bytes_ = 0;
}

std::vector<upstream::entry> upstream::clear() {
  restart();
  std::vector<entry> all(std::move_iterator(waiting_.begin()), std::move_iterator(waiting_.end()));
  waiting_.clear();
  return all;
}

}  // namespace quire::actors
