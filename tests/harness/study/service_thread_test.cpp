#include <doctest/doctest.h>

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/study/service_thread.hpp"
#include "tests/harness/study/small_study.hpp"
#include "tests/support/child.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::study;
using harness::store::Database;
using harness::store::OpenMode;
using harness::store::RaterSessionRow;
using harness::store::Rating;
using small_study::pairwise;

namespace {

void make_study(const std::string& path, const Definition& definition, std::size_t items) {
    const Database database(path, OpenMode::Create);
    small_study::add(database, definition, items);
}

std::vector<Rating> ratings_in(const std::string& path) {
    const Database database(path, OpenMode::ReadOnly);
    return harness::store::ratings(database, harness::store::StudyStore(database).find("small").value());
}

RaterSessionRow new_session(ServiceThread& thread) {
    return thread.ask([](StudyService& service) {
        return service.begin_session(service.invite(1, "").front().token).value().session;
    });
}

/// Rates until nothing is left; calls `stored` with the id of each acknowledged item.
template <class Stored>
void rate_all(ServiceThread& thread, const RaterSessionRow& session, const Stored& stored) {
    for (;;) {
        const Page page = thread.ask([&](StudyService& service) { return service.current(session); });
        if (!page.item) return;
        const auto result = thread.ask(
            [&](StudyService& service) { return service.submit(session, page.item->id, {.value = 4}, "", 1); });
        if (result.outcome == SubmitOutcome::Stored) stored(page.item->id);
    }
}

std::size_t kills_wanted() {
    const char* text = std::getenv("BELLWETHER_KILLS");
    return text == nullptr ? 6 : std::strtoul(text, nullptr, 10);
}

/// A child that rates and writes each acknowledged id to the pipe, 32 bytes at a time.
pid_t start_rater(const std::string& path, const RaterSessionRow& session, int pipe) {
    return start_child([&] {
        ServiceThread thread(path, "small");
        rate_all(thread, session, [pipe](const std::string& id) {
            if (write(pipe, id.data(), id.size()) != static_cast<ssize_t>(id.size())) _exit(1);
        });
        return 0;
    });
}

}  // namespace

TEST_SUITE("harness.study") {
    TEST_CASE("many threads rate at once and every item has exactly its ratings") {
        const Temporary folder;
        const std::string path = folder / "a.sqlite";
        make_study(path, pairwise(3), 40);
        std::atomic<std::size_t> stored = 0;
        {
            ServiceThread thread(path, "small");
            std::vector<std::thread> raters(8);
            for (std::thread& rater : raters) {
                rater = std::thread([&thread, &stored, session = new_session(thread)] {
                    rate_all(thread, session, [&stored](const std::string&) { ++stored; });
                });
            }
            for (std::thread& rater : raters) rater.join();
        }
        CHECK(stored == 120);
        const std::vector<Rating> ratings = ratings_in(path);
        CHECK(ratings.size() == 120);
        for (const Rating& rating : ratings) CHECK(rating.standing == harness::store::RatingStanding::Counted);
    }

    TEST_CASE("a call that fails is undone alone and the others of its transaction are kept") {
        const Temporary folder;
        make_study(folder / "a.sqlite", pairwise(3), 4);
        ServiceThread thread(folder / "a.sqlite", "small");
        std::vector<std::thread> callers;
        callers.reserve(20);
        std::atomic<int> failed = 0;
        for (int i = 0; i < 20; ++i) {
            callers.emplace_back([&thread, &failed, i] {
                try {
                    thread.ask([i](StudyService& service) {
                        service.invite(1, std::to_string(i));
                        if (i % 2 == 0) throw std::runtime_error("no");
                    });
                } catch (const std::runtime_error&) {
                    ++failed;
                }
            });
        }
        for (std::thread& caller : callers) caller.join();
        CHECK(failed == 10);
        const StudyStatus status = thread.ask([](StudyService& service) { return service.status(); });
        CHECK(status.raters.size() == 10);
        for (const RaterStatus& rater : status.raters) CHECK(std::stoi(rater.rater.note) % 2 == 1);
    }

    TEST_CASE("a study that is not there is refused before any thread starts") {
        const Temporary folder;
        make_study(folder / "a.sqlite", pairwise(3), 4);
        CHECK_THROWS_AS(ServiceThread(folder / "a.sqlite", "smal"), harness::base::UsageError);
    }

    TEST_CASE("every acknowledged rating is there after a kill at any time and none is doubled") {
        const Temporary folder;
        const std::string path = folder / "a.sqlite";
        make_study(path, pairwise(1), 3000);
        std::vector<RaterSessionRow> sessions;
        {
            ServiceThread thread(path, "small");
            for (int i = 0; i < 2; ++i) sessions.push_back(new_session(thread));
        }
        std::set<std::string> acknowledged;
        const std::size_t kills = kills_wanted();
        for (std::size_t kill_number = 0; kill_number < kills; ++kill_number) {
            int ends[2] = {};
            REQUIRE(pipe(ends) == 0);
            const pid_t child = start_rater(path, sessions[kill_number % 2], ends[1]);
            close(ends[1]);
            char id[32] = {};
            // The times differ, so that the kill meets every part of a transaction.
            std::size_t before_kill = 3 + 7 * (kill_number % 5);
            while (before_kill-- > 0 && read(ends[0], id, sizeof id) == sizeof id) acknowledged.emplace(id, sizeof id);
            std::this_thread::sleep_for(std::chrono::microseconds(137 * (kill_number % 29)));
            kill(child, SIGKILL);
            end_of(child);
            while (read(ends[0], id, sizeof id) == sizeof id) acknowledged.emplace(id, sizeof id);
            close(ends[0]);
            std::set<std::string> stored;
            for (const Rating& rating : ratings_in(path)) stored.insert(rating.assignment);
            for (const std::string& one : acknowledged) CHECK(stored.contains(one));
            CHECK(stored.size() <= acknowledged.size() + kill_number + 1);
        }
        MESSAGE(kills, " kills, ", acknowledged.size(), " acknowledged ratings");
    }
}
