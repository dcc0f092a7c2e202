#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/// Clients of a server on this machine that send whatever bytes they like.
namespace loopback {

/// A TCP connection to a port of 127.0.0.1.
class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("cannot connect");
    }
    Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)), rest_(std::move(other.rest_)) {}
    Client(const Client&) = delete;
    ~Client() {
        if (socket_ >= 0) ::close(socket_);
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;  // the server may have closed; what it said is still to be read
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// One response with its body; empty when the connection ends before.
    std::string response() {
        std::size_t end = std::string::npos;
        while ((end = rest_.find("\r\n\r\n")) == std::string::npos) {
            if (!more()) return std::exchange(rest_, "");
        }
        std::size_t length = 0;
        const std::size_t field = rest_.find("Content-Length: ");
        if (field < end) length = std::stoul(rest_.substr(field + 16));
        while (rest_.size() < end + 4 + length) {
            if (!more()) return std::exchange(rest_, "");
        }
        std::string whole = rest_.substr(0, end + 4 + length);
        rest_.erase(0, whole.size());
        return whole;
    }
    std::string ask(std::string_view request) {
        send(request);
        return response();
    }
    /// What comes until the server closes, or until the time is up.
    std::string until_closed(int milliseconds = 10000) {
        while (more(milliseconds)) {
        }
        return std::exchange(rest_, "");
    }
    bool more(int milliseconds = 10000) {
        pollfd waiting = {socket_, POLLIN, 0};
        if (::poll(&waiting, 1, milliseconds) <= 0) return false;
        char buffer[65536];
        const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
        if (got <= 0) return false;
        rest_.append(buffer, static_cast<std::size_t>(got));
        return true;
    }
    const std::string& received() const { return rest_; }

private:
    int socket_;
    std::string rest_;
};

inline std::string get(const std::string& path, const std::string& cookie = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + (cookie.empty() ? "" : "Cookie: " + cookie + "\r\n") +
           "\r\n";
}

inline std::string post(const std::string& path, const std::string& body, const std::string& cookie = "") {
    return "POST " + path +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + (cookie.empty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n" + body;
}

inline int status(const std::string& response) {
    return response.starts_with("HTTP/1.1 ") ? std::stoi(response.substr(9, 3)) : 0;
}

}  // namespace loopback
