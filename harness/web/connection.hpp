#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "harness/web/answering.hpp"
#include "harness/web/app.hpp"
#include "harness/web/asio.hpp"
#include "harness/web/server.hpp"

namespace harness::web {

/// What the connections of a server share. For the network's thread only.
struct Hub {
    const ServerOptions& options;
    App& app;
    Answering& answering;
    bool is_stopping = false;
    std::size_t event_streams = 0;
    std::size_t connections = 0;
    std::map<std::string, std::size_t> by_address = {};
    std::set<beast::tcp_stream*> idle = {};     ///< waiting for a request; cancelled when the server stops
    std::function<void()> on_last_closed = {};  ///< called when the last connection of a stopping server is closed

    void log(const std::string& line) const {
        if (options.log) options.log(line);
    }
    void refuse(Refusal reason, const std::string& address) const;
};

/// Counts a connection while it exists.
class Seat {
public:
    Seat(Hub& hub, std::string address);
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    ~Seat();
    /// Whether the limits still allow this connection.
    bool is_free() const;
    const std::string& address() const { return address_; }

private:
    Hub& hub_;
    std::string address_;
};

/// Answers the requests of a connection, one after the other, until it ends. The hub, and `tls` if it is used, must
/// outlive it.
net::awaitable<void> serve_plain(net::ip::tcp::socket socket, Hub& hub);
net::awaitable<void> serve_tls(net::ip::tcp::socket socket, net::ssl::context& tls, Hub& hub);

}  // namespace harness::web
