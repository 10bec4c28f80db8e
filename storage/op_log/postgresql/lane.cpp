// requests -> look_up -> decided | open -> send -> appended | not appended -> look_up -> ...
//
// No row back from the statement that appends means "not done", never "fenced": the document's row is read, and that
// decides. A lost connection means "not known": the next call reads the rows first, once the server's former process
// has ended and can commit nothing more.

#include "storage/op_log/postgresql/lane.hpp"

#include "storage/op_log/postgresql/append_statements.hpp"
#include "storage/slot.hpp"

#include <algorithm>
#include <iterator>

namespace quire::storage::postgresql {

namespace {

// How often an append is sent again when the document's row says that nothing stands against it.
constexpr int tries_max = 3;

bool is_without_gap(const append_request& request) {
  auto expected = request.base;
  return std::ranges::all_of(request.entries, [&](const log_entry& entry) {
    expected = expected.next();
    return entry.revision == expected && entry.operation != nullptr;
  });
}

revision end_of(const append_request& request) {
  return request.base.plus(request.entries.size());
}

server_time last_time(const append_request& request) {
  return request.entries.empty() ? request.document.created : request.entries.back().at;
}

// Errors of all documents together: nothing more can be done now.
bool is_of_the_store(const error& what) {
  return what.code == errc::store_unavailable || what.code == errc::commit_in_doubt;
}

error head_is(revision head, const append_request& request) {
  return {errc::stale_epoch,
          "the head is " + std::to_string(head.value()) + ", not " + std::to_string(request.base.value())};
}

// What an error means for the one document whose append it answers.
error meaning_for_document(const error& what, const connection& db) {
  if (what.code == errc::overloaded)  // a lock was not to be had
    return {errc::store_unavailable, what.detail};
  if (what.code != errc::already_exists)
    return what;
  const auto& constraint = db.constraint();
  if (constraint.find("client_seq") != std::string::npos)
    return {errc::sequence_reused, what.detail};
  // A row stands where, by the document's head, none can be.
  if (constraint.starts_with("op_log"))
    return {errc::document_damaged, what.detail};
  return what;
}

}  // namespace

std::vector<document_id> lane::documents_in(const answer& rows) {
  std::vector<document_id> found;
  for (int row = 0; row < rows.rows(); ++row)
    found.push_back(rows.id<document_id_tag>(row, 0));
  std::ranges::sort(found, {}, &document_id::octets);
  return found;
}

bool lane::is_among(const std::vector<document_id>& sorted, const task& which) {
  return std::ranges::binary_search(sorted, which.request->document.id.octets, {}, &document_id::octets);
}

result<std::vector<result<void>>> lane::append(std::span<const append_request> requests) {
  std::vector<result<void>> outcomes(requests.size());
  tasks open;
  for (std::size_t i = 0; i < requests.size(); ++i)
    if (is_without_gap(requests[i]))
      open.push_back({&requests[i], &outcomes[i]});
    else
      outcomes[i] = fail(errc::internal, "an append whose entries do not follow its base");
  // In the order in which every other transaction locks rows, too.
  std::ranges::sort(open, {}, [](const task& each) { return each.request->document.id.octets; });
  if (open.empty())
    return outcomes;

  const auto db = link_->get();
  if (!db)
    return fail(errc::store_unavailable, db.error().detail);
  if (auto done = run(**db, open); !done) {
    is_in_doubt_ = true;
    return fail(errc::store_unavailable, done.error().detail);
  }
  return outcomes;
}

void lane::warm_up() {
  if (const auto db = link_->get())
    static_cast<void>(execute(**db, {}));
}

result<void> lane::run(connection& db, tasks& open) {
  for (;;) {
    if (auto found = look_up(db, open); !found)
      return found;
    is_in_doubt_ = false;
    if (open.empty())
      return {};
    if (auto sent = send(db, open); !sent)
      return sent;
  }
}

result<void> lane::look_up(connection& db, tasks& open) {
  tasks known;
  tasks unproved = std::move(open);
  while (!unproved.empty()) {
    tasks written;
    if (auto looked = look_up_once(db, unproved, known, written); !looked)
      return looked;
    if (auto proved = barrier(db, written); !proved)
      return proved;
    unproved = std::move(written);
  }
  std::ranges::sort(known, {}, [](const task& each) { return each.request->document.id.octets; });
  open = std::move(known);
  return {};
}

result<void> lane::look_up_once(connection& db, const tasks& open, tasks& still_open, tasks& written) {
  tasks unknown;
  for (auto each : open) {
    const auto& request = *each.request;
    const bool is_first_try = each.tries == 0 && !is_in_doubt_;
    if (request.creates) {
      each.base_chain = document_checksum(request.document);
      if (is_first_try && request.base == revision(0))
        still_open.push_back(each);
      else if (auto judged = look_up_creation(db, each, still_open, written); !judged)
        return judged;
    } else if (const auto chain = heads_.find(request.document.id, request.epoch, request.base);
               chain && is_first_try) {
      each.base_chain = *chain;
      still_open.push_back(each);
    } else {
      unknown.push_back(each);
    }
  }
  return unknown.empty() ? result<void>() : look_up_heads(db, unknown, still_open, written);
}

result<void> lane::look_up_heads(connection& db, const tasks& unknown, tasks& still_open, tasks& written) {
  auto with = parameters::of(link_->to().node, link_->to().incarnation);
  with.add_array(element::uuid, unknown, [](const task& each) { return each.request->document.id; });
  const auto rows = db.run(read_heads(), with);
  if (!rows)
    return tl::unexpected(rows.error());
  std::unordered_map<document_id, int> row_of;
  for (int row = 0; row < rows->rows(); ++row)
    row_of.emplace(rows->id<document_id_tag>(row, 0), row);
  for (auto each : unknown) {
    const auto& request = *each.request;
    const auto found = row_of.find(request.document.id);
    if (found == row_of.end() || !rows->truth(found->second, 1)) {
      *each.outcome = fail(errc::not_found, "no such document");
      continue;
    }
    const int row = found->second;
    const epoch under(rows->number(row, 2));
    const revision head(rows->number(row, 4));
    if (under != request.epoch || !rows->truth(row, 3)) {
      *each.outcome = fail(errc::stale_epoch, "the epoch is " + std::to_string(under.value()) + ", not " +
                                                std::to_string(request.epoch.value()));
    } else if (head == request.base) {
      each.base_chain = rows->number(row, 5);
      still_open.push_back(each);
    } else if (auto judged = judge_head(db, each, head, written); !judged) {
      return judged;
    }
  }
  return {};
}

result<void> lane::look_up_creation(connection& db, const task& creation, tasks& still_open, tasks& written) {
  const auto& request = *creation.request;
  const auto& document = request.document;
  const auto rows = db.run(read_newest(), parameters::of(link_->to().node, link_->to().incarnation,
                                                         document.document.organisation, document.document.name));
  if (!rows)
    return tl::unexpected(rows.error());
  const bool exists = rows->rows() > 0 && !rows->truth(0, 2);
  if (exists && rows->id<document_id_tag>(0, 0) == document.id && rows->truth(0, 4) &&
      epoch(rows->number(0, 3)) == request.epoch)
    return judge_head(db, creation, revision(rows->number(0, 5)), written);
  const generation next(rows->rows() == 0 ? 1 : static_cast<std::uint32_t>(rows->number(0, 1)) + 1);
  if (exists)
    *creation.outcome = fail(errc::already_exists, "it has been created");
  else if (document.generation != next || (rows->rows() > 0 && epoch(rows->number(0, 3)) > request.epoch))
    *creation.outcome = fail(errc::stale_epoch, "another generation of it has been there");
  else if (request.base != revision(0))
    *creation.outcome = {tl::unexpected(head_is(revision(0), request))};
  else if (creation.tries > 0)
    *creation.outcome = fail(errc::already_exists, "its id is another document's");
  else
    still_open.push_back(creation);
  return {};
}

// A head that is not the base is somebody else's doing, unless an append of ours was in doubt.
result<void> lane::judge_head(connection& db, const task& judged, revision head, tasks& written) {
  const auto& request = *judged.request;
  if (is_in_doubt_ && head == end_of(request)) {
    const auto are_ours = are_written(db, request);
    if (!are_ours)
      return tl::unexpected(are_ours.error());
    if (*are_ours) {
      written.push_back(judged);
      return {};
    }
  }
  if (request.creates)
    *judged.outcome = fail(errc::already_exists, "it has been created");
  else
    *judged.outcome = {tl::unexpected(head_is(head, request))};
  return {};
}

result<bool> lane::are_written(connection& db, const append_request& request) {
  const auto rows = db.run(read_edits(), parameters::of(request.document.id, request.base));
  if (!rows)
    return tl::unexpected(rows.error());
  if (static_cast<std::size_t>(rows->rows()) != request.entries.size())
    return false;
  for (int row = 0; row < rows->rows(); ++row) {
    const auto& entry = request.entries[static_cast<std::size_t>(row)];
    if (rows->id<client_id_tag>(row, 0) != entry.client || rows->number(row, 1) != entry.sequence.value())
      return false;
  }
  return true;
}

result<void> lane::barrier(connection& db, tasks& written) {
  if (written.empty())
    return {};
  std::ranges::sort(written, {}, [](const task& each) { return each.request->document.id.octets; });
  auto with = parameters::of(link_->to().node, link_->to().incarnation);
  with.add_array(element::uuid, written, [](const task& each) { return each.request->document.id; });
  with.add_array(element::bigint, written, [](const task& each) { return each.request->epoch; });
  with.add_array(element::bigint, written, [](const task& each) { return end_of(*each.request); });
  const auto rows = db.run(touch_heads(), with);
  if (!rows)
    return tl::unexpected(rows.error());
  const auto proved = documents_in(*rows);
  std::erase_if(written, [&](task& each) {
    if (is_among(proved, each))
      *each.outcome = {};
    else if (++each.tries < tries_max)
      return false;
    else
      *each.outcome = fail(errc::stale_epoch, "its row changes all the time");
    return true;
  });
  return {};
}

result<void> lane::send(connection& db, tasks& open) {
  tasks still_open;
  const auto send_some = [&](std::span<task> some) -> result<void> {
    const auto appended = execute(db, some);
    if (!appended)
      return tl::unexpected(appended.error());
    note(some, *appended, still_open);
    return {};
  };

  auto sent = send_some(open);
  if (!sent && is_of_the_store(sent.error()))
    return sent;
  // One document's error undid all: each alone, so that it concerns no other.
  if (!sent)
    for (auto& each : open) {
      const auto alone = open.size() == 1 ? sent : send_some(std::span(&each, 1));
      if (alone)
        continue;
      if (is_of_the_store(alone.error()))
        return alone;
      heads_.forget(each.request->document.id);
      *each.outcome = tl::unexpected(meaning_for_document(alone.error(), db));
    }
  open = std::move(still_open);
  return {};
}

void lane::note(std::span<task> sent, const answer& appended, tasks& still_open) {
  const auto done = documents_in(appended);
  for (auto& each : sent) {
    const auto& request = *each.request;
    if (is_among(done, each)) {
      heads_.set(request.document.id, request.epoch, end_of(request), each.chain);
      continue;
    }
    heads_.forget(request.document.id);
    if (++each.tries < tries_max)
      still_open.push_back(each);
    else
      *each.outcome = fail(errc::stale_epoch, "its row does not take the append");
  }
}

result<answer> lane::execute(connection& db, std::span<task> open) {
  struct row {
    const document_id* document;
    const log_entry* entry;
    checksum chain;
  };
  std::vector<row> rows;
  std::vector<const task*> appends;
  std::vector<const task*> creations;
  for (auto& each : open) {
    each.chain = each.base_chain;
    for (const auto& entry : each.request->entries) {
      each.chain = rows_.next(each.chain, entry, each.request->epoch);
      rows.push_back({&each.request->document.id, &entry, each.chain});
    }
    (each.request->creates ? creations : appends).push_back(&each);
  }

  const auto id = [](const task* each) { return each->request->document.id; };
  const auto under = [](const task* each) { return each->request->epoch; };
  const auto end = [](const task* each) { return end_of(*each->request); };
  const auto chain = [](const task* each) { return each->chain; };
  const auto at = [](const task* each) { return last_time(*each->request); };
  auto with = parameters::of(link_->to().node, link_->to().incarnation);
  with.add_array(element::uuid, appends, id);
  with.add_array(element::bigint, appends, under);
  with.add_array(element::bigint, appends, [](const task* each) { return each->request->base; });
  with.add_array(element::bigint, appends, [](const task* each) { return each->base_chain; });
  with.add_array(element::bigint, appends, end);
  with.add_array(element::bigint, appends, chain);
  with.add_array(element::timestamptz, appends, at);
  with.add_array(element::uuid, rows, [](const row& each) { return *each.document; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->revision; });
  with.add_array(element::uuid, rows, [](const row& each) { return each.entry->client; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->sequence; });
  with.add_array(element::timestamptz, rows, [](const row& each) { return each.entry->at; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.chain; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->encoding; });
  with.add_array(element::bytea, rows, [](const row& each) { return as_bytes(each.entry->author); });
  with.add_array(element::bytea, rows, [](const row& each) { return bytes_view(*each.entry->operation); });
  if (creations.empty())
    return db.run(append_rows(), with);

  const auto info = [](const task* each) -> const document_info& { return each->request->document; };
  with.add_array(element::uuid, creations, id);
  with.add_array(element::text, creations,
                 [&](const task* each) { return as_bytes(info(each).document.organisation); });
  with.add_array(element::text, creations, [&](const task* each) { return as_bytes(info(each).document.name); });
  with.add_array(element::bigint, creations, [&](const task* each) { return info(each).generation; });
  with.add_array(element::text, creations, [&](const task* each) { return as_bytes(info(each).type); });
  with.add_array(element::timestamptz, creations, [&](const task* each) { return info(each).created; });
  with.add_array(element::bigint, creations, [](const task* each) { return each->base_chain; });
  with.add_array(element::bigint, creations, [&](const task* each) { return slot_of(info(each).document); });
  with.add_array(element::bigint, creations, under);
  with.add_array(element::bigint, creations, end);
  with.add_array(element::timestamptz, creations, at);
  with.add_array(element::bigint, creations, chain);
  return db.run(create_and_append_rows(), with);
}

}  // namespace quire::storage::postgresql
