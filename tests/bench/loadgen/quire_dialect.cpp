#include "tests/bench/loadgen/quire_dialect.hpp"

#include "protocol/codec.hpp"
#include "protocol/errors.hpp"
#include "tests/bench/loadgen/load_text.hpp"

#include <cstring>

namespace quire::bench {

namespace {

template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;  // clang 14 does not deduce it by itself

// A client id of the load: the run's number, and in the last four octets the author's.
constexpr std::size_t author_offset = 12;

std::uint32_t author_of(const client_id& client) noexcept {
  std::uint32_t author = 0;
  std::memcpy(&author, client.octets.data() + author_offset, sizeof author);
  return author;
}

std::string why(std::string_view message, errc code, const std::string& detail) {
  return std::string(message).append(" ").append(describe(code).name).append(": ").append(detail);
}

}  // namespace

client_id quire_dialect::id() const noexcept {
  client_id made;
  std::memcpy(made.octets.data(), &run_.number, sizeof run_.number);
  std::memcpy(made.octets.data() + author_offset, &author_, sizeof author_);
  return made;
}

void quire_dialect::begin(listener&, bytes& out) {
  protocol::encode(protocol::hello{.client = id(), .token = {}, .resume = {}, .agent = "quire-loadgen"}, out);
}

void quire_dialect::receive(bytes_view message, listener& to, bytes& out) {
  while (!message.empty()) {
    const scan found = scan_edits(message, run_.scanned);
    if (found == scan::broken)
      return to.on_trouble("a message that does not decode");
    if (found == scan::edits) {
      read_edits(to);
      continue;
    }
    const auto other = protocol::decode_server_message(message);
    if (!other)
      return to.on_trouble(why("a message is", other.error().code, other.error().detail));
    read_other(*other, to, out);
  }
}

void quire_dialect::read_edits(listener& to) const {
  std::uint64_t revision = run_.scanned.first.value();
  for (const auto& each : run_.scanned.run)
    to.on_edit(revision++, {author_of(each.client), each.sequence.value()});
}

void quire_dialect::read_other(const protocol::server_message& message, listener& to, bytes& out) {
  using namespace protocol;
  const document_name name{"default", "load-" + std::to_string(run_.number) + "-" + std::to_string(document_)};
  std::visit(overloaded{
               [&](const welcome&) {
                 to.on_ask();
                 encode(open{1, name, "text", std::nullopt}, out);
               },
               [&](const opened& m) {
                 number_ = m.document;
                 to.on_open(m.revision.value());
               },
               [&](const snapshot_part& m) { to.on_content(m.revision.value(), m.content, m.is_last); },
               [&](const ping& m) { encode(client_message(pong{m.nonce}), out); },
               [](const pong&) {},
               [](const presence_changes&) {},
               [](const edits&) {},  // the scanner's
               [&](const ack&) { to.on_trouble("an ack, which only an edit sent twice gets"); },
               [&](const nack& m) { to.on_trouble(why("nack", m.code, m.detail)); },
               [&](const closed& m) { to.on_trouble(why("closed", m.code, m.detail)); },
               [&](const bye& m) { to.on_trouble(why("bye", m.code, m.detail)); },
               [&](const failure& m) { to.on_trouble(why("error", m.code, m.detail)); },
               [&](const resync&) { to.on_trouble("resync: this client was too slow"); },
             },
             message);
}

void quire_dialect::write_edit(std::uint32_t sequence, std::uint64_t base, bytes& out) {
  protocol::edit next{number_, client_sequence(sequence), revision(base), {}};
  put_insert(next.operation, {author_, sequence}, run_.insert_bytes, base);
  protocol::encode(std::move(next), out);
}

}  // namespace quire::bench
