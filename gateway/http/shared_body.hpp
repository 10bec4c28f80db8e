#pragma once

#include "protocol/bytes.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <utility>

namespace quire::gateway::http {

/// A body that Beast sends from bytes that others hold too. Null: nothing is sent.
struct shared_body {
  using value_type = shared_bytes;

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool is_request, class Fields>
    writer(const boost::beast::http::header<is_request, Fields>&, const value_type& body) : body_(body) {}

    void init(boost::beast::error_code& failed) { failed = {}; }

    boost::optional<std::pair<const_buffers_type, bool>> get(boost::beast::error_code& failed) {
      failed = {};
      if (!body_)
        return boost::none;
      return {{const_buffers_type(body_->data(), body_->size()), false}};
    }

   private:
    const value_type& body_;
  };
};

}  // namespace quire::gateway::http
