#pragma once

#include "protocol/dialect.hpp"
#include "protocol/names.hpp"
#include "protocol/result.hpp"

#include <functional>
#include <string>

namespace quire::gateway {

/// What a client may do with a document, and in whose name.
struct access {
  std::string author;  ///< Empty: nobody in particular.
  bool is_read_only = false;
};

/// Decides what a client of a Yjs provider may open. Documents that clients of our own protocol open, and REST, are not
/// asked about: both may do everything.
/// Affinity: any thread.
class authenticator {
 public:
  struct question {
    std::string token;  ///< As the client showed it; empty if it showed none.
    document_name document;
    protocol::dialect dialect = protocol::dialect::quire;
  };
  /// Errors: unauthenticated (the token is missing or not good), forbidden, or why it cannot be said now.
  using answer = std::function<void(result<access>)>;

  virtual ~authenticator() = default;

  /// Whether a client without a token is to be waited for until it shows one. Fixed from the start.
  [[nodiscard]] virtual bool needs_token() const noexcept = 0;

  /// Calls `then` once, at once or later, on any thread; must not block.
  virtual void ask(question asked, answer then) = 0;
};

/// Lets everybody do everything, as long as nobody is authenticated. `quire serve` has it listen on loopback only,
/// unless it is told that more is meant.
class allow_all final : public authenticator {
 public:
  [[nodiscard]] bool needs_token() const noexcept override { return false; }
  void ask(question, answer then) override { then(access{}); }
};

}  // namespace quire::gateway
