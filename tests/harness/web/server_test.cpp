#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <fstream>

#include "harness/base/usage_error.hpp"
#include "harness/store/study_ratings.hpp"
#include "tests/harness/web/loopback.hpp"
#include "tests/harness/web/site.hpp"

using namespace loopback;

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

/// Joins and rates everything over one connection; returns how many submissions were acknowledged.
int rate_all(Client& client, const std::string& token) {
    const std::string joined = client.ask(post("/join", "token=" + token));
    const std::string cookie = "rater=" + site::between(joined, "Set-Cookie: rater=", ";");
    int stored = 0;
    for (int i = 0; i < 100; ++i) {
        const std::string page = client.ask(get("/rate", cookie));
        const std::string item = site::between(page, "name=\"item\" value=\"", "\"");
        if (item.empty()) break;
        const std::string csrf = site::between(page, "name=\"csrf\" value=\"", "\"");
        std::string form = "csrf=";
        form.append(csrf).append("&item=").append(item).append("&value=3");
        const std::string answer = client.ask(post("/rate/submit", form, cookie));
        stored += status(answer) == 303 ? 1 : 0;
    }
    return stored;
}

std::size_t stored_ratings(const std::string& path) {
    const harness::store::Database database(path, harness::store::OpenMode::ReadOnly);
    return harness::store::ratings(database, harness::store::StudyStore(database).find("small").value()).size();
}

}  // namespace

