#include "tests/protocol/message_generators.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quire::protocol::generators {

namespace {

template <class Number>
rc::Gen<Number> number(typename Number::value_type least = 0) {
  const auto most =
    std::min<std::uint64_t>(std::numeric_limits<typename Number::value_type>::max(), limits::integer_max);
  // Small numbers, large ones, and the edges of MessagePack's widths.
  const auto any = rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [=](std::uint64_t n) { return n % (most + 1); });
  const auto edge = rc::gen::element<std::uint64_t>(0, 1, 127, 128, 255, 256, 65'535, 65'536, 4'294'967'295U, most);
  return rc::gen::map(rc::gen::oneOf(any, edge), [=](std::uint64_t n) {
    return Number{std::max(least, static_cast<typename Number::value_type>(std::min(n, most)))};
  });
}

rc::Gen<std::uint32_t> word(std::uint32_t least = 0) {
  return rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [=](std::uint32_t n) { return std::max(least, n); });
}

rc::Gen<std::chrono::milliseconds> duration() {
  return rc::gen::map(word(), [](std::uint32_t n) { return std::chrono::milliseconds{n}; });
}

rc::Gen<bytes> binary(std::size_t bytes_max = 400) {
  return rc::gen::map(rc::gen::arbitrary<std::string>(), [=](const std::string& text) {
    const auto data = to_bytes(text);
    return bytes(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(std::min(data.size(), bytes_max)));
  });
}

rc::Gen<shared_bytes> operation() {
  return rc::gen::map(binary(), [](bytes data) { return share(std::move(data)); });
}

rc::Gen<std::string> text(std::size_t characters_max) {
  const auto character = rc::gen::element<std::string>("a", "Z", " ", "\"", "\n", "é", "ß", "漢", "\xF0\x9F\x98\x80");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(character),
                      [=](const std::vector<std::string>& all) {
                        std::string joined;
                        for (std::size_t at = 0; at < std::min(all.size(), characters_max); ++at)
                          joined += all[at];
                        return joined;
                      });
}

template <class Id>
rc::Gen<Id> id() {
  return rc::gen::map(rc::gen::arbitrary<std::array<std::uint8_t, 16>>(),
                      [](const auto& octets) { return Id{octets}; });
}

rc::Gen<errc> code() {
  return rc::gen::map(rc::gen::inRange(1, 256), [](int n) { return static_cast<errc>(n); });
}

rc::Gen<position> place() {
  return rc::gen::construct<position>(number<generation>(1), number<revision>());
}

rc::Gen<std::optional<position>> optional_place() {
  const auto some = rc::gen::map(place(), [](position at) { return std::optional<position>{at}; });
  return rc::gen::oneOf(some, rc::gen::just(std::optional<position>{}));
}

rc::Gen<document_name> name() {
  return rc::gen::construct<document_name>(text(40), text(40));
}

rc::Gen<committed_edit> one_edit() {
  return rc::gen::construct<committed_edit>(id<client_id>(), number<client_sequence>(1), operation());
}

rc::Gen<presence_entry> one_presence() {
  return rc::gen::construct<presence_entry>(number<presence_id>(), id<client_id>(), binary(), binary());
}

template <class Message>
rc::Gen<client_message> as_client(rc::Gen<Message> of) {
  return rc::gen::map(std::move(of), [](Message one) { return client_message{std::move(one)}; });
}

template <class Message>
rc::Gen<server_message> as_server(rc::Gen<Message> of) {
  return rc::gen::map(std::move(of), [](Message one) { return server_message{std::move(one)}; });
}

}  // namespace

rc::Gen<client_message> from_client() {
  using rc::gen::construct;
  const auto document = number<document_number>();
  return rc::gen::oneOf(as_client(construct<hello>(word(), word(), id<client_id>(), text(1'000),
                                                   binary(limits::resume_bytes_max), text(32))),
                        as_client(construct<open>(word(1), name(), text(8), optional_place())),
                        as_client(construct<edit>(document, number<client_sequence>(1), number<revision>(), binary())),
                        as_client(construct<presence_update>(document, number<revision>(), binary(), binary())),
                        as_client(construct<close>(document)), as_client(construct<ping>(word())),
                        as_client(construct<pong>(word())));
}

rc::Gen<server_message> from_server() {
  using rc::gen::construct;
  const auto document = number<document_number>();
  const auto sequence = number<client_sequence>(1);
  const auto at = number<revision>();
  const auto limit_set = construct<announced_limits>(word(), word(), word(), word(), word());
  return rc::gen::oneOf(
    as_server(construct<welcome>(word(), limit_set, binary(limits::resume_bytes_max), duration())),
    as_server(construct<opened>(word(1), document, number<generation>(1), at, text(8), number<client_sequence>(),
                                number<presence_id>())),
    as_server(construct<snapshot_part>(document, at, rc::gen::arbitrary<bool>(), binary())),
    as_server(
      construct<edits>(document, number<revision>(1), rc::gen::container<std::vector<committed_edit>>(one_edit()))),
    as_server(construct<ack>(document, sequence, at)),
    as_server(construct<nack>(document, sequence, code(), text(100), number<client_sequence>(), duration())),
    as_server(construct<presence_changes>(document, rc::gen::container<std::vector<presence_entry>>(one_presence()))),
    as_server(construct<closed>(document, code(), text(100))), as_server(construct<resync>(document)),
    as_server(construct<bye>(code(), text(100), duration())),
    as_server(construct<failure>(word(), code(), text(100), duration())), as_server(construct<ping>(word())),
    as_server(construct<pong>(word())));
}

}  // namespace quire::protocol::generators
