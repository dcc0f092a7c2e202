#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "harness/web/app.hpp"

namespace harness::web {

/// Who stands between the browser and this server.
enum class Proxy {
    None,
    Trusted,  ///< sets X-Forwarded-For and X-Forwarded-Proto, whose last values are believed
};

/// What one connection may use.
struct ConnectionLimits {
    std::size_t connections = 4096;
    std::size_t connections_per_address = 1024;
    std::size_t event_streams = 32;
    std::uint32_t header_bytes = 16 << 10;
    std::uint64_t body_bytes = 64 << 10;
    std::chrono::milliseconds header_time = std::chrono::seconds(10);  ///< from its first byte; also the TLS handshake
    std::chrono::milliseconds body_time = std::chrono::seconds(20);
    std::chrono::milliseconds write_time = std::chrono::seconds(60);
    std::chrono::milliseconds idle_time = std::chrono::seconds(75);     ///< between requests
    std::chrono::milliseconds event_time = std::chrono::seconds(1);     ///< between looks for an event
    std::chrono::milliseconds shutdown_time = std::chrono::seconds(5);  ///< for requests that are under way
};

struct ServerOptions {
    std::string database;
    std::string study;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;         ///< 0: any free one
    std::string tls_certificate = {};  ///< PEM file, the whole chain; empty: no TLS
    std::string tls_key = {};          ///< PEM file
    Proxy proxy = Proxy::None;
    ConnectionLimits limits = {};
    AppOptions app = {};
    /// One line of JSON without a line break for every request, and for whatever goes wrong. Called on the server's
    /// thread. Empty: no log.
    std::function<void(std::string_view line)> log = {};
};

/// The rating site of one study.
class Server {
public:
    /// Opens the database, the study and the port. Throws base::UsageError for an address, port, certificate or key
    /// that cannot be used, and what study::ServiceThread throws.
    explicit Server(ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    /// "http://127.0.0.1:8080"
    std::string url() const;

    /// Serves until SIGINT, SIGTERM or stop(); then answers what is under way. Throws base::WorkError when the network
    /// fails.
    void run();
    /// From any thread.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::web
