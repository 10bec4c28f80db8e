#pragma once

#include "tests/fixture/written_document.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace quire::bench {

/// Throws unless every request was appended.
inline void require(const result<std::vector<result<void>>>& done) {
  if (!done)
    throw std::runtime_error("an append failed: " + done.error().detail);
  const auto refused = std::ranges::find_if(*done, [](const auto& one) { return !one.has_value(); });
  if (refused != done->end())
    throw std::runtime_error("an append was refused: " + refused->error().detail);
}

/// Documents that clients with random ids write to, an author each, in edits of 100 bytes.
class busy_documents {
 public:
  static constexpr std::size_t operation_bytes = 100;

  /// `seed`: those of another have other ids and names.
  busy_documents(std::size_t count, std::uint64_t seed) : source_(seed) {
    for (std::size_t index = 0; index < count; ++index) {
      documents_.emplace_back("document " + std::to_string(seed) + "." + std::to_string(index), random<document_id>());
      clients_.push_back(random<client_id>());
    }
  }

  [[nodiscard]] std::vector<storage::append_request> creations() const {
    std::vector<storage::append_request> made;
    for (const auto& each : documents_)
      made.push_back(each.creation());
    return made;
  }

  /// The next `count` edits for one commit, spread evenly over the documents. Valid until the next call.
  [[nodiscard]] const std::vector<storage::append_request>& next(std::size_t count) {
    requests_.clear();
    const auto used = std::min(count, documents_.size());
    for (std::size_t index = 0; index < used; ++index) {
      next_ = (next_ + 1) % documents_.size();
      requests_.push_back(next_request(next_, count / used));
    }
    return requests_;
  }

  [[nodiscard]] const fixture::written_document& at(std::size_t index) const { return documents_[index]; }

 private:
  template <class Id>
  Id random() {
    Id id;
    for (auto& octet : id.octets)
      octet = static_cast<std::uint8_t>(source_());
    return id;
  }

  storage::append_request next_request(std::size_t index, std::size_t count) {
    auto& document = documents_[index];
    storage::append_request request{document.info(), false, document.epoch(), revision(document.head()), {}};
    request.entries.reserve(count);
    for (std::size_t each = 0; each < count; ++each) {
      const auto at = document.head() + 1;
      request.entries.push_back({revision(at), clients_[index], client_sequence(static_cast<std::uint32_t>(at)),
                                 "alice", fixture::at_second(0), 1, operation_});
      document.set_head(at);
    }
    return request;
  }

  std::mt19937_64 source_;
  std::vector<fixture::written_document> documents_;
  std::vector<client_id> clients_;
  std::vector<storage::append_request> requests_;
  shared_bytes operation_ = share(bytes(operation_bytes, std::byte{7}));
  std::size_t next_ = 0;
};

}  // namespace quire::bench
