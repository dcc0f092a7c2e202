#pragma once

#include <signal.h>

#include <array>

#include "engine/language_model.hpp"
#include "harness/cli/progress.hpp"

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

/// Options of a model that shows its work on the bar and stops before the next forward pass after a signal. The bar
/// must outlive the model.
engine::EngineOptions interruptible(const engine::EngineOptions& engine, ProgressBar& bar);

}  // namespace harness::cli
