#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "harness/web/asio.hpp"

// rating_load PORT RATERS SECONDS PER_SECOND < OUTPUT_OF_WEB_TEST_SERVER: raters with think time at a server on this
// machine, then bursts of one submission by each of them, begun at PER_SECOND; halfway to the next burst they read
// their next page. Prints latencies and counts; ends by itself.
//
//   web_test_server /tmp/load.sqlite pairwise 20000 500 8099 > tokens.txt &
//   rating_load 8099 500 20 2000 < tokens.txt

namespace {

using namespace harness::web;
using net::ip::tcp;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kMinThink(1);
constexpr std::chrono::seconds kMaxThink(4);
constexpr std::size_t kBursts = 5;
/// From the beginning of a burst to that of the next.
constexpr std::chrono::seconds kBurstGap(4);

struct Samples {
    std::vector<double> ms;
    std::size_t failed = 0;

    void print(const char* name, double seconds) {
        std::sort(ms.begin(), ms.end());
        const auto at = [this](double share) {
            return ms.empty() ? 0 : ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
        };
        fmt::print("{:<16} {:>7} ok {:>5} failed {:>8.1f}/s   p50 {:>7.1f} ms   p99 {:>7.1f} ms   max {:>7.1f} ms\n",
                   name, ms.size(), failed, static_cast<double>(ms.size()) / seconds, at(0.5), at(0.99), at(1));
    }
};

struct Load {
    std::uint16_t port = 0;
    Clock::time_point end_of_thinking;
    Clock::time_point burst;
    std::chrono::nanoseconds between = {};
    Samples pages, drafts, submissions, in_burst;
    std::array<Clock::time_point, kBursts> last_in_burst = {};

    Clock::time_point begin_of(std::size_t round) const { return burst + kBurstGap * round; }
    /// Sum over the bursts, each from its beginning to its last answer. [s]
    double seconds_of_bursts() const {
        double seconds = 0;
        for (std::size_t round = 0; round < kBursts; ++round)
            seconds += std::chrono::duration<double>(last_in_burst.at(round) - begin_of(round)).count();
        return seconds;
    }
};

std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const std::size_t begin = text.find(before);
    if (begin == std::string::npos) return "";
    const std::size_t from = begin + before.size();
    return text.substr(from, text.find(after, from) - from);
}

/// A rater with a connection that is kept.
class Rater {
public:
    Rater(net::io_context& network, Load& load, std::size_t number, std::string token)
        : load_(load), stream_(network), timer_(network), number_(number), token_(std::move(token)), random_(number) {}

    net::awaitable<void> work() {
        stream_.connect(tcp::endpoint(net::ip::address_v4::loopback(), load_.port));
        std::string answer = co_await ask(http::verb::post, "/join", "token=" + token_);
        cookie_ = "rater=" + between(answer, "rater=", ";");
        // Practice comes first.
        co_await read_page();
        co_await submit(nullptr);
        while (Clock::now() < load_.end_of_thinking) {
            co_await think();
            const Clock::time_point begun = Clock::now();
            co_await read_page();
            count(load_.pages, begun, !item_.empty());
            co_await think();
            co_await keep(load_.drafts);
            co_await submit(&load_.submissions);
        }
        for (std::size_t round = 0; round < kBursts; ++round) {
            co_await read_page();
            timer_.expires_at(load_.begin_of(round) + load_.between * number_);
            beast::error_code ignored;
            co_await timer_.async_wait(net::redirect_error(net::use_awaitable, ignored));
            co_await submit(&load_.in_burst);
            load_.last_in_burst.at(round) = std::max(load_.last_in_burst.at(round), Clock::now());
            timer_.expires_at(load_.begin_of(round) + kBurstGap / 2);
            co_await timer_.async_wait(net::redirect_error(net::use_awaitable, ignored));
        }
    }

private:
    net::awaitable<void> think() {
        std::uniform_int_distribution<int> pause(milliseconds(kMinThink).count(), milliseconds(kMaxThink).count());
        timer_.expires_after(milliseconds(pause(random_)) / 2);
        beast::error_code ignored;
        co_await timer_.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }

