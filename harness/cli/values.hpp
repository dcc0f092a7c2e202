#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// How the words given for an option become values.
namespace harness::cli {

/// A word that an option cannot take; the message says what it takes.
class ValueError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Called with the words given for an option, in their order: none for a flag that stands alone. Throws ValueError.
using Reader = std::function<void(const std::vector<std::string>& words)>;

// Each gives the last word to `value`.
Reader any_text(std::string& value);
Reader any_text(std::optional<std::string>& value);
Reader text_not_empty(std::string& value);
/// true, false, and what people write for them; `value` becomes true for a flag that stands alone.
Reader truth(bool& value);
/// The same for a flag that switches something off.
Reader untruth(bool& value);
/// Finite, from `min` to `max`.
Reader real_number(double& value, double min, double max);
Reader real_number(float& value, double min, double max);
/// Bytes, as 8G, 500M, 64KiB or 1073741824; units are powers of 1024.
Reader byte_count(std::uint64_t& value);

/// All words as they are, none of them empty.
Reader texts(std::vector<std::string>& values);
/// All words as one comma list, which must not be empty.
Reader comma_list(std::string& value);
/// The files of comma lists. A comma is part of a name inside double quotes, and where a file of that name exists.
Reader file_list(std::vector<std::string>& values);

/// What the readers of whole numbers have in common; both bounds are inclusive.
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

/// The word itself when it is one of `known`; otherwise a ValueError that names the nearest.
const std::string& one_of(const std::string& word, const std::vector<std::string>& known);

/// A word of a fixed set, and what each means.
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

/// The same for a value that stays a word.
Reader word_of(std::string& value, std::vector<std::string> known);

}  // namespace harness::cli
