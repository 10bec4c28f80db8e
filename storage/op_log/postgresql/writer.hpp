#pragma once

#include "storage/op_log/postgresql/lane.hpp"

/// The owner, in a statement whose first two parameters are node and incarnation.
#define QUIRE_IS_OWNED "(d.owner_id = $1::text AND d.owner_inc = $2::bigint) IS TRUE"

namespace quire::storage::postgresql {

/// The op log on PostgreSQL, over one connection. Several work beside each other, each on its own thread: what keeps
/// them apart is the lock of a document's row in doc_head.
class writer final : public op_log {
 public:
  explicit writer(link to) : link_(std::move(to)), lane_(link_) {}
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer() override = default;

  /// Connects and has the statement planned that it is used most for: a lane's append, or the acquisition, so that the
  /// first does not wait for it. What fails is told by the first call.
  void warm_up();

  [[nodiscard]] result<std::vector<result<void>>> append(std::span<const append_request> requests) override;
  [[nodiscard]] result<acquired> acquire(const document_name& document) override;
  [[nodiscard]] result<void> release(const document_id& document, epoch under) override;
  [[nodiscard]] result<epoch> hand_over(const document_id& document, epoch under, revision head,
                                        const owner& to) override;
  [[nodiscard]] result<void> remove(const document_id& document, epoch under) override;
  [[nodiscard]] result<void> write_snapshot(const document_id& document, epoch under, const snapshot& taken) override;
  [[nodiscard]] result<void> add_snapshot(const document_id& document, epoch under, const snapshot& taken) override;
  [[nodiscard]] result<void> trim(const document_id& document, epoch under, revision floor) override;
  [[nodiscard]] result<bool> set_label(const document_id& document, epoch under, const label& made,
                                       bool shall_be_new) override;
  [[nodiscard]] result<void> remove_label(const document_id& document, epoch under, std::string_view name) override;

 private:
  // Runs a statement of this node's whose first two parameters are the owner.
  template <class... Values>
  [[nodiscard]] result<answer> run(const statement& what, const Values&... values);
  // Runs a statement that does nothing unless this node owns the document under an epoch, and `head` is its head, if
  // one is given. No row back means only that nothing was done: the document's row says why, or that it is to be run
  // again.
  template <class... Values>
  [[nodiscard]] result<answer> run_as_owner(const statement& what, const document_id& document, epoch under,
                                            std::optional<revision> head, const Values&... values);
  // What stands against this node's doing something to the document; nothing: an answer without an error.
  [[nodiscard]] result<void> check_owner(const document_id& document, epoch under, std::optional<revision> head);
  // Deletes a part of what deleted documents left, and of what is before floors. What fails is done another time.
  void clean_up();
  void trim_a_part(std::uint64_t rows = slice);
  void drop_unnamed_snapshots(const document_id& document, epoch under);

  // Rows before floors that a call deletes beside its own work: a millisecond or two.
  static constexpr std::uint64_t slice = 256;
  // How often a statement is run again when the document's row says that nothing stands against it.
  static constexpr int tries_max = 3;

  // Fixed at start.
  link link_;
  lane lane_;  // Refers to the link: neither moves.

  bool has_deletions_ = true;  // Some may be left over from before.
  // Likewise. What another node leaves later waits for this one's next trim, or for whoever starts next.
  bool has_trimmings_ = true;
};

template <class... Values>
result<answer> writer::run(const statement& what, const Values&... values) {
  const auto db = link_.get();
  if (!db)
    return tl::unexpected(db.error());
  auto done = (*db)->run(what, parameters::of(link_.to().node, link_.to().incarnation, values...));
  // A lock that was not to be had: nothing was done.
  if (!done && done.error().code == errc::overloaded)
    done.error().code = errc::store_unavailable;
  return done;
}

template <class... Values>
result<answer> writer::run_as_owner(const statement& what, const document_id& document, epoch under,
                                    std::optional<revision> head, const Values&... values) {
  for (int tries = 0; tries < tries_max; ++tries) {
    auto done = run(what, document, under, values...);
    if (!done || done->rows() > 0)
      return done;
    if (auto checked = check_owner(document, under, head); !checked)
      return tl::unexpected(checked.error());
  }
  return fail(errc::store_unavailable, "its row changes all the time");
}

}  // namespace quire::storage::postgresql
