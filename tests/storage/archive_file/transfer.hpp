#pragma once

#include "storage/archive_file/exporting.hpp"
#include "storage/archive_file/importing.hpp"
#include "storage/verification.hpp"
#include "tests/fixture/sqlite_file.hpp"
#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/storage/archive_file/memory_file.hpp"

namespace quire::fixture {

/// What an archive file of all of a store's documents has in it; and what was said of those left out.
struct exported {
  bytes content;
  std::string said;
};

inline exported export_from(storage::archive& from) {
  memory_file file;
  storage::archive_file::writer to(file);
  std::string said;
  storage::archive_file::exporting copied(from, to, [&](const std::string& line) { said += line + "\n"; });
  const auto done = copied.add_all();
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(to.finish());
  return {file.content(), said};
}

inline bytes export_all(const std::string& address) {
  auto from = storage::open_archive(address);
  EXPECT_TRUE(from) << from.error().detail;
  auto done = export_from(**from);
  EXPECT_EQ(done.said, "");
  return done.content;
}

inline result<storage::archive_file::file_end> import_into(const std::string& address, const bytes& content,
                                                           std::optional<document_name> as = {}) {
  auto to = storage::open_restorer(address);
  if (!to)
    return tl::unexpected(to.error());
  memory_file file(content);
  storage::archive_file::reader from(file);
  return storage::archive_file::importing(from, **to, std::move(as), [](const std::string&) {}).run();
}

/// A replay that knows no type: what operations mean is not these tests' matter.
inline result<std::unique_ptr<storage::replay>> no_replay(const storage::document_info& /*document*/) {
  struct nothing : storage::replay {
    [[nodiscard]] result<void> start(const storage::snapshot& /*stored*/) override { return {}; }
    [[nodiscard]] result<void> apply(const storage::log_entry& /*entry*/) override { return {}; }
    [[nodiscard]] result<void> compare(const storage::snapshot& /*stored*/) const override { return {}; }
  };
  return std::make_unique<nothing>();
}

/// All that a check of a whole store finds.
inline std::vector<std::string> findings(const std::string& address) {
  auto from = storage::open_archive(address).value();
  auto all = from->strays().value();
  const auto documents = from->documents({}, 1'000).value();
  for (const auto& document : documents) {
    const auto done = storage::verify(*from, document, no_replay).value();
    for (const auto& finding : done.findings)
      all.push_back(document.info.document.name + ": " + finding);
  }
  return all;
}

/// How many documents a store has, of whatever state.
inline std::size_t documents_in(const std::string& address) {
  return storage::open_archive(address).value()->documents({}, 1'000).value().size();
}

/// New stores that outlive the process, one of each kind.
class stores {
 public:
  [[nodiscard]] const std::string& sqlite() const noexcept { return sqlite_address_; }
  [[nodiscard]] const std::string& postgresql() const noexcept { return postgresql_address_; }
  [[nodiscard]] std::vector<std::string> both() const { return {sqlite_address_, postgresql_address_}; }

 private:
  sqlite_file file_;
  std::string sqlite_address_ = file_.address();
  std::string postgresql_address_ = throwaway_postgresql::shared().new_schema();
};

}  // namespace quire::fixture
