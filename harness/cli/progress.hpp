#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/cli/rate.hpp"

namespace harness::cli {

/// Progress of long work, on standard error: one line that is redrawn on a terminal, otherwise a line every few
/// seconds.
class ProgressBar {
public:
    /// `unit` is the noun after a count, such as "items".
    explicit ProgressBar(const std::string& title, std::string unit = "items");
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// Names a step before anything can be counted, such as "opening the model".
    void phase(const std::string& what);
    /// Shows that work on a batch continues; `note` tells its progress.
    void beat(const std::string& note);
    /// `fresh` counts the work of this process only, of which the rate is computed.
    void update(const std::string& what, std::uint64_t done, std::uint64_t total, std::uint64_t fresh);

private:
    using Clock = std::chrono::steady_clock;

    enum class Moment { Whenever, Now };
    /// With Moment::Whenever, shows the line only if the last one is old enough.
    void show(Moment moment);
    std::string counted() const;
    std::string time_left() const;
    void draw() const;

    std::string title_;
    std::string unit_;
    bool terminal_;
    bool drawn_ = false;
    std::string what_;
    std::string note_;
    std::uint64_t done_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t fresh_ = 0;
    Rate rate_;
    Clock::time_point counted_at_ = Clock::now();
    Clock::time_point shown_at_ = counted_at_;
};

/// "1:02:03", "4:05".
std::string clock_text(double seconds);

}  // namespace harness::cli
