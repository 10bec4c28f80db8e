#include "storage/op_log/postgresql/answer.hpp"

#include "storage/op_log/postgresql/timestamp.hpp"

namespace quire::storage::postgresql {

std::int64_t answer::integer(int row, int column) const {
  const auto octets = blob(row, column);
  if (octets.empty())
    return 0;
  // Big-endian, and signed by its first octet.
  std::int64_t value = (std::to_integer<unsigned>(octets.front()) & 0x80U) != 0 && octets.size() > 1 ? -1 : 0;
  for (const auto octet : octets)
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8U | std::to_integer<std::uint64_t>(octet));
  return value;
}

bytes_view answer::blob(int row, int column) const {
  const auto size = static_cast<std::size_t>(PQgetlength(result_.get(), row, column));
  return as_bytes({PQgetvalue(result_.get(), row, column), size});
}

server_time answer::time(int row, int column) const {
  return from_timestamp(integer(row, column));
}

}  // namespace quire::storage::postgresql
