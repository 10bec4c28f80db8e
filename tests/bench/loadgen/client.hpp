#pragma once

#include "tests/bench/loadgen/channel.hpp"
#include "tests/bench/loadgen/dialect.hpp"
#include "tests/bench/loadgen/pace.hpp"
#include "tests/bench/loadgen/tally.hpp"
#include "tests/bench/loadgen/websocket.hpp"

#include <memory>
#include <optional>

namespace quire::bench {

/// One simulated browser with one document open: sends its edits at its pace, and checks that it is shown every edit
/// of the document once, in the order in which all others are.
class client final : private listener {
 public:
  /// Range: author is one of the ledger's.
  client(std::uint32_t author, std::unique_ptr<dialect> speech, ledger& shown, tally& counts);

  /// Begins to connect and to ask for the upgrade.
  [[nodiscard]] result<void> connect(const endpoint& server);
  void disconnect() noexcept { channel_.reset(); }

  /// Reads what has arrived, answers, and sends what the pace allows. `scratch` is lent by whoever turns the loop.
  void turn(bytes& scratch);
  /// Sends what is due.
  void send_due(instant now);

  [[nodiscard]] int descriptor() const noexcept { return channel_ ? channel_->descriptor() : -1; }
  [[nodiscard]] pace& own_pace() noexcept { return pace_; }
  /// It was shown all that anybody was.
  [[nodiscard]] bool is_level() const noexcept { return revision_ == shown_.newest(); }
  [[nodiscard]] bool is_upgraded() const noexcept { return is_upgraded_; }
  /// The document is open, and what it held then has come.
  [[nodiscard]] bool is_ready() const noexcept { return is_open_ && revision_ >= opened_at_; }
  [[nodiscard]] bool is_lost() const noexcept { return is_lost_; }
  /// The newest revision it was shown.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
  /// The content it was sent when it opened the document, and the revision that it was of.
  [[nodiscard]] bytes_view content() const noexcept { return content_; }
  [[nodiscard]] std::uint64_t content_revision() const noexcept { return content_revision_; }

 private:
  void on_ask() override;
  void on_open(std::uint64_t revision) override;
  void on_content(std::uint64_t revision, bytes_view piece, bool is_last) override;
  void on_edit(std::uint64_t revision, edit_name edit) override;
  void on_trouble(std::string what) override;

  [[nodiscard]] bytes_view read_upgrade(bytes_view received);
  [[nodiscard]] bytes_view read_frames(bytes_view received);
  void read_frame(const websocket::frame& next);
  void say_pending();
  void flush();
  void lose(std::string_view why);

  // Fixed at start.
  std::uint32_t author_;
  std::unique_ptr<dialect> dialect_;
  ledger& shown_;
  pace& pace_;
  tally& tally_;

  // Changes with every frame.
  std::optional<channel> channel_;
  bytes to_say_;
  bytes content_;
  instant now_{};    ///< When what is being read had arrived.
  instant asked_{};  ///< When it asked for the document.
  std::uint64_t revision_ = 0;
  std::uint64_t opened_at_ = 0;
  std::uint64_t content_revision_ = 0;
  bool is_upgraded_ = false;
  bool is_open_ = false;
  bool is_lost_ = false;
};

}  // namespace quire::bench
