#pragma once

#include <signal.h>

#include <array>

namespace harness::cli {

/// Catches the first Ctrl-C or SIGTERM while this object exists; the second one kills the process. A process that was
/// started with a signal ignored (`nohup`, a script's background job) keeps ignoring it. One at a time.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    /// Whether a signal was caught since the object was made.
    static bool interrupted();

private:
    static constexpr std::array kSignals = {SIGINT, SIGTERM};
    std::array<struct sigaction, kSignals.size()> before_ = {};
};

}  // namespace harness::cli
