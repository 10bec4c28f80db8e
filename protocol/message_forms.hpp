#pragma once

#include "protocol/limits.hpp"
#include "protocol/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>

/// The wire form of each message and nested record, as tables: encoder and decoder both follow them, so that
/// neither knows anything that the other does not. Only codec_*.cpp include this.
namespace quire::protocol {

/// What a field may hold, beyond what its type says.
struct bounds {
  std::uint64_t least = 0;                                          ///< Of a number.
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();  ///< Of a string or binary; without: the frame's.
  bool is_cut = false;                                              ///< The encoder cuts a longer string.
};

constexpr bounds at_least(std::uint64_t least) {
  return {.least = least};
}

constexpr bounds bytes_up_to(std::size_t bytes_max) {
  return {.bytes_max = bytes_max};
}

constexpr bounds cut_to(std::size_t bytes_max) {
  return {.bytes_max = bytes_max, .is_cut = true};
}

template <class Record, class Value>
struct field {
  constexpr field(std::string_view n, Value Record::*m, bounds a = {}) : name(n), member(m), allowed(a) {}

  std::string_view name;
  Value Record::*member;
  bounds allowed;
};

/// A message: [number, field...]. A nested record: [field...]. Fields are only ever added at the end.
template <class Record>
struct form;

template <>
struct form<document_name> {
  static constexpr std::tuple fields{
    // Over-long names are check_name's to refuse: that fails the request, not the connection.
    field{"organisation", &document_name::organisation},
    field{"name", &document_name::name},
  };
};

template <>
struct form<position> {
  static constexpr std::tuple fields{
    field{"generation", &position::generation, at_least(1)},
    field{"revision", &position::revision},
  };
};

template <>
struct form<announced_limits> {
  static constexpr std::tuple fields{
    field{"frame_bytes_max", &announced_limits::frame_bytes_max},
    field{"operation_bytes_max", &announced_limits::operation_bytes_max},
    field{"documents_max", &announced_limits::documents_max},
    field{"edits_in_flight_max", &announced_limits::edits_in_flight_max},
    field{"presence_bytes_max", &announced_limits::presence_bytes_max},
  };
};

template <>
struct form<committed_edit> {
  static constexpr std::tuple fields{
    field{"client", &committed_edit::client},
    field{"sequence", &committed_edit::sequence, at_least(1)},
    field{"operation", &committed_edit::operation},
  };
};

template <>
struct form<presence_entry> {
  static constexpr std::tuple fields{
    field{"id", &presence_entry::id},
    field{"client", &presence_entry::client},
    field{"cursor", &presence_entry::cursor},
    field{"state", &presence_entry::state},
  };
};

// Client to server: from 1.

template <>
struct form<hello> {
  static constexpr std::uint8_t number = 1;
  static constexpr std::string_view name = "hello";
  static constexpr std::tuple fields{
    field{"version_min", &hello::version_min},
    field{"version_max", &hello::version_max},
    field{"client", &hello::client},
    field{"token", &hello::token, bytes_up_to(limits::token_bytes_max)},
    field{"resume", &hello::resume, bytes_up_to(limits::resume_bytes_max)},
    field{"agent", &hello::agent, cut_to(limits::agent_bytes_max)},
  };
};

template <>
struct form<open> {
  static constexpr std::uint8_t number = 2;
  static constexpr std::string_view name = "open";
  static constexpr std::tuple fields{
    field{"request", &open::request, at_least(1)},
    field{"document", &open::document},
    field{"type", &open::type, bytes_up_to(limits::type_name_bytes_max)},
    field{"since", &open::since},
  };
};

template <>
struct form<edit> {
  static constexpr std::uint8_t number = 3;
  static constexpr std::string_view name = "edit";
  static constexpr std::tuple fields{
    field{"document", &edit::document},
    field{"sequence", &edit::sequence, at_least(1)},
    field{"base", &edit::base},
    field{"operation", &edit::operation},
  };
};

template <>
struct form<presence_update> {
  static constexpr std::uint8_t number = 4;
  static constexpr std::string_view name = "presence_update";
  static constexpr std::tuple fields{
    field{"document", &presence_update::document},
    field{"at", &presence_update::at},
    field{"cursor", &presence_update::cursor},
    field{"state", &presence_update::state},
  };
};

template <>
struct form<close> {
  static constexpr std::uint8_t number = 5;
  static constexpr std::string_view name = "close";
  static constexpr std::tuple fields{field{"document", &close::document}};
};

// Both ways: from 32.

template <>
struct form<ping> {
  static constexpr std::uint8_t number = 32;
  static constexpr std::string_view name = "ping";
  static constexpr std::tuple fields{field{"nonce", &ping::nonce}};
};

template <>
struct form<pong> {
  static constexpr std::uint8_t number = 33;
  static constexpr std::string_view name = "pong";
  static constexpr std::tuple fields{field{"nonce", &pong::nonce}};
};

// Server to client: from 64.

template <>
struct form<welcome> {
  static constexpr std::uint8_t number = 64;
  static constexpr std::string_view name = "welcome";
  static constexpr std::tuple fields{
    field{"version", &welcome::version},
    field{"limits", &welcome::limits},
    field{"resume", &welcome::resume, bytes_up_to(limits::resume_bytes_max)},
    field{"keepalive", &welcome::keepalive},
  };
};

template <>
struct form<opened> {
  static constexpr std::uint8_t number = 65;
  static constexpr std::string_view name = "opened";
  static constexpr std::tuple fields{
    field{"request", &opened::request, at_least(1)},
    field{"document", &opened::document},
    field{"generation", &opened::generation, at_least(1)},
    field{"revision", &opened::revision},
    field{"type", &opened::type, bytes_up_to(limits::type_name_bytes_max)},
    field{"last_sequence", &opened::last_sequence},
    field{"presence", &opened::presence},
  };
};

template <>
struct form<snapshot_part> {
  static constexpr std::uint8_t number = 66;
  static constexpr std::string_view name = "snapshot_part";
  static constexpr std::tuple fields{
    field{"document", &snapshot_part::document},
    field{"revision", &snapshot_part::revision},
    field{"is_last", &snapshot_part::is_last},
    field{"content", &snapshot_part::content},
  };
};

template <>
struct form<edits> {
  static constexpr std::uint8_t number = 67;
  static constexpr std::string_view name = "edits";
  static constexpr std::tuple fields{
    field{"document", &edits::document},
    field{"first", &edits::first, at_least(1)},
    field{"run", &edits::run},
  };
};

template <>
struct form<ack> {
  static constexpr std::uint8_t number = 68;
  static constexpr std::string_view name = "ack";
  static constexpr std::tuple fields{
    field{"document", &ack::document},
    field{"sequence", &ack::sequence, at_least(1)},
    field{"revision", &ack::revision},
  };
};

template <>
struct form<nack> {
  static constexpr std::uint8_t number = 69;
  static constexpr std::string_view name = "nack";
  static constexpr std::tuple fields{
    field{"document", &nack::document}, field{"sequence", &nack::sequence, at_least(1)},
    field{"code", &nack::code},         field{"detail", &nack::detail, cut_to(limits::detail_bytes_max)},
    field{"expected", &nack::expected}, field{"retry", &nack::retry},
  };
};

template <>
struct form<presence_changes> {
  static constexpr std::uint8_t number = 70;
  static constexpr std::string_view name = "presence_changes";
  static constexpr std::tuple fields{
    field{"document", &presence_changes::document},
    field{"entries", &presence_changes::entries},
  };
};

template <>
struct form<closed> {
  static constexpr std::uint8_t number = 71;
  static constexpr std::string_view name = "closed";
  static constexpr std::tuple fields{
    field{"document", &closed::document},
    field{"code", &closed::code},
    field{"detail", &closed::detail, cut_to(limits::detail_bytes_max)},
  };
};

template <>
struct form<resync> {
  static constexpr std::uint8_t number = 72;
  static constexpr std::string_view name = "resync";
  static constexpr std::tuple fields{field{"document", &resync::document}};
};

template <>
struct form<bye> {
  static constexpr std::uint8_t number = 73;
  static constexpr std::string_view name = "bye";
  static constexpr std::tuple fields{
    field{"code", &bye::code},
    field{"detail", &bye::detail, cut_to(limits::detail_bytes_max)},
    field{"retry", &bye::retry},
  };
};

template <>
struct form<failure> {
  static constexpr std::uint8_t number = 74;
  static constexpr std::string_view name = "failure";
  static constexpr std::tuple fields{
    field{"request", &failure::request},
    field{"code", &failure::code},
    field{"detail", &failure::detail, cut_to(limits::detail_bytes_max)},
    field{"retry", &failure::retry},
  };
};

/// How many fields a record has.
template <class Record>
inline constexpr std::uint32_t field_count = std::tuple_size_v<decltype(form<Record>::fields)>;

/// Whether a type has a form of its own.
template <class T>
concept record = requires {
  form<T>::fields;
};

/// The fewest bytes that a field takes, and a record.
template <class Value>
inline constexpr std::size_t least_bytes_of_field = 1;
template <class Tag>
inline constexpr std::size_t least_bytes_of_field<random_id<Tag>> = 2 + sizeof(random_id<Tag>);

template <class Record>
inline constexpr std::size_t least_bytes =
  std::apply([]<class... Value>(const field<Record, Value>&...) { return (1 + ... + least_bytes_of_field<Value>); },
             form<Record>::fields);

/// What numbers of a type may be, the least aside.
template <class T>
inline constexpr std::uint64_t number_max = std::numeric_limits<T>::max();
template <>
inline constexpr std::uint64_t number_max<std::uint64_t> = limits::integer_max;

}  // namespace quire::protocol
