#pragma once

#include "storage/archive.hpp"

#include <functional>
#include <utility>

namespace quire::fixture {

/// An archive beside which something happens, once, after so many pages of the log have been read.
class busy_archive final : public storage::archive {
 public:
  busy_archive(storage::archive& of, int after_pages, std::function<void()> happens)
    : of_(of), pages_left_(after_pages), happens_(std::move(happens)) {}

  /// Something else happens, once, after snapshots have been read.
  void after_snapshots(std::function<void()> happens) { after_snapshots_ = std::move(happens); }

  result<std::vector<storage::archived_document>> documents(const document_id& after, std::size_t count) override {
    return of_.documents(after, count);
  }
  result<storage::archived_document> find(const document_name& document) override { return of_.find(document); }
  result<std::vector<storage::archived_entry>> entries(const document_id& document, revision after,
                                                       std::size_t count) override {
    return of_.entries(document, after, count);
  }
  result<std::vector<storage::archived_entry>> entries_within(const document_id& document, revision after,
                                                              std::size_t count, std::size_t bytes_max) override {
    auto page = of_.entries_within(document, after, count, bytes_max);
    if (--pages_left_ == 0)
      happens_();
    return page;
  }
  result<std::vector<storage::archived_snapshot>> snapshots(const document_id& document) override {
    auto found = of_.snapshots(document);
    std::exchange(after_snapshots_, [] {})();
    return found;
  }
  result<std::vector<storage::archived_label>> labels(const document_id& document) override {
    return of_.labels(document);
  }
  result<std::vector<std::string>> strays() override { return of_.strays(); }

 private:
  storage::archive& of_;
  int pages_left_;
  std::function<void()> happens_;
  std::function<void()> after_snapshots_ = [] {};
};

}  // namespace quire::fixture
