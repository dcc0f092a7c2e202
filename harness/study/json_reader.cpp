#include "harness/study/json_reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/base/usage_error.hpp"
#include "suites/suggestion.hpp"
#include "suites/text.hpp"

namespace harness::study {

using nlohmann::json;

namespace {

/// A file with thousands of mistakes is not read to its end by anyone.
constexpr std::size_t kMaxMistakes = 40;
constexpr std::size_t kShownName = 60;

}  // namespace

std::string kind_of(const json& value) {
    if (value.is_string()) return "a string";
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_number()) return value.dump();
    if (value.is_array()) return "a list";
    return value.is_null() ? "null" : "an object";
}

void Mistakes::add(const std::string& place, const std::string& what) {
    messages_.push_back(place.empty() ? what : place + ": " + what);
}

void Mistakes::report(const std::string& path) const {
    if (messages_.empty()) return;
    std::string all;
    for (std::size_t i = 0; i < messages_.size() && i < kMaxMistakes; ++i)
        all += fmt::format("{}{}: {}", i == 0 ? "" : "\n", path, messages_[i]);
    if (messages_.size() > kMaxMistakes)
        all += fmt::format("\n{}: and {} more mistakes", path, messages_.size() - kMaxMistakes);
    throw base::UsageError(all);
}

ObjectReader::ObjectReader(const json& object, std::string place, Mistakes& mistakes)
    : object_(object), place_(std::move(place)), mistakes_(mistakes) {}

void ObjectReader::mistake(const std::string& field, const std::string& what) const {
    mistakes_.add(place_ + field, what);
}

void ObjectReader::only(const std::set<std::string>& known) const {
    for (const auto& [name, value] : object_.items()) {
        if (known.contains(name)) continue;
        const bool is_long = name.size() > kShownName;  // of no use in a message, nor to look for one like it
        mistake(is_long ? name.substr(0, kShownName) + "..." : name,
                "unknown field" + (is_long ? "" : suites::suggestion(name, known)));
    }
}

bool ObjectReader::has(const std::string& field) const {
    return object_.contains(field);
}

std::uint64_t ObjectReader::whole(const std::string& field, const Limits& limits) const {
    if (!has(field)) return limits.otherwise;
    const json& value = object_[field];
    const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() >= limits.min &&
                      value.get<std::uint64_t>() <= limits.max;
    if (fits) return value.get<std::uint64_t>();
    mistake(field, fmt::format("expected an integer from {} to {}, found {}", limits.min, limits.max, kind_of(value)));
    return limits.otherwise;
}

double ObjectReader::real(const std::string& field, const RealLimits& limits) const {
    if (!has(field)) return limits.otherwise;
    const json& value = object_[field];
    if (value.is_number() && value.get<double>() >= limits.min && value.get<double>() <= limits.max)
        return value.get<double>();
    mistake(field, fmt::format("expected a number from {} to {}, found {}", limits.min, limits.max, kind_of(value)));
    return limits.otherwise;
}

bool ObjectReader::flag(const std::string& field) const {
    if (!has(field)) return false;
    if (object_[field].is_boolean()) return object_[field].get<bool>();
    mistake(field, "expected true or false, found " + kind_of(object_[field]));
    return false;
}

std::string ObjectReader::text(const std::string& field, std::size_t max_bytes) const {
    if (!has(field)) return {};
    if (!object_[field].is_string()) {
        mistake(field, "expected a string, found " + kind_of(object_[field]));
        return {};
    }
    auto text = object_[field].get<std::string>();
    if (text.size() > max_bytes) {
        mistake(field, fmt::format("has {} bytes; at most {} are read", text.size(), max_bytes));
        return {};
    }
    if (!suites::is_utf8(text)) mistake(field, "is not UTF-8; convert the file, as with iconv");
    return text;
}

std::string ObjectReader::required_text(const std::string& field, std::size_t max_bytes) const {
    if (!has(field)) {
        mistake(field, "is missing");
        return {};
    }
    std::string found = text(field, max_bytes);
    if (object_[field] == "") mistake(field, "is empty");
    return found;
}

std::vector<std::string> ObjectReader::words(const std::string& field, std::size_t max_words) const {
    std::vector<std::string> found;
    std::set<std::string> seen;
    std::size_t at = 0;
    for (const json& value : list(field, max_words)) {
        const std::string place = fmt::format("{}[{}]", field, at++);
        if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
            mistake(place, "expected a string that is not empty, found " +
                               (value.is_string() ? std::string("an empty one") : kind_of(value)));
            continue;
        }
        found.push_back(value.get<std::string>());
        if (!seen.insert(found.back()).second) mistake(place, fmt::format("'{}' is there twice", found.back()));
    }
    return found;
}

std::string ObjectReader::one_of(const std::string& field, const std::set<std::string>& known,
                                 const std::string& otherwise) const {
    if (!has(field)) return otherwise;
    std::string word = text(field, 1000);
    if (known.contains(word)) return word;
    if (object_[field].is_string())
        mistake(field, fmt::format("unknown word '{}'{}", word, suites::suggestion(word, known)));
    return otherwise;
}

std::vector<json> ObjectReader::list(const std::string& field, std::size_t max_size) const {
    if (!has(field)) return {};
    if (!object_[field].is_array()) {
        mistake(field, "expected a list, found " + kind_of(object_[field]));
        return {};
    }
    if (object_[field].size() > max_size) {
        mistake(field, fmt::format("has {} entries; at most {} are read", object_[field].size(), max_size));
        return {};
    }
    return object_[field].get<std::vector<json>>();
}

}  // namespace harness::study
