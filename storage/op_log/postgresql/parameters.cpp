#include "storage/op_log/postgresql/parameters.hpp"

namespace quire::storage::postgresql {

void parameters::add(bytes_view blob) {
  begin();
  append(data_, blob);
  end();
}

void parameters::begin_array(element type, std::size_t count) {
  begin();
  put_half(count == 0 ? 0 : 1);  // dimensions
  put_half(0);                   // no nulls
  put_half(static_cast<std::uint32_t>(type));
  if (count == 0)
    return;
  put_half(static_cast<std::uint32_t>(count));
  put_half(1);  // the first index
}

void parameters::put_half(std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    data_.push_back(static_cast<std::byte>(value >> static_cast<unsigned>(shift)));
}

void parameters::put_number(std::int64_t value) {
  const auto octets = static_cast<std::uint64_t>(value);
  put_half(static_cast<std::uint32_t>(octets >> 32U));
  put_half(static_cast<std::uint32_t>(octets));
}

void parameters::put_element(bytes_view blob) {
  put_half(static_cast<std::uint32_t>(blob.size()));
  append(data_, blob);
}

std::vector<const char*> parameters::values() const {
  std::vector<const char*> all;
  all.reserve(starts_.size());
  for (const auto start : starts_)
    // Never null, which would be an SQL null: also an empty value points somewhere.
    all.push_back(data_.empty() ? "" : reinterpret_cast<const char*>(data_.data()) + start);
  return all;
}

}  // namespace quire::storage::postgresql
