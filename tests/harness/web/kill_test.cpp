#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <random>
#include <set>

#include "harness/store/study_ratings.hpp"
#include "tests/harness/web/loopback.hpp"
#include "tests/harness/web/site.hpp"

namespace {

using namespace std::chrono_literals;
using loopback::Client;
using loopback::get;
using loopback::post;

/// A server in a process of its own.
class ServerProcess {
public:
    explicit ServerProcess(const std::string& database) {
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        child_ = ::fork();
        if (child_ == 0) {
            harness::web::Server server({.database = database,
                                         .study = "small",
                                         .port = 0,
                                         .app = {.passphrase = "correct horse battery",
                                                 .limits = {.address = {}, .session = {}, .sign_in = {}}}});
            const std::uint16_t port = server.port();
            if (::write(ends[1], &port, sizeof port) != sizeof port) ::_exit(1);
            server.run();
            ::_exit(0);
        }
        ::close(ends[1]);
        REQUIRE(::read(ends[0], &port_, sizeof port_) == sizeof port_);
        ::close(ends[0]);
    }
    ServerProcess(const ServerProcess&) = delete;
    ~ServerProcess() { kill(); }

    void kill() {
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(std::exchange(child_, 0), nullptr, 0);
    }
    std::uint16_t port() const { return port_; }

private:
    pid_t child_ = 0;
    std::uint16_t port_ = 0;
};

/// Rates until the server is gone; adds what was acknowledged.
void rate_until_killed(std::uint16_t port, const std::string& cookie, std::set<std::string>& acknowledged) {
    try {
        Client client(port);
        for (;;) {
            const std::string page = client.ask(get("/rate", cookie));
            const std::string item = site::between(page, "name=\"item\" value=\"", "\"");
            if (item.empty()) return;
            const std::string csrf = site::between(page, "name=\"csrf\" value=\"", "\"");
            const std::string answer =
                client.ask(post("/rate/submit", "csrf=" + csrf + "&item=" + item + "&value=3", cookie));
            if (loopback::status(answer) == 303) acknowledged.insert(item);
        }
    } catch (const std::runtime_error&) {
        // It was killed before this connection was made.
    }
}

int number_of_kills() {
    const char* const text = std::getenv("BELLWETHER_KILLS");
    return text == nullptr ? 5 : std::atoi(text);
}

}  // namespace

TEST_SUITE("harness.web.server") {
    TEST_CASE("every rating that a browser was told of is there after the server is killed") {
        constexpr std::size_t kRaters = 3;
        const Temporary folder;
        const std::string path = folder / "study.sqlite";
        std::vector<std::string> cookies;
        {
            const harness::store::Database database(path, harness::store::OpenMode::Create);
            small_study::add(database, small_study::pairwise(), 5000);
            harness::study::StudyService service(database, "small");
            for (const auto& link : service.invite(kRaters, ""))
                cookies.push_back("rater=" + service.begin_session(link.token)->secret);
        }
        std::mt19937 random(7);
        std::set<std::string> acknowledged;
        for (int kill = 0; kill < number_of_kills(); ++kill) {
            ServerProcess server(path);
            std::vector<std::set<std::string>> told(kRaters);
            std::vector<std::thread> raters;
            for (std::size_t i = 0; i < kRaters; ++i)
                raters.emplace_back([&, i] { rate_until_killed(server.port(), cookies[i], told[i]); });
            std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 200));
            server.kill();
            for (std::thread& rater : raters) rater.join();
            for (const auto& items : told) acknowledged.insert(items.begin(), items.end());
        }
        const harness::store::Database database(path, harness::store::OpenMode::ReadOnly);
        std::set<std::string> stored;
        for (const auto& rating :
             harness::store::ratings(database, harness::store::StudyStore(database).find("small").value()))
            stored.insert(rating.assignment);
        CHECK(acknowledged.size() > 0);
        for (const std::string& item : acknowledged) CHECK(stored.contains(item));
    }
}
