#include "tests/bench/loadgen/run.hpp"

#include "tests/bench/loadgen/crowd.hpp"
#include "tests/bench/loadgen/floor_dialect.hpp"
#include "tests/bench/loadgen/load_text.hpp"
#include "tests/bench/loadgen/process_usage.hpp"
#include "tests/bench/loadgen/quire_dialect.hpp"

#include <algorithm>
#include <random>

namespace quire::bench {

namespace {

constexpr std::chrono::seconds patience{30};  ///< For connecting, and for what is under way to come back.
constexpr std::chrono::minutes counted_patience{3};
constexpr std::chrono::milliseconds settling{300};

// A history is written by few, with much under way, so that it is soon there.
constexpr std::uint32_t historians_of_a_join = 4;
constexpr std::uint32_t historian_window = 32;

using seconds = std::chrono::duration<double>;

std::chrono::nanoseconds own_cpu() noexcept {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// One load from its first connection to its last check.
class load {
 public:
  load(const run_options& options, process_usage usage, std::optional<family_usage> store);

  [[nodiscard]] result<report> run();

 private:
  using crowd_ptr = std::unique_ptr<crowd>;

  // The kinds of load. False: trouble, which is in the tally.
  [[nodiscard]] bool run_edits(crowd& all);
  [[nodiscard]] bool run_idle(crowd& all);
  [[nodiscard]] bool run_join(crowd& joining);
  [[nodiscard]] bool run_reopen(crowd& opening);
  [[nodiscard]] bool check_reopened(const crowd& opened);

  void start_writers(crowd& all);
  [[nodiscard]] bool measure_by_count(crowd& all);
  [[nodiscard]] bool measure_by_time(crowd& all);
  [[nodiscard]] bool write_history(crowd& writing);
  [[nodiscard]] bool check_documents(crowd& checking);
  [[nodiscard]] static bool is_level(const crowd& all);

  [[nodiscard]] result<crowd_ptr> make_crowd() { return crowd::create(options_.server, tally_); }
  /// Clients of each document.
  void add_clients(crowd& to, std::uint32_t first, std::uint32_t count);
  void add_client(crowd& to, std::uint32_t document, std::uint32_t author);
  [[nodiscard]] std::unique_ptr<dialect> make_dialect(std::uint32_t document, std::uint32_t author);

  void begin_measuring();
  void end_measuring();

  // Fixed at start.
  run_options options_;
  process_usage usage_;
  std::optional<family_usage> store_;
  std::uint32_t historians_;  ///< Who write a history, in each document.
  quire_run quire_;
  std::uint32_t authors_a_document_;
  std::vector<ledger> documents_;

  // Changes with what is measured.
  tally tally_;
  report report_;
  instant began_{};
  std::chrono::nanoseconds cpu_began_{};
  std::chrono::nanoseconds own_cpu_began_{};
  std::chrono::nanoseconds store_cpu_began_{};
};

// A document's authors: its clients, then those who write a history, then the one who checks it.
load::load(const run_options& options, process_usage usage, std::optional<family_usage> store)
  : options_(options),
    usage_(std::move(usage)),
    store_(store),
    historians_(options.what.kind == load_kind::join ? historians_of_a_join : 1),
    authors_a_document_(options.what.clients + historians_ + 1) {
  const auto& what = options.what;
  std::random_device entropy;
  quire_.number = options.number.value_or(std::uint64_t{entropy()} << 32 | entropy());
  // A history is typed character by character, as people do, so that its document is of a natural size.
  quire_.insert_bytes = what.history > 0 ? 1 : word_bytes;
  for (std::uint32_t document = 0; document < what.documents; ++document) {
    std::vector<pace> paces(what.clients, pace(what.window, options.edits_each));
    paces.resize(what.clients + historians_, pace(historian_window, what.history / historians_));
    paces.resize(authors_a_document_, pace());
    documents_.emplace_back(document * authors_a_document_, std::move(paces));
  }
  report_.what = what;
  report_.protocol = options.kind == server_kind::quire ? "quire.v1" : "floor";
  if (!options.processes.empty())
    report_.server.emplace().resident_before = usage_.resident_bytes();
}

result<report> load::run() {
  auto all = make_crowd();
  auto checking = make_crowd();
  if (!all || !checking)
    return tl::unexpected(all ? checking.error() : all.error());
  bool is_good = false;
  switch (options_.what.kind) {
    case load_kind::edits: is_good = run_edits(**all); break;
    case load_kind::idle: is_good = run_idle(**all); break;
    case load_kind::join: is_good = write_history(**checking) && run_join(**all); break;
    case load_kind::reopen:
      is_good = options_.part == load_part::write ? write_history(**checking) : run_reopen(**all);
      break;
  }
  const bool has_checks = options_.kind == server_kind::quire && options_.what.kind != load_kind::reopen;
  is_good = is_good && (!has_checks || check_documents(**checking));
  if (!is_good && tally_.troubles.is_empty())
    tally_.troubles.add("not done in time");
  report_.troubles = tally_.troubles;
  return std::move(report_);
}

bool load::run_edits(crowd& all) {
  add_clients(all, 0, options_.what.clients);
  return all.connect_all(clock::now() + patience) &&
         (options_.edits_each > 0 ? measure_by_count(all) : measure_by_time(all));
}

bool load::measure_by_count(crowd& all) {
  const std::uint64_t expected = std::uint64_t{options_.edits_each} * options_.what.documents * options_.what.writers;
  begin_measuring();
  start_writers(all);
  const bool is_good =
    all.turn_until([&] { return tally_.counted.edits == expected && is_level(all); }, clock::now() + counted_patience);
  end_measuring();
  return is_good;
}

bool load::measure_by_time(crowd& all) {
  start_writers(all);
  if (!all.turn_for(options_.warming))
    return false;
  begin_measuring();
  const bool is_good = all.turn_for(options_.measured);
  end_measuring();
  for (const auto& each : all.clients())
    each->own_pace().stop();
  return is_good && all.turn_until([&] { return is_level(all); }, clock::now() + patience);
}

// Writers of an open loop begin one after another, so that they do not all write at one instant ever after.
void load::start_writers(crowd& all) {
  const auto& what = options_.what;
  const auto interval = std::chrono::duration_cast<clock::duration>(seconds(what.rate > 0 ? 1 / what.rate : 0));
  const std::size_t total = std::size_t{what.documents} * what.writers;
  const auto begin = clock::now();
  for (std::size_t each = 0; each < total; ++each) {
    client& writer = *all.clients()[each / what.writers * what.clients + each % what.writers];
    if (what.rate > 0) {
      writer.own_pace().start_open_loop(begin + interval * each / total, interval);
      all.keep_time(writer);
    } else {
      writer.own_pace().start_closed_loop();
      writer.send_due(clock::now());
    }
  }
}

bool load::run_idle(crowd& all) {
  // What the first connection costs the process once and for all is not every connection's.
  add_client(all, 0, documents_.front().first_author() + options_.what.clients);
  if (!all.connect_all(clock::now() + patience) || !all.turn_for(settling))
    return false;
  if (report_.server)
    report_.server->resident_before = usage_.resident_bytes();
  add_clients(all, 0, 1);
  if (!all.connect_all(clock::now() + patience) || !all.turn_for(settling))
    return false;
  if (report_.server)
    report_.server->resident_opened = usage_.resident_bytes();
  add_clients(all, 1, options_.what.clients - 1);
  if (!all.connect_all(clock::now() + patience) || !all.turn_for(settling))
    return false;
  begin_measuring();
  const bool is_good = all.turn_for(options_.measured);
  end_measuring();
  return is_good;
}

bool load::write_history(crowd& writing) {
  add_clients(writing, options_.what.clients, historians_);
  if (!writing.connect_all(clock::now() + patience))
    return false;
  for (const auto& each : writing.clients()) {
    each->own_pace().start_closed_loop();
    each->send_due(clock::now());
  }
  const auto is_finished = [](const auto& each) { return each->own_pace().is_finished(); };
  return writing.turn_until([&] { return std::ranges::all_of(writing.clients(), is_finished) && is_level(writing); },
                            clock::now() + counted_patience);
}

bool load::run_join(crowd& joining) {
  add_clients(joining, 0, options_.what.clients);
  begin_measuring();
  const bool is_good = joining.connect_all(clock::now() + patience);
  end_measuring();
  for (const auto& each : joining.clients()) {
    // All are sent the same, so the others are compared with the first, which check_documents holds to the ledger.
    if (is_good && (!each->is_level() || !std::ranges::equal(each->content(), joining.clients().front()->content())))
      tally_.troubles.add("a client was sent another state than the first");
  }
  return is_good && tally_.troubles.is_empty();
}

bool load::run_reopen(crowd& opening) {
  begin_measuring();
  bool is_good = true;
  for (std::uint32_t document = 0; is_good && document < options_.what.documents; ++document) {
    for (std::uint32_t each = 0; each < options_.what.clients; ++each)
      add_client(opening, document, documents_[document].first_author() + each);
    if (!options_.what.is_storm)
      is_good = opening.connect_all(clock::now() + patience);
  }
  is_good = is_good && opening.connect_all(clock::now() + patience);
  end_measuring();
  return is_good && check_reopened(opening);
}

// Every edit that the run before had acknowledged is there, once.
bool load::check_reopened(const crowd& opened) {
  for (std::size_t each = 0; each < opened.clients().size(); ++each) {
    const client& opener = *opened.clients()[each];
    const auto author = documents_[each / options_.what.clients].first_author() + options_.what.clients;
    std::vector<edit_name> written;
    for (std::uint32_t sequence = 1; sequence <= options_.what.history; ++sequence)
      written.push_back({author, sequence});
    if (auto wrong = check_content(written, quire_.insert_bytes, as_text(opener.content())))
      tally_.troubles.add("after the restart " + *wrong);
  }
  return tally_.troubles.is_empty();
}

// Whoever opens a document now must find in it what its clients were shown.
bool load::check_documents(crowd& checking) {
  const auto before = checking.clients().size();
  add_clients(checking, authors_a_document_ - 1, 1);
  if (!checking.connect_all(clock::now() + patience))
    return false;
  for (std::size_t each = before; each < checking.clients().size(); ++each) {
    const client& checker = *checking.clients()[each];
    const ledger& shown = documents_[each - before];
    const auto at = checker.content_revision();
    if (!checker.is_level())
      tally_.troubles.add("a document opened afterwards is at revision " + std::to_string(checker.revision()) +
                          " and should be at " + std::to_string(shown.newest()));
    else if (auto wrong = check_content(shown.edits_until(at), quire_.insert_bytes, as_text(checker.content())))
      tally_.troubles.add(std::move(*wrong));
  }
  return tally_.troubles.is_empty();
}

bool load::is_level(const crowd& all) {
  return std::ranges::all_of(all.clients(),
                             [](const auto& each) { return each->own_pace().is_settled() && each->is_level(); });
}

void load::add_clients(crowd& to, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t document = 0; document < options_.what.documents; ++document) {
    for (std::uint32_t each = 0; each < count; ++each)
      add_client(to, document, documents_[document].first_author() + first + each);
  }
}

void load::add_client(crowd& to, std::uint32_t document, std::uint32_t author) {
  to.add(author, make_dialect(document, author), documents_[document]);
}

std::unique_ptr<dialect> load::make_dialect(std::uint32_t document, std::uint32_t author) {
  if (options_.kind == server_kind::floor)
    return std::make_unique<floor_dialect>("room-" + std::to_string(document), author);
  return std::make_unique<quire_dialect>(quire_, document, author);
}

void load::begin_measuring() {
  tally_.counted = {};
  began_ = clock::now();
  own_cpu_began_ = own_cpu();
  if (store_)
    store_cpu_began_ = store_->cpu();
  cpu_began_ = usage_.cpu();
}

void load::end_measuring() {
  report_.measured = clock::now() - began_;
  report_.load_cpu = own_cpu() - own_cpu_began_;
  report_.counts = tally_.counted;
  if (report_.server) {
    report_.server->cpu = usage_.cpu() - cpu_began_;
    if (store_)
      report_.server->store_cpu = store_->cpu() - store_cpu_began_;
    report_.server->resident_after = usage_.resident_bytes();
  }
}

}  // namespace

result<report> run(const run_options& options) {
  const auto& what = options.what;
  if (what.documents == 0 || what.clients == 0 || what.writers > what.clients || what.window == 0)
    return fail(errc::invalid_configuration, "a load needs documents, clients, no more writers than clients, a window");
  if (options.kind == server_kind::floor && what.history > 0)
    return fail(errc::invalid_configuration, "a floor keeps nothing that one could join");
  if (what.kind == load_kind::reopen && !options.number)
    return fail(errc::invalid_configuration, "a reopening takes two runs of the same number");
  auto usage = process_usage::watch(options.processes);
  if (!usage)
    return tl::unexpected(usage.error());
  std::optional<family_usage> store;
  if (options.store) {
    auto watched = family_usage::watch(*options.store);
    if (!watched)
      return tl::unexpected(watched.error());
    store = *watched;
  }
  return load(options, std::move(*usage), store).run();
}

}  // namespace quire::bench
