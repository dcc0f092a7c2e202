#include "harness/cli/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using Words = std::vector<std::string>;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
    return text;
}

bool truth_of(const Words& words) {
    if (words.empty()) return true;
    const std::string word = lower(words.back());
    for (const char* yes : {"true", "yes", "on", "1"}) {
        if (word == yes) return true;
    }
    for (const char* no : {"false", "no", "off", "0"}) {
        if (word == no) return false;
    }
    throw ValueError(fmt::format("expected true or false, got '{}'", words.back()));
}

double real_number_of(const std::string& word, double min, double max) {
    double value = 0;
    const char* const end = word.data() + word.size();
    const auto [next, error] = std::from_chars(word.data(), end, value);
    if (error != std::errc() || next != end || !std::isfinite(value) || value < min || value > max) {
        throw ValueError(std::isinf(max)
                             ? fmt::format("expected a number of at least {:g}, got '{}'", min, word)
                             : fmt::format("expected a number from {:g} to {:g}, got '{}'", min, max, word));
    }
    return value;
}

struct Element {
    std::string text;
    bool quoted = false;
};

/// The elements of a comma list. An unclosed quote is part of the text.
std::vector<Element> split_list(const std::string& word) {
    std::vector<Element> elements(1);
    bool quoted = false;
    for (std::size_t at = 0; at < word.size(); ++at) {
        Element& element = elements.back();
        const bool opens =
            !quoted && element.text.empty() && word[at] == '"' && word.find('"', at + 1) != std::string::npos;
        if (opens || (quoted && word[at] == '"')) {
            quoted = opens;
            element.quoted = true;
        } else if (!quoted && word[at] == ',') {
            elements.emplace_back();
        } else {
            element.text += word[at];
        }
    }
    return elements;
}

/// The files of a list: neighbouring elements that only together name an existing file are joined.
Words list_files(const std::string& word) {
    const std::vector<Element> elements = split_list(word);
    Words files;
    for (std::size_t first = 0; first < elements.size();) {
        std::string joined = elements[first].text;
        std::string file = joined;
        std::size_t next = first + 1;
        for (std::size_t i = next; i < elements.size() && !elements[first].quoted && !elements[i].quoted; ++i) {
            joined += "," + elements[i].text;
            std::error_code ignored;
            if (!std::filesystem::exists(joined, ignored)) continue;
            file = joined;
            next = i + 1;
        }
        if (!file.empty()) files.push_back(std::move(file));
        first = next;
    }
    return files;
}

}  // namespace

Reader any_text(std::string& value) {
    return [&value](const Words& words) { value = words.back(); };
}

Reader any_text(std::optional<std::string>& value) {
    return [&value](const Words& words) { value = words.back(); };
}

Reader text_not_empty(std::string& value) {
    return [&value](const Words& words) {
        if (words.back().empty()) throw ValueError("the value is empty");
        value = words.back();
    };
}

Reader truth(bool& value) {
    return [&value](const Words& words) { value = truth_of(words); };
}

Reader untruth(bool& value) {
    return [&value](const Words& words) { value = !truth_of(words); };
}

Reader real_number(double& value, double min, double max) {
    return [&value, min, max](const Words& words) { value = real_number_of(words.back(), min, max); };
}

Reader real_number(float& value, double min, double max) {
    return
        [&value, min, max](const Words& words) { value = static_cast<float>(real_number_of(words.back(), min, max)); };
}

Reader byte_count(std::uint64_t& value) {
    return [&value](const Words& words) {
        const std::string& word = words.back();
        std::uint64_t number = 0;
        const char* const end = word.data() + word.size();
        const auto [next, error] = std::from_chars(word.data(), end, number);
        std::string unit = lower(std::string(next, end));
        for (const char* ending : {"ib", "b"}) {
            if (unit.ends_with(ending)) {
                unit.resize(unit.size() - std::char_traits<char>::length(ending));
                break;
            }
        }
        constexpr std::string_view kUnits = "kmgtp";
        const std::size_t power = unit.empty() ? 0 : kUnits.find(unit) + 1;
        const bool known = unit.size() <= 1 && (unit.empty() || power != 0);
        if (error != std::errc() || !known || number > (std::numeric_limits<std::uint64_t>::max() >> (10 * power)))
            throw ValueError(fmt::format("expected a size such as 8G, 500M or 1073741824, got '{}'", word));
        value = number << (10 * power);
    };
}

Reader texts(std::vector<std::string>& values) {
    return [&values](const Words& words) {
        if (std::find(words.begin(), words.end(), "") != words.end()) throw ValueError("a value is empty");
        values = words;
    };
}

Reader comma_list(std::string& value) {
    return [&value](const Words& words) {
        value = fmt::format("{}", fmt::join(words, ","));
        const auto is_empty = [](const std::string& word) { return word.find_first_not_of(',') == std::string::npos; };
        if (std::any_of(words.begin(), words.end(), is_empty)) throw ValueError("the list is empty");
    };
}

Reader file_list(std::vector<std::string>& values) {
    return [&values](const Words& words) {
        values.clear();
        for (const std::string& word : words) {
            for (std::string& file : list_files(word)) values.push_back(std::move(file));
        }
        if (values.empty()) throw ValueError("the list is empty");
    };
}

Reader whole_number_reader(std::uint64_t min, std::uint64_t max, std::function<void(std::uint64_t)> store) {
    return [min, max, store = std::move(store)](const Words& words) {
        const std::string& word = words.back();
        std::uint64_t value = 0;
        const char* const end = word.data() + word.size();
        const auto [next, error] = std::from_chars(word.data(), end, value);
        if (error != std::errc() || next != end || value < min || value > max) {
            const bool bounded = max < std::numeric_limits<std::uint64_t>::max();
            const bool too_large = error == std::errc::result_out_of_range;
            throw ValueError(fmt::format("expected {} integer{}, got '{}'", min == 0 ? "a non-negative" : "a positive",
                                         bounded || too_large ? fmt::format(" of at most {}", max) : "", word));
        }
        store(value);
    };
}

const std::string& one_of(const std::string& word, const std::vector<std::string>& known, const OtherWords& others) {
    const auto found = std::find(known.begin(), known.end(), word);
    if (found != known.end()) return *found;
    const auto other = others.find(lower(word));
    throw ValueError(fmt::format("unknown value '{}'{}", word,
                                 other != others.end() ? fmt::format("; did you mean \"{}\"?", other->second)
                                                       : suites::suggestion(word, {known.begin(), known.end()})));
}

Reader word_of(std::string& value, std::vector<std::string> known, OtherWords others) {
    return [&value, known = std::move(known), others = std::move(others)](const Words& words) {
        value = one_of(words.back(), known, others);
    };
}

}  // namespace harness::cli
