#include "storage/archive.hpp"
#include "storage/op_log/memory.hpp"
#include "storage/op_log/postgresql.hpp"
#include "storage/op_log/sqlite.hpp"

namespace quire::storage {

namespace {

bool is_postgresql(std::string_view address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::string_view vfs_option = "vfs=";

tl::unexpected<error> not_an_address(std::string_view address) {
  return fail(errc::invalid_configuration,
              "a store's address is memory, sqlite:FILE, sqlite:FILE?vfs=NAME or postgresql://..., not \"" +
                std::string(address) + "\"");
}

result<store> open_sqlite_address(std::string_view address) {
  auto file = address.substr(sqlite_scheme.size());
  std::string_view vfs;
  if (const auto mark = file.rfind('?'); mark != std::string_view::npos) {
    if (!file.substr(mark + 1).starts_with(vfs_option))
      return not_an_address(address);
    vfs = file.substr(mark + 1 + vfs_option.size());
    file = file.substr(0, mark);
    if (vfs.empty())
      return not_an_address(address);
  }
  if (file.empty() || file.ends_with('/'))
    return not_an_address(address);
  return open_sqlite(file, std::string(vfs));
}

}  // namespace

result<store> open_store(std::string_view address) {
  if (address == "memory")
    return open_memory();
  if (address.starts_with(sqlite_scheme))
    return open_sqlite_address(address);
  if (is_postgresql(address))
    return open_postgresql(std::string(address));
  return not_an_address(address);
}

result<void> migrate_store(std::string_view address) {
  if (is_postgresql(address))
    return migrate_postgresql(std::string(address));
  if (auto opened = open_store(address); !opened)
    return tl::unexpected(opened.error());
  return {};
}

result<std::unique_ptr<archive>> open_archive(std::string_view address) {
  if (is_postgresql(address))
    return open_postgresql_archive(std::string(address));
  if (address.starts_with(sqlite_scheme))
    return open_sqlite_archive(address.substr(sqlite_scheme.size()));
  return fail(errc::invalid_configuration, "only sqlite:FILE and postgresql://... outlive the process that wrote them");
}

result<std::unique_ptr<restorer>> open_restorer(std::string_view address) {
  if (is_postgresql(address))
    return open_postgresql_restorer(std::string(address));
  if (address.starts_with(sqlite_scheme))
    return open_sqlite_restorer(address.substr(sqlite_scheme.size()));
  return fail(errc::invalid_configuration, "only sqlite:FILE and postgresql://... keep what is written into them");
}

}  // namespace quire::storage
