#pragma once

#include "gateway/conversation/provider.hpp"
#include "gateway/conversation/waiting_frames.hpp"
#include "gateway/memory_share.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quire::gateway {

/// What a Hocuspocus client speaks (docs/providers.md): many documents, each called by the address that the client
/// gave it. What one of them is refused, the others do not notice.
class hocuspocus_conversation final : public provider_conversation {
 public:
  explicit hocuspocus_conversation(connection& over);

  void start() override;
  void take(bytes_view& unread, bool is_new) override;
  void authenticated(std::uint32_t ticket, const result<access>& given) override;
  void welcomed(const actors::connection_welcomed&) override {}
  void begun(const actors::subscription_begun& one) override;
  void ended(const actors::subscription_ended& one) override;
  void failed(const actors::request_failed& one) override;
  void check() override;
  void go_on() override;

 private:
  enum class stage : std::uint8_t {
    silent,   ///< No token was shown yet, and one is needed.
    asked,    ///< The authenticator is to answer.
    behind,   ///< Until the same document, which the client has left, is closed.
    opening,  ///< The engine is to answer.
    open,
  };

  /// A document of this connection.
  struct place {
    hocuspocus_conversation::stage stage = stage::silent;
    std::uint32_t ticket = 0;  ///< Of the question that was asked last, and of the open.
    bool has_shown_token = false;
    bool is_asked = false;                  ///< `ticket` is not answered yet.
    std::optional<std::string> next_token;  ///< Shown since, while it is open: the last.
    bool is_read_only = false;
    document_number document;  ///< Once it is open.
    waiting_frames waiting;    ///< What came before it was; when it is, handed over as credit allows.
  };
  using places = std::map<std::string, place, std::less<>>;

  /// A document that the client has left, until the engine is done with it.
  struct departure {
    std::string name;
    std::uint32_t ticket = 0;
    document_number document;  ///< 0: its open is not answered yet.
  };

  void take_bad(bytes_view frame, const error& why);
  void take(bytes_view frame, std::string_view address, const protocol::yjs::client_message& message);
  void take_token(places::iterator at, const protocol::yjs::token& shown);
  /// False if the document is open no more.
  [[nodiscard]] bool take_open(places::iterator at, const protocol::yjs::client_message& message);
  void wait(place& where, bytes_view frame);
  [[nodiscard]] places::iterator arrive(std::string_view address, const protocol::yjs::client_message& message);
  void ask_about(places::iterator at, std::string token);
  void authenticated_again(places::iterator at, const result<access>& given);
  void open_or_stay_behind(places::iterator at);
  void leave(places::iterator at);
  void departed(std::vector<departure>::iterator gone);
  void hand_over_waiting();
  void hand_over_waiting(places::iterator at);
  void hold_if_full();

  /// The client is told that it may not have the document, or no more.
  void deny(std::string_view address, const error& why);
  void close(places::iterator at, const error& why);
  /// By the engine, which has counted it: for good, or all documents are to be synced anew.
  void refused_by_engine(places::iterator at, const error& why);
  void say_something() override;

  [[nodiscard]] places::iterator find_ticket(std::uint32_t ticket);
  [[nodiscard]] std::size_t count(stage which) const;
  void forget(places::iterator at);

  places places_;                      ///< At most documents_a_connection_max.
  std::vector<departure> departures_;  ///< Bound: what the session has open or opening.
  waiting_frames::sum waiting_;        ///< Of all places.
  std::uint32_t tickets_ = 0;
  std::size_t questions_ = 0;   ///< Of the authenticator, not answered yet: also about what the client left meanwhile.
  memory_share waiting_share_;  // of all connections, for what waits here
  bool was_authenticated_ = false;
};

}  // namespace quire::gateway
