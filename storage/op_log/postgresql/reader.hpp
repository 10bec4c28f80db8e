#pragma once

#include "storage/log_walk.hpp"
#include "storage/op_log/postgresql/link.hpp"

namespace quire::storage::postgresql {

/// The history on PostgreSQL: a connection of its own. Each call reads one state of the database, in one round trip or
/// two.
class reader final : public history {
 public:
  explicit reader(link to) : link_(std::move(to)) {}

  /// Connects and has the statements of a load planned, so that the first does not wait for it. What fails is told by
  /// the first call.
  void warm_up() { static_cast<void>(load(document_id())); }

  [[nodiscard]] result<loaded> load(const document_id& document) override;
  [[nodiscard]] result<history_page> read(const document_id& document, revision from, revision to,
                                          std::size_t bytes_max) override;
  [[nodiscard]] result<loaded> state_at(const document_id& document, revision at, const replay_bounds& bounds) override;
  [[nodiscard]] result<log_extent> extent(const document_id& document) override;
  [[nodiscard]] result<std::optional<revision>> first_since(const document_id& document, server_time since) override;
  [[nodiscard]] result<std::vector<label>> labels(const document_id& document) override;
  [[nodiscard]] result<document_summary> find(const document_name& document) override;
  [[nodiscard]] result<std::vector<document_summary>> list(std::string_view organisation, std::string_view after,
                                                           std::size_t count) override;

 private:
  // One transaction, sent at once; its answers without those of BEGIN and COMMIT.
  [[nodiscard]] result<std::vector<answer>> in_transaction(std::vector<call> calls);

  link link_;
};

}  // namespace quire::storage::postgresql
