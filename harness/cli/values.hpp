#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// Converts the words given for an option to values.
namespace harness::cli {

/// An invalid word for an option; the message says what is valid.
class ValueError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Called with the words given for an option, in order; with none for a flag without a value. Throws ValueError.
using Reader = std::function<void(const std::vector<std::string>& words)>;

// Each stores the last word in `value`.
Reader any_text(std::string& value);
Reader any_text(std::optional<std::string>& value);
Reader text_not_empty(std::string& value);
/// true, false and common spellings of them; a flag without a value sets `value` to true.
Reader truth(bool& value);
/// Like `truth`, negated: for a flag that switches something off.
Reader untruth(bool& value);
/// A finite number from `min` to `max`.
Reader real_number(double& value, double min, double max);
Reader real_number(float& value, double min, double max);
/// A number of bytes: 8G, 500M, 64KiB or 1073741824; units are powers of 1024.
Reader byte_count(std::uint64_t& value);

/// All words unchanged; empty ones are errors.
Reader texts(std::vector<std::string>& values);
/// All words as one comma list; an empty list is an error.
Reader comma_list(std::string& value);
/// Files from comma lists. A comma is part of a name inside double quotes, and where a file of that name exists.
Reader file_list(std::vector<std::string>& values);

/// Common part of the integer readers; both bounds are inclusive.
Reader whole_number_reader(std::uint64_t min, std::uint64_t max, std::function<void(std::uint64_t)> store);

template <class Number>
Reader whole_number(Number& value, std::uint64_t min = 0) {
    return whole_number_reader(min, std::numeric_limits<Number>::max(),
                               [&value](std::uint64_t number) { value = static_cast<Number>(number); });
}

template <class Number>
Reader whole_number(std::optional<Number>& value, std::uint64_t min = 0) {
    return whole_number_reader(min, std::numeric_limits<Number>::max(),
                               [&value](std::uint64_t number) { value = static_cast<Number>(number); });
}

/// Words, in lower case, that other programs use for one of ours.
using OtherWords = std::map<std::string, std::string>;

/// `word` if it is one of `known`; otherwise throws a ValueError that names the one meant, or else the nearest.
const std::string& one_of(const std::string& word, const std::vector<std::string>& known,
                          const OtherWords& others = {});

/// A word of a fixed set, with the value of each word.
template <class Value>
Reader choice(Value& value, std::vector<std::pair<std::string, Value>> meanings) {
    return [&value, meanings = std::move(meanings)](const std::vector<std::string>& words) {
        std::vector<std::string> known;
        for (const auto& [word, meaning] : meanings) known.push_back(word);
        const std::string& chosen = one_of(words.back(), known);
        for (const auto& [word, meaning] : meanings) {
            if (word == chosen) value = meaning;
        }
    };
}

/// Like `choice`, for a string value.
Reader word_of(std::string& value, std::vector<std::string> known, OtherWords others = {});

}  // namespace harness::cli
