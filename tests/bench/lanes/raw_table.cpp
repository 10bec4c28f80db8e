#include "tests/bench/lanes/raw_table.hpp"

#include "storage/op_log/postgresql/parameters.hpp"
#include "storage/op_log/postgresql/timestamp.hpp"

#include <concepts>
#include <stdexcept>
#include <vector>

namespace quire::bench {

namespace {

using storage::append_request;
using storage::log_entry;
using storage::postgresql::element;
using storage::postgresql::parameters;

constexpr const char* columns = "(doc_id, seq, epoch, client_id, client_seq, at, chain, encoding, author, body)";
constexpr std::uint16_t column_count = 10;

struct result_clearer {
  void operator()(PGresult* owned) const noexcept { PQclear(owned); }
};
using result_ptr = std::unique_ptr<PGresult, result_clearer>;

void expect(PGconn* on, PGresult* got, ExecStatusType status) {
  const result_ptr owned(got);
  if (PQresultStatus(got) != status)
    throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(on));
}

void run(PGconn* on, const std::string& sql) {
  expect(on, PQexec(on, sql.c_str()), PGRES_COMMAND_OK);
}

void run(PGconn* on, const char* prepared, const parameters& with) {
  const auto values = with.values();
  const std::vector<int> formats(values.size(), 1);
  expect(on, PQexecPrepared(on, prepared, with.count(), values.data(), with.lengths(), formats.data(), 1),
         PGRES_COMMAND_OK);
}

PGconn* connect(const std::string& address) {
  PGconn* opened = PQconnectdb(address.c_str());
  if (PQstatus(opened) != CONNECTION_OK) {
    const std::string why = PQerrorMessage(opened);
    PQfinish(opened);
    throw std::runtime_error("PostgreSQL: " + why);
  }
  return opened;
}

struct row {
  const append_request* of;
  const log_entry* entry;
};

std::vector<row> rows_of(std::span<const append_request> requests) {
  std::vector<row> rows;
  for (const auto& request : requests)
    for (const auto& entry : request.entries)
      rows.push_back({&request, &entry});
  return rows;
}

// A row's fields as COPY has them: each its length, and its octets from the highest on.
class field_writer {
 public:
  explicit field_writer(bytes& out) : out_(out) {}

  template <std::integral Number>
  void put(Number number) {
    for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8)
      out_.push_back(static_cast<std::byte>(number >> shift));
  }
  template <std::integral Number>
  void field(Number number) {
    put(static_cast<std::uint32_t>(sizeof number));
    put(number);
  }
  void field(bytes_view octets) {
    put(static_cast<std::uint32_t>(octets.size()));
    append(out_, octets);
  }

 private:
  bytes& out_;
};

template <class Id>
bytes_view octets_of(const Id& id) {
  return std::as_bytes(std::span(id.octets));
}

}  // namespace

void raw_table::create(const std::string& address, const std::string& table) {
  const std::unique_ptr<PGconn, finisher> on(connect(address));
  run(on.get(), "CREATE TABLE " + table + "(LIKE op_log INCLUDING ALL) PARTITION BY HASH(doc_id)");
  // As many partitions as the log has, and with their settings.
  run(on.get(),
      "DO $$ DECLARE part record; BEGIN FOR part IN SELECT row_number() OVER () - 1 AS number, "
      "count(*) OVER () AS of_all, array_to_string(c.reloptions, ', ') AS settings FROM pg_inherits i "
      "JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'op_log'::regclass AND c.relkind = 'r' LOOP "
      "EXECUTE format('CREATE TABLE " +
        table + "_%s PARTITION OF " + table +
        " FOR VALUES WITH (MODULUS %s, REMAINDER %s) WITH (%s)', part.number, part.of_all, part.number, "
        "part.settings); END LOOP; END $$");
}

raw_table::raw_table(const std::string& address, std::string table)
  : handle_(connect(address)), table_(std::move(table)) {
  PGconn* on = handle_.get();
  run(on, "SET synchronous_commit = on; SET plan_cache_mode = force_generic_plan");
  expect(on,
         PQprepare(on, "batch",
                   ("INSERT INTO " + table_ + columns +
                    " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[], $5::bigint[], "
                    "$6::timestamptz[], $7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[])")
                     .c_str(),
                   0, nullptr),
         PGRES_COMMAND_OK);
  expect(on,
         PQprepare(on, "one",
                   ("INSERT INTO " + table_ + columns +
                    " VALUES($1::uuid, $2::bigint, $3::bigint, $4::uuid, $5::bigint, $6::timestamptz, $7::bigint, "
                    "$8::bigint, $9::bytea, $10::bytea)")
                     .c_str(),
                   0, nullptr),
         PGRES_COMMAND_OK);
}

void raw_table::insert_batch(std::span<const append_request> requests) {
  const auto rows = rows_of(requests);
  parameters with;
  with.add_array(element::uuid, rows, [](const row& each) { return each.of->document.id; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->revision; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.of->epoch; });
  with.add_array(element::uuid, rows, [](const row& each) { return each.entry->client; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->sequence; });
  with.add_array(element::timestamptz, rows, [](const row& each) { return each.entry->at; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->revision; });
  with.add_array(element::bigint, rows, [](const row& each) { return each.entry->encoding; });
  with.add_array(element::bytea, rows, [](const row& each) { return as_bytes(each.entry->author); });
  with.add_array(element::bytea, rows, [](const row& each) { return bytes_view(*each.entry->operation); });
  run(handle_.get(), "batch", with);
}

void raw_table::insert_each(std::span<const append_request> requests) {
  for (const auto& each : rows_of(requests)) {
    const auto& entry = *each.entry;
    run(handle_.get(), "one",
        parameters::of(each.of->document.id, entry.revision, each.of->epoch, entry.client, entry.sequence, entry.at,
                       entry.revision, entry.encoding, as_bytes(entry.author), *entry.operation));
  }
}

void raw_table::copy_batch(std::span<const append_request> requests) {
  PGconn* on = handle_.get();
  expect(on, PQexec(on, ("COPY " + table_ + columns + " FROM STDIN (FORMAT binary)").c_str()), PGRES_COPY_IN);
  copied_.clear();
  append(copied_, as_bytes(std::string_view("PGCOPY\n\377\r\n\0", 11)));
  field_writer to(copied_);
  to.put(std::uint32_t{0});  // flags
  to.put(std::uint32_t{0});  // no extension
  for (const auto& each : rows_of(requests)) {
    const auto& entry = *each.entry;
    to.put(column_count);
    to.field(octets_of(each.of->document.id));
    to.field(entry.revision.value());
    to.field(each.of->epoch.value());
    to.field(octets_of(entry.client));
    to.field(std::uint64_t{entry.sequence.value()});
    to.field(storage::postgresql::to_timestamp(entry.at));
    to.field(entry.revision.value());
    to.field(std::uint32_t{entry.encoding});
    to.field(as_bytes(entry.author));
    to.field(bytes_view(*entry.operation));
  }
  to.put(std::int16_t{-1});  // no more rows
  const auto text = as_text(copied_);
  if (PQputCopyData(on, text.data(), static_cast<int>(text.size())) != 1 || PQputCopyEnd(on, nullptr) != 1)
    throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(on));
  expect(on, PQgetResult(on), PGRES_COMMAND_OK);
  while (PGresult* more = PQgetResult(on))
    PQclear(more);
}

}  // namespace quire::bench
