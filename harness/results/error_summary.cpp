#include "harness/results/error_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace harness::results {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A message with each of its numbers replaced by a zero byte.
struct Pattern {
    std::string text;
    std::vector<std::uint64_t> numbers;
};

Pattern pattern_of(const std::string& message) {
    constexpr std::size_t kMaxDigits = 18;  // fits into 64 bits; longer numbers are identifiers, not amounts
    Pattern pattern;
    for (std::size_t at = 0; at < message.size();) {
        std::size_t end = at;
        while (end < message.size() && is_digit(message[end])) ++end;
        // A digit inside a word is part of a name.
        const bool inside = at > 0 && (std::isalpha(static_cast<unsigned char>(message[at - 1])) != 0);
        if (end == at || inside || end - at > kMaxDigits) {
            end = std::max(end, at + 1);
            pattern.text += message.substr(at, end - at);
        } else {
            pattern.text += '\0';
            pattern.numbers.push_back(std::stoull(message.substr(at, end - at)));
        }
        at = end;
    }
    return pattern;
}

struct Range {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

struct Reason {
    std::uint64_t items = 0;
    std::uint64_t first_doc = 0;
    std::vector<Range> numbers;
};

std::string text_of(const std::string& pattern, const Reason& reason) {
    std::string text;
    std::size_t next = 0;
    for (const char c : pattern) {
        if (c != '\0' || next == reason.numbers.size()) {
            text += c;
            continue;
        }
        const Range& range = reason.numbers[next++];
        text += range.low == range.high ? std::to_string(range.low) : fmt::format("{} to {}", range.low, range.high);
    }
    return text;
}

}  // namespace

std::vector<reports::data::ErrorView> error_summary(const std::vector<ItemError>& errors) {
    std::map<std::string, Reason> reasons;
    for (const ItemError& error : errors) {
        const Pattern pattern = pattern_of(error.message);
        const auto [found, fresh] = reasons.try_emplace(pattern.text);
        Reason& reason = found->second;
        if (fresh) {
            reason.first_doc = error.doc;
            for (const std::uint64_t number : pattern.numbers) reason.numbers.push_back({number, number});
        }
        reason.items += error.items;
        reason.first_doc = std::min(reason.first_doc, error.doc);
        for (std::size_t i = 0; i < std::min(reason.numbers.size(), pattern.numbers.size()); ++i) {
            reason.numbers[i].low = std::min(reason.numbers[i].low, pattern.numbers[i]);
            reason.numbers[i].high = std::max(reason.numbers[i].high, pattern.numbers[i]);
        }
    }
    std::vector<reports::data::ErrorView> views;
    views.reserve(reasons.size());
    for (const auto& [pattern, reason] : reasons) {
        views.push_back({.reason = text_of(pattern, reason), .items = reason.items, .first_doc = reason.first_doc});
    }
    std::stable_sort(views.begin(), views.end(), [](const auto& a, const auto& b) { return a.items > b.items; });
    return views;
}

}  // namespace harness::results
