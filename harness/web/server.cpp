#include "harness/web/server.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <memory>
#include <utility>

#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"
#include "harness/study/service_thread.hpp"
#include "harness/web/answering.hpp"
#include "harness/web/asio.hpp"
#include "harness/web/connection.hpp"
#include "harness/web/log_line.hpp"

namespace harness::web {
namespace {

using net::ip::tcp;

constexpr std::chrono::milliseconds kAcceptAgain(100);
constexpr rlim_t kOtherFiles = 64;

/// Many systems allow 1,024 open files unless a program asks for more.
void allow_connections(std::size_t connections) {
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t wanted = connections + kOtherFiles;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min(limit.rlim_max, wanted);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::unique_ptr<net::ssl::context> tls_context(const ServerOptions& options) {
    if (options.tls_certificate.empty()) return nullptr;
    auto context = std::make_unique<net::ssl::context>(net::ssl::context::tls_server);
    context->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 |
                         net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1);
    beast::error_code error;
    context->use_certificate_chain_file(options.tls_certificate, error);
    if (error) {
        throw base::UsageError(fmt::format("certificate '{}' cannot be used: {}; give a PEM file with the whole chain",
                                           options.tls_certificate, error.message()));
    }
    context->use_private_key_file(options.tls_key, net::ssl::context::pem, error);
    if (error) {
        throw base::UsageError(
            fmt::format("key '{}' cannot be used: {}; give the certificate's PEM key without a password",
                        options.tls_key, error.message()));
    }
    return context;
}

tcp::acceptor opened(net::io_context& network, const ServerOptions& options) {
    beast::error_code error;
    const auto address = net::ip::make_address(options.address, error);
    if (error) throw base::UsageError(fmt::format("'{}' is no IP address to listen at", options.address));
    const tcp::endpoint endpoint(address, options.port);
    tcp::acceptor acceptor(network);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error) {
        throw base::UsageError(fmt::format("cannot listen at {} port {}: {}; choose another with --listen",
                                           options.address, options.port, error.message()));
    }
    return acceptor;
}

}  // namespace

class Server::Impl {
public:
    explicit Impl(ServerOptions options)
        : options_(std::move(options)),
          app_(options_.app),
          tls_(tls_context(options_)),
          study_(std::make_unique<study::ServiceThread>(options_.database, options_.study, options_.app.clock)),
          answering_(*study_),
          hub_{options_, app_, answering_},
          acceptor_(opened(network_, options_)),
          signals_(network_),
          grace_(network_) {
        allow_connections(options_.limits.connections);
        hub_.on_last_closed = [this] { grace_.cancel(); };
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        finish_work();
        hub_.on_last_closed = {};  // the timer goes before the connections that are cut off
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    void run() {
        signals_.add(SIGINT);
        signals_.add(SIGTERM);
        signals_.async_wait([this](const beast::error_code& error, int) {
            if (!error) begin_stop();
        });
        net::co_spawn(network_, accept(), net::detached);
        network_.run();
        finish_work();
    }

    void stop() {
        net::post(network_, [this] { begin_stop(); });
    }

    const ServerOptions& options() const { return options_; }

private:
    net::awaitable<void> accept() {
        net::steady_timer pause(network_);
        while (!hub_.is_stopping) {
            beast::error_code error;
            tcp::socket socket = co_await acceptor_.async_accept(net::redirect_error(net::use_awaitable, error));
            if (error == net::error::operation_aborted || hub_.is_stopping) co_return;
            if (error) {
                hub_.log(event_line("accept failed", "", error.message()));
                pause.expires_after(kAcceptAgain);
                co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
                continue;
            }
            socket.set_option(tcp::no_delay(true), error);
            if (tls_) {
                net::co_spawn(network_, serve_tls(std::move(socket), *tls_, hub_), net::detached);
            } else {
                net::co_spawn(network_, serve_plain(std::move(socket), hub_), net::detached);
            }
        }
    }

    void begin_stop() {
        if (hub_.is_stopping) return;
        hub_.is_stopping = true;
        hub_.log(event_line("stopping", "", "requests under way are answered"));
        beast::error_code ignored;
        acceptor_.close(ignored);
        signals_.cancel(ignored);
        for (beast::tcp_stream* const stream : hub_.idle) stream->cancel();
        if (hub_.connections == 0) return;
        grace_.expires_after(options_.limits.shutdown_time);
        grace_.async_wait([this](const beast::error_code& error) {
            if (!error) network_.stop();
        });
    }

    /// Before the network goes: other threads post to it.
    void finish_work() {
        study_.reset();
        answering_.finish();
    }

    ServerOptions options_;
    App app_;
    std::unique_ptr<net::ssl::context> tls_;
    std::unique_ptr<study::ServiceThread> study_;
    Answering answering_;
    Hub hub_;
    // Last, so that it is destroyed first: connections that were cut off use the hub.
    net::io_context network_{1};
    tcp::acceptor acceptor_;
    net::signal_set signals_;
    net::steady_timer grace_;
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
    return impl_->port();
}

std::string Server::url() const {
    const ServerOptions& options = impl_->options();
    const bool is_v6 = options.address.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", options.tls_certificate.empty() ? "http" : "https", is_v6 ? "[" : "",
                       options.address, is_v6 ? "]" : "", port());
}

void Server::run() {
    impl_->run();
}

void Server::stop() {
    impl_->stop();
}

}  // namespace harness::web