    /// The header's cookies and the body; sets status_.
    net::awaitable<std::string> ask(http::verb method, std::string path, std::string body) {
        http::request<http::string_body> request(method, path, 11);
        request.set(http::field::host, "localhost");
        if (!cookie_.empty()) request.set(http::field::cookie, cookie_);
        if (method == http::verb::post) request.set(http::field::content_type, "application/x-www-form-urlencoded");
        request.body() = std::move(body);
        if (method == http::verb::post) request.prepare_payload();
        co_await http::async_write(stream_, request, net::use_awaitable);
        http::response_parser<http::string_body> parser;
        parser.body_limit(std::uint64_t{8} << 20);
        co_await http::async_read(stream_, buffer_, parser, net::use_awaitable);
        status_ = parser.get().result_int();
        const auto cookie = parser.get()[http::field::set_cookie];
        co_return std::string(cookie.data(), cookie.size()) + parser.get().body();
    }

    net::awaitable<void> read_page() {
        const std::string page = co_await ask(http::verb::get, "/rate", "");
        item_ = between(page, "name=\"item\" value=\"", "\"");
        csrf_ = between(page, "name=\"csrf\" value=\"", "\"");
    }

    net::awaitable<void> keep(Samples& samples) {
        const Clock::time_point begun = Clock::now();
        co_await ask(http::verb::post, "/rate/draft", form());
        count(samples, begun, status_ == 204);
    }

    net::awaitable<void> submit(Samples* samples) {
        const Clock::time_point begun = Clock::now();
        co_await ask(http::verb::post, "/rate/submit", form());
        if (samples != nullptr) count(*samples, begun, status_ == 303);
    }

    std::string form() const { return "csrf=" + csrf_ + "&item=" + item_ + "&value=3&seconds=2&measured=1"; }

    static void count(Samples& samples, Clock::time_point begun, bool is_good) {
        if (is_good)
            samples.ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
        else
            ++samples.failed;
    }

    Load& load_;
    beast::tcp_stream stream_;
    net::steady_timer timer_;
    std::size_t number_;
    std::string token_;
    std::mt19937 random_;
    beast::flat_buffer buffer_;
    std::string cookie_;
    std::string item_;
    std::string csrf_;
    unsigned status_ = 0;
};

void say(std::exception_ptr error) {
    try {
        if (error) std::rethrow_exception(error);
    } catch (const std::exception& known) {
        fmt::print("a rater stopped: {}\n", known.what());
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        fmt::print(stderr, "usage: rating_load PORT RATERS SECONDS PER_SECOND < OUTPUT_OF_WEB_TEST_SERVER\n");
        return 2;
    }
    Load load;
    load.port = static_cast<std::uint16_t>(std::stoul(argv[1]));
    const std::size_t number = std::stoul(argv[2]);
    const auto seconds = std::chrono::seconds(std::stoul(argv[3]));
    load.between = std::chrono::nanoseconds(1000000000 / std::stoul(argv[4]));
    net::io_context network(1);
    std::vector<std::unique_ptr<Rater>> raters;
    for (std::string line; raters.size() < number && std::getline(std::cin, line);) {
        if (line.size() == 64) raters.push_back(std::make_unique<Rater>(network, load, raters.size(), line));
    }
    load.end_of_thinking = Clock::now() + seconds;
    load.burst = load.end_of_thinking + kMaxThink * 2;
    for (const auto& rater : raters) net::co_spawn(network, rater->work(), say);
    network.run();
    const double thinking = static_cast<double>(seconds.count());
    load.pages.print("pages", thinking);
    load.drafts.print("drafts", thinking);
    load.submissions.print("submissions", thinking);
    load.in_burst.print("bursts", load.seconds_of_bursts());
    return 0;
}
