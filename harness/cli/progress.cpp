#include "harness/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/cli/text.hpp"

namespace harness::cli {
namespace {

constexpr std::uint64_t kBarCells = 24;
constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kPlainLine{5};

std::string duration(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

ProgressBar::ProgressBar(std::string title, std::string unit)
    : title_(printable(title)), unit_(std::move(unit)), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
    if (drawn_) fmt::print(stderr, "\n");
}

void ProgressBar::update(const std::string& what, std::uint64_t done, std::uint64_t total, std::uint64_t fresh) {
    const Clock::time_point now = Clock::now();
    const bool last = done >= total;
    if (!last && now - last_line_ < (terminal_ ? Clock::duration(kRedraw) : Clock::duration(kPlainLine))) return;
    last_line_ = now;

    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double rate = seconds > 0 ? static_cast<double>(fresh) / seconds : 0;
    const std::string left = rate > 0 ? duration(static_cast<double>(total - std::min(done, total)) / rate) : "?";
    if (terminal_) {
        const std::uint64_t filled = total == 0 ? kBarCells : std::min(kBarCells, done * kBarCells / total);
        fmt::print(stderr, "\r\033[K{} [{}{}] {}/{}  {:.1f} {}/s  {} left  {}", title_, std::string(filled, '#'),
                   std::string(kBarCells - filled, '.'), done, total, rate, unit_, left, printable(what));
        drawn_ = true;
        if (last) {
            fmt::print(stderr, "\n");
            drawn_ = false;
        }
    } else {
        fmt::print(stderr, "{}: {}/{} {}, {:.1f} {}/s, {} left ({})\n", title_, done, total, unit_, rate, unit_, left,
                   printable(what));
    }
    std::fflush(stderr);
}

}  // namespace harness::cli
