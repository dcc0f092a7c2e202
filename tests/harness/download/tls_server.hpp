#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// A key and a certificate for "localhost" that signs itself, both PEM.
struct Identity {
    static Identity make();
    std::string key;
    std::string certificate;
};

/// The server's response, byte for byte.
struct Answer {
    std::string bytes;
    enum class End { Clean, Cut, Stall } end = End::Clean;  ///< close TLS properly, drop the connection, keep silent
};

/// A complete HTTP response with a body.
std::string answer(const std::string& status, const std::string& fields, const std::string& body);

/// Serves one TLS connection after another at 127.0.0.1 and remembers the requests.
class TlsServer {
public:
    /// Gets the number of the request (from 0) and its head.
    using Handler = std::function<Answer(std::size_t number, const std::string& head)>;

    TlsServer(const Identity& identity, Handler handler);
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    ~TlsServer();

    std::string url(const std::string& target = "/file") const;
    std::string port() const;
    std::vector<std::string> heads() const;  ///< of the requests so far

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// A proxy that knows CONNECT, one connection at a time, and remembers the request lines.
class StandInProxy {
public:
    /// Answers with this status; connects only for 200.
    explicit StandInProxy(const std::string& status = "200 OK");
    StandInProxy(const StandInProxy&) = delete;
    StandInProxy& operator=(const StandInProxy&) = delete;
    ~StandInProxy();

    std::string url() const;
    std::vector<std::string> asked() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};
