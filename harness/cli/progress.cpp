#include "harness/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "harness/cli/print.hpp"
#include "harness/cli/terminal.hpp"
#include "reports/text/plain_text.hpp"

namespace harness::cli {
namespace {

constexpr std::uint64_t kMaxBarCells = 24;
constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kPlainLine{5};

}  // namespace

std::string clock_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

ProgressBar::ProgressBar(const std::string& title, std::string unit)
    : title_(visible_line(title)), unit_(std::move(unit)), terminal_(is_terminal(Stream::Error)) {}

ProgressBar::~ProgressBar() {
    if (drawn_) print_error("\n");
}

void ProgressBar::phase(const std::string& what) {
    what_ = visible_line(what);
    counted_at_ = Clock::now();
    show(Moment::Now);
}

void ProgressBar::beat(const std::string& note) {
    note_ = visible_line(note);
    show(Moment::Whenever);
}

void ProgressBar::update(const std::string& what, std::uint64_t done, std::uint64_t total, std::uint64_t fresh) {
    const Clock::time_point now = Clock::now();
    if (fresh > fresh_) {
        rate_.add(fresh - fresh_, std::chrono::duration<double>(now - counted_at_).count());
        counted_at_ = now;
    }
    what_ = visible_line(what);
    note_.clear();
    done_ = done;
    total_ = total;
    fresh_ = fresh;
    const bool last = done >= total;
    show(last ? Moment::Now : Moment::Whenever);
    if (last && drawn_) {
        print_error("\n");
        drawn_ = false;
    }
}

void ProgressBar::show(Moment moment) {
    const Clock::time_point now = Clock::now();
    const auto pause = terminal_ ? Clock::duration(kRedraw) : Clock::duration(kPlainLine);
    if (moment == Moment::Whenever && now - shown_at_ < pause) return;
    if (!terminal_ && total_ == 0 && moment == Moment::Now) return;  // phases alone are noise in a log file
    shown_at_ = now;
    if (terminal_) {
        draw();
        drawn_ = true;
    } else {
        print_error("{}: {}\n", title_, counted());
    }
    std::fflush(stderr);
}

std::string ProgressBar::time_left() const {
    const double rate = rate_.per_second();
    if (rate <= 0) return "";
    return clock_text(static_cast<double>(total_ - std::min(done_, total_)) / rate) + " left";
}

std::string ProgressBar::counted() const {
    std::string text = total_ == 0 ? "" : fmt::format("{}/{} {}", done_, total_, unit_);
    const auto add = [&text](const std::string& part) {
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    };
    if (rate_.per_second() > 0) add(fmt::format("{:.1f} {}/s", rate_.per_second(), unit_));
    if (total_ != 0) add(time_left());
    add(what_);
    add(note_);
    return text;
}

void ProgressBar::draw() const {
    constexpr std::size_t kUsualWidth = 80;
    // One column stays free: a terminal that wraps at the last column could not redraw the line.
    const std::size_t width = terminal_width(Stream::Error).value_or(kUsualWidth) - 1;
    std::string line = title_;
    if (total_ != 0) {
        const std::uint64_t cells = std::min<std::uint64_t>(kMaxBarCells, width / 4);
        const std::uint64_t filled = std::min(cells, done_ * cells / total_);
        line += fmt::format(" [{}{}]", std::string(filled, '#'), std::string(cells - filled, '.'));
    }
    line += " " + counted();
    print_error("\r\033[K{}", Trusted{reports::text::shortened(line, width)});
}

}  // namespace harness::cli