TEST_SUITE("harness.web.server") {
    TEST_CASE("a connection is kept for more than one request") {
        const Running server;
        Client client = server.client();
        for (int i = 0; i < 3; ++i) {
            const std::string response = client.ask(get("/healthz"));
            CHECK(status(response) == 200);
            CHECK(response.ends_with("\r\n\r\nok\n"));
        }
        client.send(get("/healthz") + get("/healthz"));  // pipelined
        CHECK(status(client.response()) == 200);
        CHECK(status(client.response()) == 200);
    }

    TEST_CASE("HEAD tells the length without the body") {
        const Running server;
        Client client = server.client();
        client.send("HEAD /join HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        const std::string response = client.until_closed();
        CHECK(status(response) == 200);
        CHECK(response.ends_with("\r\n\r\n"));
        CHECK(response.find("Content-Length: 0") == std::string::npos);
    }

    TEST_CASE("malformed requests and shapes of smuggling are refused and the connection is closed") {
        const Running server;
        for (const std::string& bad : {
                 std::string("GARBAGE\r\n\r\n"),
                 std::string("GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
                 std::string("GET / HTTP/1.1\r\n\r\n"),
                 std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                 std::string("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                 std::string("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"),
                 std::string("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
                             "chunked\r\n\r\n0\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
                             "5\r\n\r\n0\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                 std::string("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"),
                 std::string("POST /join HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                 std::string("GET / HTTP/1.1\nHost: a\n\n\r\n\r\n"),
                 "GET / HTTP/1.1\r\nHost: a\r\nX\0Y: 1\r\n\r\n"s,
                 std::string("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
                 std::string("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
             }) {
            CAPTURE(bad);
            Client client = server.client();
            client.send(bad + get("/healthz"));  // what a smuggler hopes to be answered
            const std::string answer = client.until_closed();
            CAPTURE(answer);
            CHECK((status(answer) == 400 || status(answer) == 405 || status(answer) == 413));
            CHECK(answer.find("\r\n\r\nok") == std::string::npos);
            CHECK(status(server.client().ask(get("/healthz"))) == 200);
        }
        CHECK(server.log().find("\"reason\":\"malformed\"") != std::string::npos);
    }

    TEST_CASE("a body in chunks is read") {
        const Running server;
        Client client = server.client();
        const std::string head =
            "POST /join HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: "
            "chunked\r\n\r\n";
        CHECK(status(client.ask(head + "6\r\ntoken=\r\n40\r\n" + server.token(0) + "\r\n0\r\n\r\n")) == 303);
    }

    TEST_CASE("headers and bodies that are too large are refused") {
        const Running server;
        CHECK(status(server.client().ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'x') + "\r\n\r\n")) ==
              431);
        CHECK(status(server.client().ask("GET /" + std::string(20000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n")) == 431);
        CHECK(status(server.client().ask(post("/join", std::string(100000, 'x')))) == 413);
        Client chunked = server.client();
        chunked.send("POST /join HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 20; ++i) chunked.send("2000\r\n" + std::string(8192, 'x') + "\r\n");
        CHECK(status(chunked.response()) == 413);
    }

    TEST_CASE("a client that sends its header byte by byte is cut off while others go on") {
        const Running server(5, {.header_time = 300ms, .body_time = 300ms});
        std::vector<Client> slow;
        slow.reserve(20);
        for (int i = 0; i < 20; ++i) slow.push_back(server.client());
        for (Client& client : slow) client.send("GET / HTT");
        Client slow_body = server.client();
        slow_body.send("POST /join HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\ntok");
        for (int i = 0; i < 5; ++i) {
            CHECK(status(server.client().ask(get("/healthz"))) == 200);
            for (Client& client : slow) client.send("P");
        }
        for (Client& client : slow) CHECK(client.until_closed().empty());
        CHECK(slow_body.until_closed().empty());
        CHECK(server.log().find("\"reason\":\"too_slow\"") != std::string::npos);
    }

    TEST_CASE("a kept connection that asks nothing is closed after its time") {
        const Running server(5, {.idle_time = 100ms});
        Client client = server.client();
        CHECK(status(client.ask(get("/healthz"))) == 200);
        CHECK(client.until_closed().empty());
    }

    TEST_CASE("connections above the limit are closed and those below go on") {
        const Running server(5, {.connections_per_address = 3});
        std::vector<Client> kept;
        for (int i = 0; i < 3; ++i) {
            kept.push_back(server.client());
            CHECK(status(kept.back().ask(get("/healthz"))) == 200);
        }
        CHECK(server.client().ask(get("/healthz")).empty());
        CHECK(status(kept.front().ask(get("/healthz"))) == 200);
    }

    TEST_CASE("fifty raters at once rate everything and no item gets more than three ratings that count") {
        const Running server(40);
        std::atomic<int> stored = 0;
        std::vector<std::thread> raters;
        for (std::size_t i = 0; i < 50; ++i) {
            raters.emplace_back([&, i] {
                Client client = server.client();
                stored += rate_all(client, server.token(i));
            });
        }
        for (std::thread& rater : raters) rater.join();
        CHECK(stored == 120);
        const harness::store::Database database(server.path(), harness::store::OpenMode::ReadOnly);
        const auto study = harness::store::StudyStore(database).find("small").value();
        std::map<std::uint64_t, int> counted;
        for (const auto& rating : harness::store::ratings(database, study))
            counted[rating.item] += rating.standing == harness::store::RatingStanding::Counted ? 1 : 0;
        CHECK(counted.size() == 40);
        for (const auto& [item, ratings] : counted) CHECK(ratings == 3);
    }

    TEST_CASE("a server that is stopped answers what is under way and keeps every rating") {
        Running server(5);
        Client idle = server.client();
        CHECK(status(idle.ask(get("/healthz"))) == 200);
        Client client = server.client();
        CHECK(rate_all(client, server.token(0)) == 5);
        client.send(get("/healthz"));
        server.stop();
        CHECK(idle.until_closed().empty());
        CHECK(stored_ratings(server.path()) == 5);
    }

    TEST_CASE("a session outlives a restart of the server") {
        Running server(5);
        const std::string joined = server.client().ask(post("/join", "token=" + server.token(0)));
        const std::string cookie = "rater=" + site::between(joined, "Set-Cookie: rater=", ";");
        const std::string before = server.client().ask(get("/rate", cookie));
        server.stop();
        server.start({}, {.address = {}, .session = {}, .sign_in = {}});
        const std::string after = server.client().ask(get("/rate", cookie));
        for (const char* field : {"name=\"csrf\" value=\"", "name=\"item\" value=\""})
            CHECK(site::between(before, field, "\"") == site::between(after, field, "\""));
    }

    TEST_CASE("the lead's page is told of a rating while it is open") {
        const Running server(5, {.event_time = 20ms});
        const std::string signed_in = server.client().ask(post("/lead/sign-in", "passphrase=correct+horse+battery"));
        const std::string cookie = "lead=" + site::between(signed_in, "Set-Cookie: lead=", ";");
        Client live = server.client();
        live.send(get("/lead/events", cookie));
        while (live.received().find("0 of 15 (0%)") == std::string::npos && live.more()) {
        }
        Client client = server.client();
        CHECK(rate_all(client, server.token(0)) == 5);
        while (live.received().find("5 of 15 (33%)") == std::string::npos && live.more()) {
        }
        CHECK(live.received().find("Content-Type: text/event-stream") != std::string::npos);
        CHECK(live.received().find("5 of 15 (33%)") != std::string::npos);
    }

    TEST_CASE("the access log has routes and no tokens or cookies or texts") {
        const Running server(5);
        Client client = server.client();
        client.ask(get("/join/" + server.token(0)));
        rate_all(client, server.token(0));
        const std::string log = server.log();
        CHECK(log.find("\"route\":\"/join/*\",\"status\":200") != std::string::npos);
        CHECK(log.find("\"method\":\"POST\",\"route\":\"/rate/submit\",\"status\":303") != std::string::npos);
        CHECK(log.find(server.token(0)) == std::string::npos);
        CHECK(log.find("rater=") == std::string::npos);
        CHECK(log.find("prompt") == std::string::npos);
    }

    TEST_CASE("a port that is taken is a wrong call") {
        const Running server;
        CHECK_THROWS_AS(harness::web::Server({.database = server.path(),
                                              .study = "small",
                                              .port = server.port(),
                                              .app = {.passphrase = "correct horse battery"}}),
                        harness::base::UsageError);
    }

    TEST_CASE("a certificate that cannot be read is a wrong call") {
        const Running server;
        CHECK_THROWS_AS(harness::web::Server({.database = server.path(),
                                              .study = "small",
                                              .port = 0,
                                              .tls_certificate = server.path(),
                                              .tls_key = server.path(),
                                              .app = {.passphrase = "correct horse battery"}}),
                        harness::base::UsageError);
    }
}
