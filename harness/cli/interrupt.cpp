#include "harness/cli/interrupt.hpp"

#include <fmt/format.h>

#include <csignal>

namespace harness::cli {
namespace {

volatile std::sig_atomic_t caught = 0;

}  // namespace

InterruptWatch::InterruptWatch() {
    caught = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) { caught = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals.at(i), nullptr, &before_.at(i));
        if (before_.at(i).sa_handler != SIG_IGN) ::sigaction(kSignals.at(i), &action, nullptr);
    }
}

InterruptWatch::~InterruptWatch() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals.at(i), &before_.at(i), nullptr);
}

bool InterruptWatch::interrupted() {
    return caught != 0;
}

engine::EngineOptions interruptible(const engine::EngineOptions& engine, ProgressBar& bar) {
    engine::EngineOptions watched = engine;
    watched.before_forward = [&bar](std::uint64_t tokens) {
        bar.beat(fmt::format("{} tokens computed", tokens));
        return !InterruptWatch::interrupted();
    };
    return watched;
}

}  // namespace harness::cli
