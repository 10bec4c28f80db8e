#include "actors/types/yjs/document.hpp"
#include "protocol/lib0/reader.hpp"
#include "protocol/lib0/writer.hpp"

#include <algorithm>

namespace quire::actors::types::yjs {

namespace {

/// One client's part of an update: what is here, then what waits, with holes where some is missing.
class block_writer {
 public:
  block_writer(std::uint64_t client, std::uint64_t from) noexcept : client_(client), reached_(from) {}

  void add(const update_struct& what) {
    const std::uint64_t end = what.clock + what.length;
    if (end <= reached_)
      return;
    if (what.clock > reached_ && structs_ > 0) {
      encode_skip(what.clock - reached_, body_);
      ++structs_;
    }
    if (structs_ == 0)
      first_ = std::max(reached_, what.clock);
    const std::uint64_t offset = what.clock < reached_ ? reached_ - what.clock : 0;
    encode_struct(what, client_, static_cast<std::uint32_t>(offset), body_);
    ++structs_;
    reached_ = end;
  }
  [[nodiscard]] bool is_empty() const noexcept { return structs_ == 0; }
  void write(bytes& out) const {
    lib0::write_var_uint(structs_, out);
    lib0::write_var_uint(client_, out);
    lib0::write_var_uint(first_, out);
    append(out, body_);
  }

 private:
  std::uint64_t client_;
  std::uint64_t reached_;
  std::uint64_t first_ = 0;
  std::size_t structs_ = 0;
  bytes body_;
};

/// Writes what a client's runs have from `from` on, of which there is some.
void write_runs(const store& content, client_index client, std::uint64_t from, bytes& out) {
  const client_runs& of = content.client(client);
  auto where = content.find(client, from);
  std::size_t left = of.runs.count_from(where);
  lib0::write_var_uint(left, out);
  lib0::write_var_uint(of.client, out);
  lib0::write_var_uint(from, out);
  for (std::uint64_t reached = from; left > 0; --left) {
    const item& run = content[of.runs[where]];
    encode_struct(content.describe(run), of.client, static_cast<std::uint32_t>(reached - run.clock), out);
    reached = run.end();
    if (left > 1)
      where = of.runs.next(where);
  }
}

void write_with_waiting(const store& content, std::uint64_t client, std::uint64_t from,
                        const pending::waiting_structs& waiting, bytes& out, std::size_t& blocks) {
  block_writer block(client, from);
  if (const client_index here = content.find_client(client); here != none && content.client(here).next_clock > from) {
    const run_list& runs = content.client(here).runs;
    auto where = content.find(here, from);
    for (std::size_t left = runs.count_from(where); left > 0; --left) {
      block.add(content.describe(content[runs[where]]));
      if (left > 1)
        where = runs.next(where);
    }
  }
  for (const auto& [clock, each] : waiting) {
    lib0::reader reader(as_bytes(each.encoded));
    update_struct read;
    decode_struct(reader, client, clock, read);
    block.add(read);
  }
  if (block.is_empty())
    return;
  block.write(out);
  ++blocks;
}

void collect_deletes(const store& content, std::vector<id_range>& out) {
  for (const client_index client : content.sorted_clients()) {
    const client_runs& of = content.client(client);
    if (of.runs.is_empty())
      continue;
    for (run_list::position where;; where = of.runs.next(where)) {
      const item& run = content[of.runs[where]];
      if (run.is_deleted) {
        if (!out.empty() && out.back().client == of.client && out.back().end() == run.clock)
          out.back().length += run.length;
        else
          out.push_back({of.client, run.clock, run.length});
      }
      if (of.runs.is_last(where))
        break;
    }
  }
}

}  // namespace

state_vector document::known() const {
  state_vector vector;
  for (const client_index each : store_.sorted_clients()) {
    if (store_.client(each).next_clock > 0)
      vector.push_back({store_.client(each).client, store_.client(each).next_clock});
  }
  return vector;
}

void document::encode(const state_vector& known, bytes& out) const {
  std::vector<std::uint64_t> clients;
  for (const client_index each : store_.sorted_clients())
    clients.push_back(store_.client(each).client);
  for (const auto& [client, waiting] : pending_.blocks()) {
    if (store_.find_client(client) == none)
      clients.push_back(client);
  }
  std::ranges::sort(clients, std::greater<>());
  std::size_t blocks = 0;
  bytes body;
  for (const std::uint64_t client : clients) {
    const std::uint64_t from = clock_of(known, client);
    if (const auto waiting = pending_.blocks().find(client); waiting != pending_.blocks().end()) {
      write_with_waiting(store_, client, from, waiting->second, body, blocks);
    } else if (store_.next_clock(client) > from) {
      write_runs(store_, store_.find_client(client), from, body);
      ++blocks;
    }
  }
  std::vector<id_range> deletes;
  collect_deletes(store_, deletes);
  if (!pending_.deletes().empty()) {
    for (const auto& [first, length] : pending_.deletes())
      deletes.push_back({first.client, first.clock, length});
    sort_and_join(deletes);
  }
  lib0::write_var_uint(blocks, out);
  append(out, body);
  write_delete_set(deletes, out);
}

}  // namespace quire::actors::types::yjs
