#include "engine/base/bus_errors.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <initializer_list>
#include <stop_token>
#include <thread>

namespace {

/// A thread that blocks all signals but some, as drivers' threads do, and looks at what it blocks.
class Blocking {
public:
    Blocking(std::initializer_list<int> but)
        : thread_([this, but](const std::stop_token& stop) {
              sigset_t blocked;
              sigfillset(&blocked);
              for (const int signal : but) sigdelset(&blocked, signal);
              pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
              started_ = true;
              while (!stop.stop_requested()) {
                  sigset_t now;
                  pthread_sigmask(SIG_SETMASK, nullptr, &now);
                  blocks_ = sigismember(&now, SIGBUS) != 0;
                  blocks_others_ = sigismember(&now, SIGUSR1) != 0 && sigismember(&now, SIGINT) != 0;
                  usleep(1000);
              }
          }) {
        while (!started_) usleep(1000);
    }
    bool blocks() const { return blocks_; }
    bool blocks_others() const { return blocks_others_; }

private:
    std::atomic<bool> started_ = false, blocks_ = true, blocks_others_ = true;
    std::jthread thread_;
};

}  // namespace

TEST_SUITE("engine.base") {
    TEST_CASE("threads that block all but a few signals receive bus errors afterwards and still block the others") {
        const Blocking one({SIGSYS, SIGSEGV});
        const Blocking other({SIGSYS});
        CHECK(engine::base::unblock_bus_errors());
        usleep(50'000);
        CHECK_FALSE(one.blocks());
        CHECK_FALSE(other.blocks());
        CHECK(one.blocks_others());
        CHECK(other.blocks_others());
    }

    TEST_CASE("a thread that blocks all signals is reported") {
        {
            const Blocking deaf({});
            CHECK_FALSE(engine::base::unblock_bus_errors());
        }
        CHECK(engine::base::unblock_bus_errors());
    }
}
