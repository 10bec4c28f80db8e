#include "tests/bench/lanes/slice.hpp"

#include <future>

namespace quire::bench {

namespace {

using clock = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

// What one lane did.
struct written {
  std::vector<double> commits_ms;
  clock::time_point began;
  clock::time_point ended;
};

written write_for(const commit_function& commit, busy_documents& to, std::size_t edits, std::chrono::nanoseconds span) {
  commit(to.next(edits));
  written done;
  done.began = clock::now();
  do {
    const auto& next = to.next(edits);
    const auto before = clock::now();
    commit(next);
    done.ended = clock::now();
    done.commits_ms.push_back(milliseconds(done.ended - before).count());
  } while (done.ended - done.began < span);
  return done;
}

}  // namespace

slice measure(std::span<const commit_function> lanes, std::span<busy_documents> documents, std::size_t edits,
              std::chrono::nanoseconds span) {
  std::vector<std::future<written>> running;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane)
    running.push_back(
      std::async(std::launch::async, write_for, std::cref(lanes[lane]), std::ref(documents[lane]), edits, span));
  slice found;
  std::vector<double> commits;
  for (auto& each : running) {
    const auto done = each.get();
    const std::chrono::duration<double> took = done.ended - done.began;
    found.rows_per_s += static_cast<double>(done.commits_ms.size() * edits) / took.count();
    commits.insert(commits.end(), done.commits_ms.begin(), done.commits_ms.end());
  }
  std::ranges::sort(commits);
  const auto at = [&](double share) {
    return commits[static_cast<std::size_t>(share * static_cast<double>(commits.size() - 1))];
  };
  found.p50_ms = at(0.5);
  found.p99_ms = at(0.99);
  return found;
}

}  // namespace quire::bench
