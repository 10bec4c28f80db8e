#include "tests/bench/loadgen/edits_scanner.hpp"

#include "protocol/codec.hpp"
#include "tests/protocol/message_generators.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::bench {
namespace {

namespace generators = protocol::generators;

bool is_same(const scanned_edits& found, const protocol::edits& sent) {
  return found.document == sent.document && found.first == sent.first &&
         std::ranges::equal(found.run, sent.run, [](const scanned_edit& a, const protocol::committed_edit& b) {
           return a.client == b.client && a.sequence == b.sequence && std::ranges::equal(a.operation, *b.operation);
         });
}

rc::Gen<protocol::committed_edit> any_edit() {
  return rc::gen::map<std::pair<std::uint16_t, std::string>>([](const std::pair<std::uint16_t, std::string>& made) {
    return protocol::committed_edit{{}, client_sequence(made.first + 1U), share(to_bytes(made.second))};
  });
}

RC_GTEST_PROP(edits_scanner, reads_what_the_codec_writes, ()) {
  const auto sent = *rc::gen::container<std::vector<protocol::server_message>>(generators::from_server());
  bytes frame;
  for (const auto& each : sent)
    protocol::encode(each, frame);

  scanned_edits found;
  bytes_view rest = frame;
  for (const auto& each : sent) {
    const auto* const edits = std::get_if<protocol::edits>(&each);
    const auto before = rest.size();
    RC_ASSERT(scan_edits(rest, found) == (edits != nullptr ? scan::edits : scan::other));
    if (edits != nullptr) {
      RC_ASSERT(is_same(found, *edits));
    } else {
      RC_ASSERT(rest.size() == before);
      RC_ASSERT(protocol::decode_server_message(rest).has_value());
    }
  }
  RC_ASSERT(rest.empty());
}

RC_GTEST_PROP(edits_scanner, calls_a_frame_that_is_cut_off_broken, ()) {
  const protocol::edits sent{document_number(7), revision(1),
                             *rc::gen::container<std::vector<protocol::committed_edit>>(any_edit())};
  bytes frame;
  protocol::encode(sent, frame);
  const bytes part(frame.begin(), frame.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(frame)));

  scanned_edits found;
  bytes_view rest = part;
  RC_ASSERT(scan_edits(rest, found) == scan::broken);
}

RC_GTEST_PROP(edits_scanner, survives_any_bytes, (const std::string& text)) {
  const auto frame = to_bytes(text);
  scanned_edits found;
  bytes_view rest = frame;
  RC_ASSERT(scan_edits(rest, found) != scan::edits || rest.size() < frame.size());
}

}  // namespace
}  // namespace quire::bench
