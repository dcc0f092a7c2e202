#include "harness/web/connection.hpp"

#include <fmt/format.h>

#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "harness/web/log_line.hpp"
#include "harness/web/request_reading.hpp"

// Coroutines here are named functions without capturing lambdas: GCC 12 destroys such captures twice.
namespace harness::web {
namespace {

using Clock = std::chrono::steady_clock;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kReadSize = 4096;
constexpr std::size_t kDrained = std::size_t{256} << 10;  ///< of a refused request, so that its sender reads the answer
constexpr std::chrono::seconds kDrainTime(1);
constexpr int kHeartbeatTicks = 15;

std::optional<Response> refusal_of(const beast::error_code& error) {
    if (error == http::error::header_limit) return plain(431, "The header is too large.");
    if (error == http::error::body_limit) return plain(413, "The body is too large.");
    const bool is_malformed = error.category() == http::make_error_code(http::error::bad_method).category() &&
                              error != http::error::end_of_stream && error != http::error::partial_message;
    if (is_malformed) return plain(400, "This is no well-formed HTTP request.");
    return std::nullopt;
}

Refusal reason_of(unsigned status) {
    return status == 413 || status == 431 ? Refusal::TooLarge : Refusal::Malformed;
}

/// A connection over TCP or TLS.
template <class Stream>
class Connection {
public:
    static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

    Connection(Stream stream, Hub& hub, const std::string& address)
        : stream_(std::move(stream)), hub_(hub), limits_(hub.options.limits), address_(address) {}

    net::awaitable<void> run() {
        if constexpr (kIsTls) {
            beast::error_code error;
            lowest().expires_after(limits_.header_time);
            co_await stream_.async_handshake(net::ssl::stream_base::server,
                                             net::redirect_error(net::use_awaitable, error));
            if (error) co_return;
        }
        while (is_open_ && !hub_.is_stopping) {
            const bool has_begun = co_await wait_for_request();
            if (has_begun) co_await answer_next();
        }
        co_await close();
    }

private:
    PlainStream& lowest() { return beast::get_lowest_layer(stream_); }

    /// Until the first byte: nothing is owed to a client that only keeps the connection.
    net::awaitable<bool> wait_for_request() {
        if (buffer_.size() > 0) co_return true;
        beast::error_code error;
        lowest().expires_after(is_first_ ? limits_.header_time : limits_.idle_time);
        is_first_ = false;
        hub_.idle.insert(&lowest());
        const std::size_t got = co_await stream_.async_read_some(buffer_.prepare(kReadSize),
                                                                 net::redirect_error(net::use_awaitable, error));
        hub_.idle.erase(&lowest());
        buffer_.commit(got);
        is_open_ = !error;
        co_return is_open_;
    }

    net::awaitable<void> answer_next() {
        Parser parser;
        parser.header_limit(limits_.header_bytes);
        parser.body_limit(limits_.body_bytes);
        beast::error_code error;
        lowest().expires_after(limits_.header_time);
        co_await http::async_read_header(stream_, buffer_, parser, net::redirect_error(net::use_awaitable, error));
        std::optional<Response> refusal;
        if (!error) refusal = refusal_of_header(parser);
        if (!error && !refusal && !parser.is_done()) {
            lowest().expires_after(limits_.body_time);
            co_await http::async_read(stream_, buffer_, parser, net::redirect_error(net::use_awaitable, error));
        }
        if (error == beast::error::timeout) hub_.refuse(Refusal::TooSlow, address_);
        if (error) refusal = refusal_of(error);
        if (refusal) {
            co_await refuse(std::move(*refusal));
        } else if (error) {
            is_open_ = false;
        } else {
            co_await answer(parser.release());
        }
    }

    static std::optional<Response> refusal_of_header(const Parser& parser) {
        const auto& header = parser.get();
        if (!is_known_method(header.method())) {
            Response response = plain(405, "Known methods: GET, HEAD, POST.");
            response.headers.emplace_back("Allow", "GET, HEAD, POST");
            return response;
        }
        if (auto mistake = mistake_in_header(header)) return plain(400, std::move(*mistake));
        return std::nullopt;
    }

    net::awaitable<void> answer(Message message) {
        const Clock::time_point begun = Clock::now();
        const http::verb method = message.method();
        const unsigned version = message.version();
        is_open_ = message.keep_alive();
        const Request request = request_of(std::move(message), address_, hub_.options.proxy, kIsTls);
        Work work = hub_.app.work(request, begun);
        const std::string_view route = work.route;
        const auto pending = hub_.answering.begin(std::move(work), stream_.get_executor());
        beast::error_code arrived;
        co_await pending->arrived.async_wait(net::redirect_error(net::use_awaitable, arrived));
        Response response = std::move(pending->response);
        if (method == http::verb::head) response.events = {};
        if (response.events && hub_.event_streams >= limits_.event_streams)
            response = plain(503, "Too many pages are live.");
        App::add_headers(response);
        is_open_ = is_open_ && !hub_.is_stopping;
        const Served served{.address = request.address,
                            .method = std::string_view(http::to_string(method).data(), http::to_string(method).size()),
                            .route = route,
                            .status = response.status,
                            .bytes = response.body.size(),
                            .time = Clock::now() - begun,
                            .error = pending->error};
        hub_.app.metrics().add_request(route, response.status, served.time);
        hub_.log(request_line(served));
        if (response.events) {
            co_await send_events(std::move(response), version);
        } else {
            co_await send(std::move(response), version, method == http::verb::head);
        }
    }

