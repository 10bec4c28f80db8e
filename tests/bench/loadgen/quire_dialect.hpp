#pragma once

#include "protocol/messages.hpp"
#include "tests/bench/loadgen/dialect.hpp"
#include "tests/bench/loadgen/edits_scanner.hpp"

namespace quire::bench {

/// What all clients of a run have in common, so that runs against one server do not meet.
struct quire_run {
  std::uint64_t number = 0;      ///< Random.
  std::size_t insert_bytes = 0;  ///< Of one edit's text.
  scanned_edits scanned;         ///< Lent to whoever reads.
};

/// Quire's protocol version 1, on one `text` document.
class quire_dialect final : public dialect {
 public:
  quire_dialect(quire_run& run, std::uint32_t document, std::uint32_t author)
    : run_(run), document_(document), author_(author) {}

  [[nodiscard]] std::string path() const override { return "/v1/connect"; }
  [[nodiscard]] std::string_view subprotocol() const noexcept override { return "quire.v1"; }
  void begin(listener& to, bytes& out) override;
  void receive(bytes_view message, listener& to, bytes& out) override;
  void write_edit(std::uint32_t sequence, std::uint64_t base, bytes& out) override;

 private:
  void read_edits(listener& to) const;
  void read_other(const protocol::server_message& message, listener& to, bytes& out);
  [[nodiscard]] client_id id() const noexcept;

  // Fixed at start.
  quire_run& run_;
  std::uint32_t document_;
  std::uint32_t author_;

  // Changes once, when the document is open.
  document_number number_;
};

}  // namespace quire::bench
