// quire-lane-bench: what the lanes of the PostgreSQL store write in a second, and in turn with them what PostgreSQL
// itself does with the same rows. Prints a line of JSON for each cell.
#include "storage/op_log/postgresql.hpp"
#include "tests/bench/lanes/raw_table.hpp"
#include "tests/bench/lanes/slice.hpp"

#include <CLI/CLI.hpp>
#include <deque>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

using namespace quire;
using namespace quire::bench;

struct arguments {
  std::string address;
  std::vector<std::size_t> edits{1, 20, 100, 1'000};
  std::vector<std::size_t> documents{1, 20, 200};
  std::vector<std::size_t> lanes{1, 2, 4};
  std::vector<std::string> ways{"lane", "unnest", "copy", "insert"};
  double seconds = 0.3;
};

/// The ways to write, each over connections of its own to a table of its own, as many as lanes are wanted.
class writing {
 public:
  writing(const std::string& address, std::size_t lanes_max) {
    auto opened = storage::open_postgresql(address, lanes_max);
    if (!opened)
      throw std::runtime_error(opened.error().detail);
    store_ = std::move(*opened);
    for (const auto& each : store_.lanes)
      ways_["lane"].push_back([&log = *each](auto requests) { require(log.append(requests)); });
    add_raw(address, "unnest", lanes_max, &raw_table::insert_batch);
    add_raw(address, "copy", lanes_max, &raw_table::copy_batch);
    add_raw(address, "insert", lanes_max, &raw_table::insert_each);
  }

  [[nodiscard]] slice measure(const std::string& way, std::size_t lanes, std::size_t documents, std::size_t edits,
                              std::chrono::nanoseconds span) {
    std::vector<busy_documents> sets;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      sets.emplace_back(documents, ++seed_);
      if (way == "lane")
        require(store_.lanes[lane]->append(sets.back().creations()));
    }
    return bench::measure(std::span(ways_.at(way)).first(lanes), sets, edits, span);
  }

 private:
  void add_raw(const std::string& address, const std::string& way, std::size_t lanes_max,
               void (raw_table::*commit)(std::span<const storage::append_request>)) {
    const auto table = "raw_" + way;
    raw_table::create(address, table);
    for (std::size_t lane = 0; lane < lanes_max; ++lane) {
      auto& raw = raws_.emplace_back(address, table);
      ways_[way].push_back([&raw, commit](auto requests) { (raw.*commit)(requests); });
    }
  }

  storage::store store_;
  std::deque<raw_table> raws_;  // A deque's elements stay where they are.
  std::map<std::string, std::vector<commit_function>> ways_;
  std::uint64_t seed_ = 0;
};

void run(const arguments& given) {
  writing all(given.address, std::ranges::max(given.lanes));
  const auto span = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(given.seconds));
  for (const auto lanes : given.lanes)
    for (const auto documents : given.documents)
      for (const auto edits : given.edits) {
        nlohmann::json line{{"lanes", lanes}, {"documents", documents}, {"edits", edits}};
        for (const auto& way : given.ways) {
          // A row a transaction takes the same time in commits of any size.
          if (way == "insert" && edits > 1)
            continue;
          const auto found = all.measure(way, lanes, documents, edits, span);
          line[way] = {{"rows_per_s", found.rows_per_s}, {"p50_ms", found.p50_ms}, {"p99_ms", found.p99_ms}};
        }
        std::cout << line.dump() << std::endl;
      }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes to PostgreSQL by the store's lanes, and beside them without the store.");
  arguments given;
  app.add_option("--address", given.address, "An empty database: postgresql://...")->required();
  app.add_option("--edits", given.edits, "Edits a commit")->delimiter(',')->check(CLI::PositiveNumber);
  app.add_option("--documents", given.documents, "Documents of each lane")->delimiter(',')->check(CLI::PositiveNumber);
  app.add_option("--lanes", given.lanes, "Lanes at once")->delimiter(',')->check(CLI::Range(1, 8));
  app.add_option("--ways", given.ways, "How to write")
    ->delimiter(',')
    ->check(CLI::IsMember({"lane", "unnest", "copy", "insert"}));
  app.add_option("--seconds", given.seconds, "How long each way writes")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  try {
    run(given);
  } catch (const std::exception& what) {
    std::cerr << "quire-lane-bench: " << what.what() << '\n';
    return 2;
  }
  return 0;
}
