#include "protocol/yjs/close_codes.hpp"

#include "protocol/errors.hpp"

#include <algorithm>

namespace quire::protocol::yjs {

namespace {

constexpr std::uint16_t retry = 4500;
constexpr std::uint16_t permanent_first = 4400;
constexpr std::uint16_t permanent_last = 4499;

std::uint16_t of_hocuspocus(const error_description& row) noexcept {
  constexpr std::uint16_t too_big = 1009;
  constexpr std::uint16_t reset = 4205;
  constexpr std::uint16_t timeout = 4408;
  switch (row.code) {
    case errc::unauthenticated:
    case errc::forbidden: return row.close_code;
    case errc::message_too_large: return too_big;
    case errc::hello_timeout:
    case errc::silent: return timeout;
    default: return row.close_code < permanent_first ? row.close_code : reset;
  }
}

}  // namespace

// Our codes are as y-websocket has them. What a client of ours mends by loading anew, one of Yjs does by syncing anew.
bool is_permanent(errc why) noexcept {
  const auto code = describe(why).close_code;
  return code >= permanent_first && code <= permanent_last && why != errc::future_revision;
}

std::uint16_t close_code(errc why, dialect of) noexcept {
  const error_description& row = describe(why);
  if (of == dialect::hocuspocus)
    return of_hocuspocus(row);
  return is_permanent(why) || row.close_code < permanent_first ? row.close_code : std::max(row.close_code, retry);
}

}  // namespace quire::protocol::yjs