    template <class Body>
    http::response<Body> head_of(const Response& response, unsigned version) const {
        http::response<Body> head(static_cast<http::status>(response.status), version);
        head.set(http::field::content_type, response.content_type);
        for (const auto& [name, value] : response.headers) head.insert(name, value);
        head.keep_alive(is_open_);
        return head;
    }

    net::awaitable<void> send(Response response, unsigned version, bool is_head) {
        auto message = head_of<http::string_body>(response, version);
        if (response.status == 204) message.erase(http::field::content_type);
        if (response.status != 204) message.content_length(response.body.size());
        if (!is_head) message.body() = std::move(response.body);
        beast::error_code error;
        lowest().expires_after(limits_.write_time);
        co_await http::async_write(stream_, message, net::redirect_error(net::use_awaitable, error));
        is_open_ = is_open_ && !error;
    }

    net::awaitable<void> refuse(Response response) {
        hub_.refuse(reason_of(response.status), address_);
        is_open_ = false;
        App::add_headers(response);
        co_await send(std::move(response), 11, false);
        beast::error_code error;
        lowest().socket().shutdown(net::ip::tcp::socket::shutdown_send, error);
        lowest().expires_after(kDrainTime);
        std::size_t drained = 0;
        while (!error && drained < kDrained) {
            buffer_.clear();
            const std::size_t got = co_await stream_.async_read_some(buffer_.prepare(kReadSize),
                                                                     net::redirect_error(net::use_awaitable, error));
            drained += got;
        }
    }

    net::awaitable<void> send_events(Response response, unsigned version) {
        is_open_ = false;
        auto head = head_of<http::empty_body>(response, version);
        http::response_serializer<http::empty_body> serializer(head);
        beast::error_code error;
        lowest().expires_after(limits_.write_time);
        co_await http::async_write_header(stream_, serializer, net::redirect_error(net::use_awaitable, error));
        ++hub_.event_streams;
        net::steady_timer tick(stream_.get_executor());
        for (int ticks = 0; !error && !hub_.is_stopping; ++ticks) {
            const auto pending = hub_.answering.begin_event(response.events, stream_.get_executor());
            beast::error_code ignored;
            co_await pending->arrived.async_wait(net::redirect_error(net::use_awaitable, ignored));
            if (pending->response.status != 200) break;
            std::string text;
            if (!pending->response.body.empty()) text = fmt::format("data: {}\n\n", pending->response.body);
            if (text.empty() && ticks % kHeartbeatTicks == 0) text = ":\n\n";  // finds out who has gone
            lowest().expires_after(limits_.write_time);
            if (!text.empty())
                co_await net::async_write(stream_, net::buffer(text), net::redirect_error(net::use_awaitable, error));
            lowest().expires_never();
            tick.expires_after(limits_.event_time);
            co_await tick.async_wait(net::redirect_error(net::use_awaitable, ignored));
        }
        --hub_.event_streams;
    }

    net::awaitable<void> close() {
        beast::error_code error;
        if constexpr (kIsTls) {
            lowest().expires_after(kDrainTime);
            co_await stream_.async_shutdown(net::redirect_error(net::use_awaitable, error));
        }
        lowest().socket().shutdown(net::ip::tcp::socket::shutdown_both, error);
        co_return;
    }

    Stream stream_;
    Hub& hub_;
    const ConnectionLimits& limits_;
    const std::string& address_;
    beast::flat_buffer buffer_;
    bool is_open_ = true;
    bool is_first_ = true;
};

std::string address_of(const net::ip::tcp::socket& socket) {
    beast::error_code error;
    const auto peer = socket.remote_endpoint(error);
    return error ? "unknown" : peer.address().to_string();
}

template <class Stream>
net::awaitable<void> serve(Stream stream, Hub& hub) {
    const Seat seat(hub, address_of(beast::get_lowest_layer(stream).socket()));
    if (!seat.is_free()) {
        hub.refuse(Refusal::Connections, seat.address());
        co_return;
    }
    try {
        Connection<Stream> connection(std::move(stream), hub, seat.address());
        co_await connection.run();
    } catch (const std::exception& error) {
        hub.log(event_line("connection failed", seat.address(), error.what()));
    }
}

}  // namespace

void Hub::refuse(Refusal reason, const std::string& address) const {
    app.metrics().add_refusal(reason);
    log(event_line("refused", address, to_string(reason)));
}

Seat::Seat(Hub& hub, std::string address) : hub_(hub), address_(std::move(address)) {
    ++hub_.connections;
    ++hub_.by_address[address_];
    hub_.app.metrics().connection_opened();
}

Seat::~Seat() {
    --hub_.connections;
    if (--hub_.by_address[address_] == 0) hub_.by_address.erase(address_);
    hub_.app.metrics().connection_closed();
    if (hub_.connections == 0 && hub_.is_stopping && hub_.on_last_closed) hub_.on_last_closed();
}

bool Seat::is_free() const {
    const ConnectionLimits& limits = hub_.options.limits;
    // All connections of a proxy come from its address.
    const bool is_one_of_many =
        hub_.options.proxy == Proxy::None && hub_.by_address.at(address_) > limits.connections_per_address;
    return hub_.connections <= limits.connections && !is_one_of_many;
}

net::awaitable<void> serve_plain(net::ip::tcp::socket socket, Hub& hub) {
    co_await serve(PlainStream(std::move(socket)), hub);
}

net::awaitable<void> serve_tls(net::ip::tcp::socket socket, net::ssl::context& tls, Hub& hub) {
    co_await serve(TlsStream(PlainStream(std::move(socket)), tls), hub);
}

}  // namespace harness::web
