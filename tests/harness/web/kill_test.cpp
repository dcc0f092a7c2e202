#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <map>
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

/// What raters were told is stored: assignment and value.
using Acknowledged = std::map<std::string, int>;

/// Rates until the server is gone or nothing is left; adds what was acknowledged.
void rate_until_killed(std::uint16_t port, const std::string& cookie, std::uint64_t seed, Acknowledged& acknowledged) {
    std::mt19937_64 random(seed);
    try {
        Client client(port);
        for (;;) {
            const std::string page = client.ask(get("/rate", cookie));
            const std::string item = site::between(page, "name=\"item\" value=\"", "\"");
            if (item.empty()) return;
            const std::string csrf = site::between(page, "name=\"csrf\" value=\"", "\"");
            const int value = 1 + static_cast<int>(random() % 7);
            const std::string form = fmt::format("csrf={}&item={}&value={}", csrf, item, value);
            if (loopback::status(client.ask(post("/rate/submit", form, cookie))) == 303) acknowledged[item] = value;
        }
    } catch (const std::runtime_error&) {
        // It was killed before this connection was made.
    }
}

void rate_together(std::uint16_t port, const std::vector<std::string>& cookies, std::uint64_t seed,
                   const std::function<void()>& meanwhile, Acknowledged& acknowledged) {
    std::vector<Acknowledged> told(cookies.size());
    std::vector<std::thread> raters;
    for (std::size_t i = 0; i < cookies.size(); ++i)
        raters.emplace_back([&, i] { rate_until_killed(port, cookies[i], seed + i, told[i]); });
    meanwhile();
    for (std::thread& rater : raters) rater.join();
    for (const Acknowledged& one : told) acknowledged.insert(one.begin(), one.end());
}

int number_of_kills() {
    const char* const text = std::getenv("BELLWETHER_KILLS");
    return text == nullptr ? 5 : std::atoi(text);
}

}  // namespace

TEST_SUITE("harness.web.server") {
    TEST_CASE("every rating that a browser was told of is there after the server is killed and none is one too many") {
        constexpr std::uint32_t kRatersPerItem = 2;
        constexpr std::size_t kItemsPerKill = 60;
        const int kills = number_of_kills();
        const std::size_t items = kItemsPerKill * static_cast<std::size_t>(kills);
        const Temporary folder;
        const std::string path = folder / "study.sqlite";
        std::vector<std::string> cookies;
        {
            const harness::store::Database database(path, harness::store::OpenMode::Create);
            small_study::add(database, small_study::pairwise(kRatersPerItem), items);
            harness::study::StudyService service(database, "small");
            for (const auto& link : service.invite(4, ""))
                cookies.push_back("rater=" + service.begin_session(link.token)->secret);
        }
        std::mt19937_64 random(7);
        Acknowledged acknowledged;
        for (int kill = 0; kill < kills; ++kill) {
            ServerProcess server(path);
            const auto pause = std::chrono::milliseconds(50 + random() % 200);
            rate_together(
                server.port(), cookies, random(),
                [&] {
                    std::this_thread::sleep_for(pause);
                    server.kill();
                },
                acknowledged);
        }
        const std::size_t before_the_end = acknowledged.size();
        {
            const ServerProcess server(path);
            rate_together(
                server.port(), cookies, random(), [] {}, acknowledged);
        }
        const harness::store::Database database(path, harness::store::OpenMode::ReadOnly);
        std::map<std::string, std::int64_t> stored;
        std::map<std::uint64_t, std::set<std::string>> raters_of;
        const auto ratings =
            harness::store::ratings(database, harness::store::StudyStore(database).find("small").value());
        for (const auto& rating : ratings) {
            stored[rating.assignment] = rating.shown_value;
            CHECK(rating.standing == harness::store::RatingStanding::Counted);
            CHECK(raters_of[rating.item].insert(rating.rater).second);
        }
        for (const auto& [item, value] : acknowledged) {
            REQUIRE(stored.contains(item));
            CHECK(stored.at(item) == value);
        }
        CHECK(raters_of.size() == items);
        for (const auto& [item, raters] : raters_of) CHECK(raters.size() == kRatersPerItem);
        MESSAGE(kills, " kills, ", before_the_end, " acknowledged ratings before the last, ", ratings.size(),
                " stored");
    }
}
