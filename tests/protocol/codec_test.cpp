#include "protocol/codec.hpp"

#include "tests/protocol/message_generators.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quire::protocol {
namespace {

struct client_side {
  using message = client_message;
  static rc::Gen<message> any() { return generators::from_client(); }
  static result<message> decode(bytes_view& frame) { return decode_client_message(frame); }
};

struct server_side {
  using message = server_message;
  static rc::Gen<message> any() { return generators::from_server(); }
  static result<message> decode(bytes_view& frame) { return decode_server_message(frame); }
};

template <class Message>
bytes encoded(const Message& message) {
  bytes out;
  encode(message, out);
  return out;
}

/// A copy that ends where its allocation ends, so that a sanitizer sees any read past it.
bytes exact_copy(bytes_view data) {
  return {data.begin(), data.end()};
}

template <class Side>
class codec : public testing::Test {};

using sides = testing::Types<client_side, server_side>;
TYPED_TEST_SUITE(codec, sides);

TYPED_TEST(codec, what_is_encoded_is_decoded_the_same) {
  rc::detail::checkGTest([] {
    const auto message = *TypeParam::any();
    const auto data = encoded(message);
    bytes_view frame{data};
    const auto again = TypeParam::decode(frame);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == message);
    RC_ASSERT(frame.empty());
  });
}

TYPED_TEST(codec, messages_one_after_another_are_taken_off_in_order) {
  rc::detail::checkGTest([] {
    const auto messages = *rc::gen::container<std::vector<typename TypeParam::message>>(TypeParam::any());
    bytes data;
    for (const auto& each : messages)
      encode(each, data);
    bytes_view frame{data};
    for (const auto& each : messages) {
      const auto again = TypeParam::decode(frame);
      RC_ASSERT(again.has_value());
      RC_ASSERT(*again == each);
    }
    RC_ASSERT(frame.empty());
  });
}

TYPED_TEST(codec, every_truncation_of_a_message_is_refused) {
  rc::detail::checkGTest([] {
    const auto data = encoded(*TypeParam::any());
    for (std::size_t length = 0; length < data.size(); ++length) {
      const auto part = exact_copy(bytes_view{data}.first(length));
      bytes_view frame{part};
      const auto refused = TypeParam::decode(frame);
      RC_ASSERT(!refused.has_value());
      RC_ASSERT(refused.error().code == errc::malformed_message);
    }
  });
}

TYPED_TEST(codec, any_bytes_decode_to_a_message_or_an_error) {
  rc::detail::checkGTest([] {
    const auto data = *rc::gen::arbitrary<std::vector<std::uint8_t>>();
    const auto copy = exact_copy(std::as_bytes(std::span{data}));
    bytes_view frame{copy};
    const auto outcome = TypeParam::decode(frame);
    RC_ASSERT(frame.size() <= copy.size());
    if (!outcome)
      RC_ASSERT(!outcome.error().detail.empty());
  });
}

TYPED_TEST(codec, a_message_with_a_byte_changed_decodes_to_a_message_or_an_error) {
  rc::detail::checkGTest([] {
    auto data = encoded(*TypeParam::any());
    data[*rc::gen::inRange<std::size_t>(0, data.size())] = static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
    bytes_view frame{data};
    const auto outcome = TypeParam::decode(frame);
    if (outcome) {
      // What was accepted is a message like any other: it survives a round trip.
      const auto again = encoded(*outcome);
      bytes_view second{again};
      const auto same = TypeParam::decode(second);
      RC_ASSERT(same.has_value());
      RC_ASSERT(*same == *outcome);
    } else {
      RC_ASSERT(!outcome.error().detail.empty());
    }
  });
}

TYPED_TEST(codec, fields_of_a_later_version_are_ignored) {
  rc::detail::checkGTest([] {
    const auto message = *TypeParam::any();
    auto data = encoded(message);
    const auto added = *rc::gen::element<std::string>("\xC0", "\x05", "\xA3new", "\xC4\x02xy", "\x92\x01\x91\xC3",
                                                      "\x81\xA1k\x90", "\xD4\x07z",
                                                      "\xCB"
                                                      "12345678");
    data[0] = static_cast<std::byte>(static_cast<unsigned>(data[0]) + 1);
    append(data, as_bytes(added));
    bytes_view frame{data};
    const auto again = TypeParam::decode(frame);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == message);
    RC_ASSERT(frame.empty());
  });
}

TYPED_TEST(codec, a_message_that_lacks_a_field_is_refused) {
  rc::detail::checkGTest([] {
    auto data = encoded(*TypeParam::any());
    data[0] = static_cast<std::byte>(static_cast<unsigned>(data[0]) - 1);
    bytes_view frame{data};
    const auto refused = TypeParam::decode(frame);
    RC_ASSERT(!refused.has_value());
    RC_ASSERT(refused.error().code == errc::malformed_message);
  });
}

}  // namespace
}  // namespace quire::protocol
