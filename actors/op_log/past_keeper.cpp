#include "actors/op_log/past_keeper.hpp"

#include "protocol/limits.hpp"

#include <caf/send.hpp>

namespace quire::actors {

namespace {

server_time server_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

result<document_answer> change(storage::op_log& log, const change_label& asked) {
  const auto made_in = asked.document.generation;
  if (const auto* const gone = std::get_if<remove_label>(&asked.what))
    return log.remove_label(asked.document.id, asked.under, gone->name).map([&] {
      return document_answer{{made_in, {}}, {}, nullptr};
    });
  const auto& made = std::get<label_revision>(asked.what);
  return log
    .set_label(asked.document.id, asked.under, {made.name, made.at, made.author, server_now()}, made.shall_be_new)
    .map([&](bool is_new) {
      return document_answer{{made_in, made.at}, {}, nullptr, is_new};
    });
}

void answer(const trim_document& msg, result<bool> has_more) {
  caf::anon_send(msg.from, document_trimmed{std::move(has_more)});
}

tl::unexpected<error> too_many_reads() {
  return fail(errc::overloaded, "too many reads wait");
}
tl::unexpected<error> too_many_writes() {
  return fail(errc::overloaded, "too much waits to be written");
}

}  // namespace

void past_keeper::label(change_label&& msg) const {
  const auto asked = std::make_shared<const change_label>(std::move(msg));
  const auto* const made = std::get_if<label_revision>(&asked->what);
  const auto& policy = around_.kept.of(asked->document.document.organisation);
  if (made == nullptr || made->at == revision(0) || policy.keeps == retention_policy::what::all ||
      *looking_back_ >= limits::past_waiting_max)
    return write_label(asked, std::nullopt);
  ++*looking_back_;
  const bool is_taken = around_.reader->post([keeper = *this, asked, at = made->at] {
    const auto state =
      keeper.readers_->use([&](storage::history& reader) { return replay_to(reader, asked->document, at); });
    --*keeper.looking_back_;
    // Where that is not possible there is a snapshot already, or trimming makes one when it comes near.
    keeper.write_label(asked, state ? std::optional((*state)->taken()) : std::nullopt);
  });
  if (is_taken)
    return;
  --*looking_back_;
  write_label(asked, std::nullopt);
}

void past_keeper::write_label(const shared_label& asked, std::optional<storage::snapshot> taken) const {
  const bool is_taken = around_.writer->post([store = around_.store, asked, taken = std::move(taken)] {
    auto& log = *store->log;
    auto done = change(log, *asked);
    // Not before: a label that is refused would leave it. Where it fails, trimming makes it when it comes near.
    if (done && taken)
      static_cast<void>(log.add_snapshot(asked->document.id, asked->under, *taken));
    asked->answer(std::move(done));
  });
  if (!is_taken)
    asked->answer(too_many_writes());
}

// plan (reader) -> store snapshots (writer) -> read them back, compare (reader) -> trim (writer)
void past_keeper::trim(const trim_document& msg) const {
  const auto& policy = around_.kept.of(msg.document.document.organisation);
  if (policy.keeps == retention_policy::what::all)
    return answer(msg, false);
  const bool is_taken = around_.reader->post([keeper = *this, msg, policy] {
    auto plan = keeper.readers_->use([&](storage::history& reader) {
      return plan_trim(reader, msg.document, policy, keeper.around_.kept.operations_min, server_now());
    });
    if (!plan)
      answer(msg, tl::unexpected(plan.error()));
    else if (!*plan)
      answer(msg, false);
    else
      keeper.store_snapshots(msg, std::make_shared<const trim_plan>(std::move(**plan)));
  });
  if (!is_taken)
    answer(msg, too_many_reads());
}

void past_keeper::store_snapshots(const trim_document& msg, const shared_plan& plan) const {
  const bool is_taken = around_.writer->post([keeper = *this, msg, plan] {
    for (const auto& each : plan->wanted)
      if (auto added = keeper.around_.store->log->add_snapshot(msg.document.id, msg.under, each); !added)
        return answer(msg, tl::unexpected(added.error()));
    keeper.check(msg, plan);
  });
  if (!is_taken)
    answer(msg, too_many_writes());
}

void past_keeper::check(const trim_document& msg, const shared_plan& plan) const {
  const bool is_taken = around_.reader->post([keeper = *this, msg, plan] {
    const auto checked =
      keeper.readers_->use([&](storage::history& reader) { return check_stored(reader, msg.document.id, *plan); });
    if (!checked)
      return answer(msg, tl::unexpected(checked.error()));
    keeper.carry_out(msg, plan);
  });
  if (!is_taken)
    answer(msg, too_many_reads());
}

void past_keeper::carry_out(const trim_document& msg, const shared_plan& plan) const {
  const bool is_taken = around_.writer->post([store = around_.store, msg, plan] {
    const auto done = store->log->trim(msg.document.id, msg.under, plan->floor);
    answer(msg, done.map([&] { return plan->has_more; }));
  });
  if (!is_taken)
    answer(msg, too_many_writes());
}

}  // namespace quire::actors
