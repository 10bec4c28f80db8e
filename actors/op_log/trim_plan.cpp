#include "actors/op_log/trim_plan.hpp"

#include "protocol/limits.hpp"

#include <algorithm>

namespace quire::actors {

namespace {

constexpr storage::replay_bounds bounds{limits::trim_replay_operations_max, limits::trim_replay_bytes_max};

/// The floor that a policy asks for; not above the present one: none.
result<revision> wanted_floor(storage::history& from, const document_id& document, const storage::log_extent& kept,
                              const retention_policy& policy, server_time now) {
  if (policy.keeps == retention_policy::what::all || kept.head <= kept.floor)
    return kept.floor;
  if (policy.keeps == retention_policy::what::labelled)
    return kept.snapshots.size() < 2 ? kept.floor : kept.snapshots[kept.snapshots.size() - 2];
  const auto newest = from.read(document, revision(kept.head.value() - 1), kept.head, 1);
  if (!newest)
    return tl::unexpected(newest.error());
  const auto since = std::min(newest->entries.front().at, now) - policy.age;
  const auto first = from.first_since(document, since);
  if (!first)
    return tl::unexpected(first.error());
  return *first ? revision((*first)->value() - 1) : kept.floor;
}

/// Where a replay to `at` begins that uses no snapshot of `at` itself.
revision start_before(const storage::log_extent& kept, revision at) {
  auto start = kept.floor;
  for (const auto each : kept.snapshots)
    if (each < at)
      start = std::max(start, each);
  return start;
}

bool has_snapshot(const storage::log_extent& kept, revision at) {
  return std::ranges::find(kept.snapshots, at) != kept.snapshots.end();
}

/// Those that a new floor would leave with a snapshot alone.
std::vector<revision> labelled_before(const storage::log_extent& kept, revision floor) {
  std::vector<revision> found;
  for (const auto& label : kept.labels)
    if (label.at > kept.floor && label.at < floor && (found.empty() || found.back() != label.at))
      found.push_back(label.at);
  return found;
}

tl::unexpected<error> dropped_meanwhile(revision at) {
  return fail(errc::precondition_failed, "the snapshot of revision " + std::to_string(at.value()) + " is not there");
}

/// The state at a floor, or at a lower one if that is too far from what is stored whole.
result<std::shared_ptr<const document_replay>> reach(storage::history& from, const storage::document_info& document,
                                                     const storage::log_extent& kept, revision& floor) {
  for (;;) {
    auto reached = replay_to(from, document, floor);
    if (reached || reached.error().code != errc::too_costly)
      return reached;
    const auto start = start_before(kept, floor);
    if (floor <= start.next())  // Nothing is nearer: the store has gone on since `kept` was read.
      return dropped_meanwhile(start);
    floor = start.plus(std::max<std::uint64_t>((floor.value() - start.value()) / 2, 1));
  }
}

}  // namespace

result<std::shared_ptr<const document_replay>> replay_to(storage::history& from, const storage::document_info& document,
                                                         revision at) {
  const auto* type = types::find_type(document.type);
  if (!type)
    return fail(errc::unknown_document_type, "this server has no document type '" + document.type + "'");
  const revision before(at.value() - 1);
  const auto stored = from.state_at(document.id, before, bounds);
  if (!stored)
    return tl::unexpected(stored.error());
  const auto last = from.read(document.id, before, at, 1);
  if (!last)
    return tl::unexpected(last.error());
  auto made = std::make_shared<document_replay>(*type);
  if (stored->newest)
    if (auto started = made->start(*stored->newest); !started)
      return tl::unexpected(started.error());
  for (const auto* entries : {&stored->tail, &last->entries})
    for (const auto& entry : *entries)
      if (auto applied = made->apply(entry); !applied)
        return tl::unexpected(applied.error());
  return made;
}

result<std::optional<trim_plan>> plan_trim(storage::history& from, const storage::document_info& document,
                                           const retention_policy& policy, std::size_t operations_min,
                                           server_time now) {
  const auto kept = from.extent(document.id);
  if (!kept)
    return tl::unexpected(kept.error());
  const auto wanted = wanted_floor(from, document.id, *kept, policy, now);
  if (!wanted)
    return tl::unexpected(wanted.error());
  if (*wanted < kept->floor.plus(std::max<std::size_t>(operations_min, 1)))
    return std::nullopt;

  trim_plan plan;
  plan.floor = std::min(*wanted, start_before(*kept, *wanted).plus(limits::trim_replay_operations_max));
  if (const auto labelled = labelled_before(*kept, plan.floor); labelled.size() > limits::trim_labels_max)
    plan.floor = labelled[limits::trim_labels_max];
  auto reached = reach(from, document, *kept, plan.floor);
  if (!reached)
    return tl::unexpected(reached.error());
  for (const auto at : labelled_before(*kept, plan.floor)) {
    if (has_snapshot(*kept, at)) {
      plan.relied_on.push_back(at);
      continue;
    }
    auto floor = at;
    auto state = reach(from, document, *kept, floor);
    if (!state)
      return tl::unexpected(state.error());
    if (floor < at) {  // too far for one step: this one ends before the label
      plan.floor = floor;
      reached = std::move(state);
      break;
    }
    plan.wanted.push_back((*state)->taken());
  }
  if (!has_snapshot(*kept, plan.floor))
    plan.wanted.push_back((*reached)->taken());
  plan.state = *reached;
  plan.has_more = plan.floor < *wanted;
  return plan;
}

result<void> check_stored(storage::history& from, const document_id& document, const trim_plan& plan) {
  const auto read_back = [&](revision at) -> result<storage::snapshot> {
    auto found = from.state_at(document, at, bounds);
    if (!found && found.error().code != errc::too_costly)
      return tl::unexpected(found.error());
    if (!found || !found->newest || found->newest->revision != at)
      return dropped_meanwhile(at);
    return std::move(*found->newest);
  };
  for (const auto& each : plan.wanted) {
    const auto stored = read_back(each.revision);
    if (!stored)
      return tl::unexpected(stored.error());
    if (stored->format != each.format || stored->body != each.body)
      return fail(errc::document_damaged, "a snapshot does not read back as it was written");
  }
  for (const auto at : plan.relied_on)
    if (const auto stored = read_back(at); !stored)
      return tl::unexpected(stored.error());
  const auto stored = read_back(plan.floor);
  if (!stored)
    return tl::unexpected(stored.error());
  return plan.state->compare(*stored);
}

}  // namespace quire::actors
