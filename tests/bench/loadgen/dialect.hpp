#pragma once

#include "protocol/bytes.hpp"
#include "tests/bench/loadgen/ledger.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace quire::bench {

/// What a dialect tells of the messages it reads.
class listener {
 public:
  virtual ~listener() = default;

  /// What asks for the document is about to be sent.
  virtual void on_ask() = 0;
  /// The document is open and will be brought up to `revision`.
  virtual void on_open(std::uint64_t revision) = 0;
  /// A piece of the document as of `revision`.
  virtual void on_content(std::uint64_t revision, bytes_view piece, bool is_last) = 0;
  /// The edit that made `revision`.
  virtual void on_edit(std::uint64_t revision, edit_name edit) = 0;
  /// What must not happen while all goes well: the run has failed.
  virtual void on_trouble(std::string what) = 0;
};

/// How one client speaks with one kind of server, about one document. Knows nothing of sockets and frames.
class dialect {
 public:
  virtual ~dialect() = default;

  /// Where to ask for the upgrade, and with which subprotocol (empty: none).
  [[nodiscard]] virtual std::string path() const = 0;
  [[nodiscard]] virtual std::string_view subprotocol() const noexcept = 0;

  /// Appends what is said first, if anything.
  virtual void begin(listener& to, bytes& out) = 0;
  /// Reads one message; appends what is to be answered, if anything.
  virtual void receive(bytes_view message, listener& to, bytes& out) = 0;
  /// Appends an edit made on revision `base`.
  virtual void write_edit(std::uint32_t sequence, std::uint64_t base, bytes& out) = 0;
};

}  // namespace quire::bench
