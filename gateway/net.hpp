#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>
#include <chrono>

/// The short names of Asio and Beast that the gateway speaks in.
namespace quire::gateway {

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;
using beast::error_code;

/// A socket of one I/O thread. Its executor's type is known, so no call goes through a type-erased one.
using tcp_socket = net::basic_stream_socket<tcp, net::io_context::executor_type>;

using steady_clock = std::chrono::steady_clock;

}  // namespace quire::gateway
