#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>

#include "harness/store/study_ratings.hpp"
#include "tests/harness/web/loopback.hpp"
#include "tests/harness/web/page_texts.hpp"

using namespace loopback;

namespace {

using namespace std::chrono_literals;
using harness::store::Rating;
using harness::store::RatingStanding;

constexpr std::array<const char*, 3> kReasons = {"malformed", "too_large", "too_slow"};
const std::string kForm = "application/x-www-form-urlencoded";

std::string cookie_of(const std::string& joined) {
    return "rater=" + site::between(joined, "Set-Cookie: rater=", ";");
}

/// A rater's page and what is needed to answer it.
struct OpenItem {
    std::string cookie;
    std::string item;
    std::string csrf;

    std::string submission(int value = 3) const {
        return post("/rate/submit", "csrf=" + csrf + "&item=" + item + "&value=" + std::to_string(value), cookie);
    }
};

OpenItem next_item(Client& client, const std::string& cookie) {
    const std::string page = client.ask(get("/rate", cookie));
    return {cookie, site::between(page, "name=\"item\" value=\"", "\""),
            site::between(page, "name=\"csrf\" value=\"", "\"")};
}

OpenItem joined(Client& client, const std::string& token) {
    return next_item(client, cookie_of(client.ask(post("/join", "token=" + token))));
}

std::vector<Rating> ratings_of(const Running& server) {
    const harness::store::Database database(server.path(), harness::store::OpenMode::ReadOnly);
    return harness::store::ratings(database, harness::store::StudyStore(database).find("small").value());
}

/// A client that does harm until it is told to stop. What it sends and how long it waits differ by its number.
void do_harm(std::uint16_t port, int number, const std::atomic<bool>& is_over) {
    const std::string chunked = "POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    while (!is_over) {
        try {
            Client client(port);
            switch (number % 8) {
                case 0: client.send("GARBAGE \x01\xff\r\n\r\n"); break;
                case 1: client.send("GET /" + std::string(100'000, 'x')); break;
                case 2: client.send(post("/join", std::string(1'000'000, 'x'))); break;
                case 3: client.send(chunked + "fffffffffffffffff\r\n"); break;
                case 4:
                    client.send(
                        "POST /rate/submit HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nContent-Length: 0\r\n"
                        "\r\nGET /lead");
                    break;
                case 5:  // slow header
                    for (int i = 0; i < 400 && !is_over; ++i) {
                        client.send("G");
                        client.more(10);
                    }
                    break;
                case 6:  // slow body
                    client.send("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\ntoken=");
                    for (int i = 0; i < 400 && !is_over; ++i) {
                        client.send("0");
                        client.more(10);
                    }
                    break;
                default:  // asks and never reads
                    for (int i = 0; i < 50; ++i) client.send(get("/join"));
                    std::this_thread::sleep_for(20ms);
            }
            client.more(20);
        } catch (const std::runtime_error&) {
            std::this_thread::sleep_for(5ms);  // too many connections of this address
        }
    }
}

}  // namespace

TEST_SUITE("harness.web.hostile") {
    TEST_CASE("raters finish their study while every kind of hostile client is at work") {
        constexpr std::size_t kItems = 30;
        const Running server(kItems, {.header_time = 1000ms, .body_time = 1000ms, .write_time = 1000ms});
        std::atomic<bool> is_over = false;
        std::vector<std::thread> hostile;
        hostile.reserve(16);
        for (int i = 0; i < 16; ++i) hostile.emplace_back([&, i] { do_harm(server.port(), i, is_over); });
        std::atomic<int> stored = 0;
        std::vector<std::thread> raters;
        for (std::size_t i = 0; i < 3; ++i) {
            raters.emplace_back([&, i] {
                Client client = server.client();
                OpenItem item = joined(client, server.token(i));
                for (; !item.item.empty(); item = next_item(client, item.cookie))
                    stored += status(client.ask(item.submission())) == 303 ? 1 : 0;
            });
        }
        for (std::thread& rater : raters) rater.join();
        const auto has_refused_all = [&] {
            const std::string log = server.log();
            return std::all_of(kReasons.begin(), kReasons.end(), [&log](const char* reason) {
                return log.find("\"reason\":\"" + std::string(reason) + "\"") != std::string::npos;
            });
        };
        for (int i = 0; i < 3000 && !has_refused_all(); ++i) std::this_thread::sleep_for(10ms);
        is_over = true;
        for (std::thread& client : hostile) client.join();
        CHECK(stored == 3 * kItems);
        std::map<std::uint64_t, int> counted;
        for (const Rating& rating : ratings_of(server)) {
            CHECK(rating.standing == RatingStanding::Counted);
            ++counted[rating.item];
        }
        CHECK(counted.size() == kItems);
        for (const auto& [item, number] : counted) CHECK(number == 3);
        CHECK(has_refused_all());
    }

    TEST_CASE("paths that climb out of the site or hide characters lead nowhere") {
        const Running server;
        for (const char* path :
             {"/../../../../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
              "/assets/..%2f..%2fetc/passwd", "/assets/%252e%252e/etc/passwd", "/..\\..\\etc\\passwd", "//etc/passwd",
              "/assets/%00", "/rate%00", "/rate/../lead", "/rate/item/..%2f..%2flead", "/./lead", "/lead%2fexport",
              "/rate/item/%2e%2e", "/lead;/export", "/LEAD", "/study.sqlite", "/assets/", "/?/../etc/passwd"}) {
            CAPTURE(path);
            const std::string answer = server.client().ask(get(path));
            CAPTURE(answer);
            const bool is_start = std::string(path).starts_with("/?");
            CHECK((status(answer) == 404 || status(answer) == 403 || (is_start && status(answer) == 200)));
            CHECK(answer.find("root:") == std::string::npos);
            CHECK(answer.find("Passphrase") == std::string::npos);
        }
    }

    TEST_CASE("a link that is sent again opens nothing and a submission that is sent again is the same rating") {
        const Running server;
        Client client = server.client();
        const std::string join = post("/join", "token=" + server.token(0));
        const std::string cookie = cookie_of(client.ask(join));
        CHECK(status(client.ask(join)) == 403);
        CHECK(status(server.client().ask(join)) == 403);
        const OpenItem item = next_item(client, cookie);
        for (int i = 0; i < 3; ++i) CHECK(status(client.ask(item.submission())) == 303);
        CHECK(ratings_of(server).size() == 1);
        CHECK(status(client.ask(post("/rate/leave", "csrf=" + item.csrf, cookie))) == 200);
        CHECK(status(client.ask(item.submission(7))) == 403);
        CHECK(status(client.ask(get("/rate", cookie))) == 403);
        CHECK(ratings_of(server).size() == 1);
        CHECK(ratings_of(server).front().shown_value == 3);
    }

    TEST_CASE("links and cookies and forms of one study's server are worth nothing at another's") {
        const Running here;
        const Running there;
        Client client = there.client();
        CHECK(status(client.ask(post("/join", "token=" + here.token(0)))) == 403);
        Client at_home = here.client();
        const OpenItem item = joined(at_home, here.token(0));
        CHECK(status(client.ask(get("/rate", item.cookie))) == 403);
        CHECK(status(client.ask(item.submission())) == 403);
        // Nor does a rater of both carry an item over.
        OpenItem own = joined(client, there.token(0));
        const std::string theirs = own.item;
        own.item = item.item;
        CHECK(status(client.ask(own.submission())) == 409);
        CHECK(ratings_of(there).empty());
        CHECK(ratings_of(here).empty());
    }

    TEST_CASE("items that were not given to a rater cannot be rated by any name") {
        const Running server;
        Client client = server.client();
        OpenItem own = joined(client, server.token(0));
        const OpenItem other = joined(client, server.token(1));
        const std::string real = own.item;
        std::string near = real;
        near.back() = near.back() == '0' ? '1' : '0';
        for (const std::string& id : {other.item, near, std::string("1"), std::string("0"), std::string("%27+OR+1%3D1"),
                                      std::string(), std::string(32, '0'), std::string("..%2F") + real, real + "%00"}) {
            CAPTURE(id);
            own.item = id;
            CHECK(status(client.ask(own.submission())) == 409);
            for (const char* path : {"/rate/draft", "/rate/renew", "/rate/skip"}) {
                const std::string body = "csrf=" + own.csrf + "&item=" + id + "&value=1&reason=other";
                CHECK(status(client.ask(post(path, body, own.cookie))) == 409);
            }
        }
        CHECK(ratings_of(server).empty());
        own.item = real;
        CHECK(status(client.ask(own.submission())) == 303);
    }

    TEST_CASE("a secret that somebody else chose is never a session") {
        const Running server;
        Client client = server.client();
        const std::string planted = "rater=" + std::string(64, 'a');
        const std::string answer = client.ask(post("/join", "token=" + server.token(0), planted));
        CHECK(status(answer) == 303);
        const std::string own = cookie_of(answer);
        CHECK(own != planted);
        CHECK(status(client.ask(get("/rate", planted))) == 403);
        CHECK(status(client.ask(get("/rate", own + "; " + planted))) == 403);  // which of them is not guessed
        CHECK(status(client.ask(get("/rate", own))) == 200);
        CHECK(status(client.ask(get("/lead/export", own))) == 403);
        CHECK(status(client.ask(get("/lead/export", "lead=" + own.substr(6)))) == 403);
    }

    TEST_CASE("forms need a token of their own session and the right type and a page of this site") {
        const Running server;
        Client client = server.client();
        const OpenItem item = joined(client, server.token(0));
        const OpenItem other = joined(client, server.token(1));
        const std::string fields = "&item=" + item.item + "&value=1";
        for (const std::string& csrf : {other.csrf, std::string(), std::string(64, '0'), item.csrf + "0"}) {
            CHECK(status(client.ask(post("/rate/submit", fmt::format("csrf={}{}", csrf, fields), item.cookie))) == 403);
        }
        const std::string body = "csrf=" + item.csrf + fields;
        const auto sent = [&](const std::string& headers) {
            return status(
                server.client().ask("POST /rate/submit HTTP/1.1\r\nHost: localhost\r\nCookie: " + item.cookie + "\r\n" +
                                    headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
        };
        CHECK(sent("Content-Type: " + kForm + "\r\nOrigin: https://evil.example\r\n") == 403);
        CHECK(sent("Content-Type: " + kForm + "\r\nSec-Fetch-Site: cross-site\r\n") == 403);
        CHECK(sent("Content-Type: " + kForm + "\r\nSec-Fetch-Site: same-site\r\n") == 403);
        CHECK(sent("Content-Type: text/plain\r\n") == 415);
        CHECK(sent("") == 415);
        CHECK(ratings_of(server).empty());
        CHECK(sent("Content-Type: " + kForm + "\r\nSec-Fetch-Site: same-origin\r\n") == 303);
    }

    TEST_CASE("an address in a header is not believed without a proxy") {
        const Running server(5, {}, {.address = {.per_second = 0.001, .burst = 3}, .session = {}, .sign_in = {}});
        int answered = 0;
        for (int i = 0; i < 6; ++i) {
            const std::string number = std::to_string(i);
            const std::string answer = server.client().ask(
                "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2." + number + "\r\n\r\n");
            answered += status(answer) == 200 ? 1 : 0;
        }
        CHECK(answered == 3);
    }
}
