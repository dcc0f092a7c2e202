#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/cli/rate.hpp"

namespace harness::cli {

/// Progress of long work on standard error: on a terminal one line that is redrawn, elsewhere a line every few seconds.
class ProgressBar {
public:
    /// `unit` is what is counted, as it follows a number.
    explicit ProgressBar(const std::string& title, std::string unit = "items");
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// What is being done before anything can be counted, such as "opening the model".
    void phase(const std::string& what);
    /// Shows that a batch is being worked on: `note` says how far it is.
    void beat(const std::string& note);
    /// `fresh` counts what this process did; the rate comes from it alone.
    void update(const std::string& what, std::uint64_t done, std::uint64_t total, std::uint64_t fresh);

private:
    using Clock = std::chrono::steady_clock;

    enum class Moment { Whenever, Now };
    /// Shows the line unless the last one is too recent.
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
