// Raters' submissions through StudyService on a file: submissions a second and the time from a call to its answer,
// which comes after the commit. study_bench [DATABASE [RATERS [ITEMS]]]; the default database is in the working folder.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/study_store.hpp"
#include "harness/study/build.hpp"
#include "harness/study/service_thread.hpp"

namespace {

using namespace harness::study;
using Time = std::chrono::steady_clock::time_point;

void make_study(const std::string& path, std::size_t items) {
    std::vector<SourcePrompt> prompts;
    for (std::size_t i = 0; i < items; ++i) {
        const auto answer = [i](const char* run) {
            return std::vector<harness::store::StudyAnswerRow>{
                {.variant = run, .run = run, .task = "t", .doc = i, .text = std::string(1000, 'x') + run}};
        };
        prompts.push_back({{{"user", fmt::format("prompt {}", i)}}, "c", {answer("a"), answer("b")}});
    }
    const Definition definition{.name = "bench", .runs = {"a", "b"}, .raters_per_item = 3};
    const BuiltStudy built = build_study(definition, prompts, system_now());
    const harness::store::Database database(path, harness::store::OpenMode::Create);
    harness::store::StudyStore(database).add(built.study, built.items);
}

double milliseconds(Time from) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
}

}  // namespace

int main(int argc, char** argv) {
    const std::string path = argc > 1 ? argv[1] : "study_bench.sqlite";
    const std::size_t raters = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 500;
    const std::size_t items = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 4000;
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
    make_study(path, items);
    std::vector<double> times;  // written by the service's thread only
    std::atomic<std::size_t> answered = 0;
    std::size_t submitted = 0;
    double seconds = 0;
    {
        ServiceThread thread(path, "bench");
        std::vector<harness::store::RaterSessionRow> sessions;
        thread.ask([&](StudyService& service) {
            for (const Invitation& link : service.invite(raters, ""))
                sessions.push_back(service.begin_session(link.token)->session);
        });
        const std::size_t rounds = std::min<std::size_t>(20, items * 3 / raters);
        for (std::size_t round = 0; round < rounds; ++round) {
            std::vector<std::string> open(raters);
            thread.ask([&](StudyService& service) {
                for (std::size_t i = 0; i < raters; ++i) {
                    const Page page = service.current(sessions[i]);
                    if (page.item) open[i] = page.item->id;
                }
            });
            const Time start = std::chrono::steady_clock::now();
            for (std::size_t i = 0; i < raters; ++i) {
                if (open[i].empty()) continue;
                ++submitted;
                // A submission is followed by the next page, as a browser asks for it.
                thread.post(
                    [&, i](StudyService& service) {
                        service.submit(sessions[i], open[i], {.value = 4}, "", 1);
                        service.current(sessions[i]);
                    },
                    [&, start](const std::exception_ptr&) {
                        times.push_back(milliseconds(start));
                        ++answered;
                    });
            }
            while (answered < submitted) std::this_thread::yield();
            seconds += milliseconds(start) / 1000;
        }
    }
    std::sort(times.begin(), times.end());
    fmt::print(
        "{} submissions by {} raters of {} items: {:.0f} a second; answered after {:.1f} ms (median), {:.1f} ms "
        "(99 %) of a burst of {}\n",
        submitted, raters, items, static_cast<double>(submitted) / seconds, times[times.size() / 2],
        times[times.size() * 99 / 100], raters);
    return 0;
}
