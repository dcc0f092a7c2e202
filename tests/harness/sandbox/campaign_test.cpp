// Signals at random instants to random processes of a sandbox. BELLWETHER_ATTACKS says how many (12).

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "harness/sandbox/judge.hpp"
#include "harness/sandbox/process_tree.hpp"

using harness::sandbox::Judge;
using harness::sandbox::Outcome;
using harness::sandbox::process_tree;
using harness::sandbox::Verdict;

namespace {

using std::chrono::milliseconds;

constexpr std::array kSignals = {SIGKILL, SIGTERM, SIGHUP, SIGSTOP};

/// How many of each signal were sent.
using Sent = std::map<int, int>;

/// Sends signals to processes below this one until it is told to stop.
void attack(const std::stop_token& stop, unsigned seed, Sent& sent) {
    std::mt19937 random(seed);
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(milliseconds(random() % 1500));
        auto members = process_tree(getpid()).members;
        std::erase(members, getpid());
        if (members.empty()) continue;
        const int signal = kSignals.at(random() % kSignals.size());
        if (kill(members[random() % members.size()], signal) == 0) ++sent[signal];
    }
}

}  // namespace

TEST_SUITE("sandbox.campaign") {
    TEST_CASE("signals from outside change no verdict") {
        const char* asked = std::getenv("BELLWETHER_ATTACKS");
        const int rounds = asked == nullptr ? 12 : std::atoi(asked);
        const Judge judge;
        std::map<Verdict, int> verdicts;
        Sent sent;
        for (int round = 0; round < rounds; ++round) {
            CAPTURE(round);
            const bool right = round % 2 == 0;
            const std::string program =
                std::string("import time\ntime.sleep(0.4)\nassert 1 + 1 == ") + (right ? "2\n" : "3\n");
            Outcome outcome;
            {
                const std::jthread attacker(
                    [round, &sent](const std::stop_token& stop) { attack(stop, 17U + round, sent); });
                outcome = judge.judge({program, 0});
            }
            CAPTURE(outcome.reason);
            ++verdicts[outcome.verdict];
            if (outcome.verdict == Verdict::NotJudged) continue;
            CHECK(outcome.verdict == (right ? Verdict::Passed : Verdict::Failed));
            CHECK_FALSE(outcome.forged);
        }
        for (const int signal : kSignals)
            MESSAGE("SIG", std::string(sigabbrev_np(signal)), " sent ", sent[signal], " times");
        MESSAGE("passed ", verdicts[Verdict::Passed], ", failed ", verdicts[Verdict::Failed], ", not judged ",
                verdicts[Verdict::NotJudged]);
        CHECK(verdicts[Verdict::Passed] + verdicts[Verdict::Failed] > 0);
    }
}
