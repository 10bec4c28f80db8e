#include "actors/op_log/commit_batcher.hpp"

#include "protocol/limits.hpp"

#include <iterator>
#include <utility>

namespace quire::actors {

namespace {

std::size_t operation_bytes(const storage::append_request& request) {
  std::size_t sum = 0;
  for (const auto& entry : request.entries)
    sum += entry.operation->size();
  return sum;
}

}  // namespace

void commit_batcher::push(storage::append_request request) {
  edits_ += request.entries.size();
  auto& waiting = waiting_[request.document.id];
  if (waiting.empty())
    turns_.push_back(request.document.id);
  while (!waiting.empty() && waiting.front().epoch < request.epoch) {
    edits_ -= waiting.front().entries.size();
    waiting.pop_front();
  }
  waiting.push_back(std::move(request));
}

commit_batch commit_batcher::take() {
  commit_batch batch;
  auto left = turns_.size();
  while (left-- > 0 && batch.edits < limits::commit_edits_max && batch.operation_bytes < limits::commit_bytes_max) {
    const auto document = turns_.front();
    turns_.pop_front();
    const auto found = waiting_.find(document);
    take_document(found->second, batch);
    if (found->second.empty())
      waiting_.erase(found);
    else
      turns_.push_back(document);
  }
  edits_ -= batch.edits;
  return batch;
}

void commit_batcher::take_document(std::deque<storage::append_request>& waiting, commit_batch& batch) {
  std::uint32_t appends = 0;
  std::size_t edits = 0;
  while (!waiting.empty() &&
         (appends == 0 || (edits + waiting.front().entries.size() <= limits::commit_edits_a_document_max &&
                           batch.operation_bytes < limits::commit_bytes_max))) {
    auto next = std::move(waiting.front());
    waiting.pop_front();
    edits += next.entries.size();
    batch.operation_bytes += operation_bytes(next);
    if (appends++ == 0) {
      batch.requests.push_back(std::move(next));
    } else {
      auto& entries = batch.requests.back().entries;
      entries.insert(entries.end(), std::move_iterator(next.entries.begin()), std::move_iterator(next.entries.end()));
    }
  }
  batch.appends.push_back(appends);
  batch.edits += edits;
}

}  // namespace quire::actors
