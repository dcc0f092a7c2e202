#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace harness::study {

/// The mistakes of a file, in the order in which they are found.
class Mistakes {
public:
    void add(const std::string& place, const std::string& what);
    /// Throws base::UsageError with all of them, one a line; `path` is put before each.
    void report(const std::string& path) const;

private:
    std::vector<std::string> messages_;
};

/// Reads the fields of a JSON object. Whatever is wrong is added to `mistakes`, and a default returned, so that one
/// reading finds every mistake. All arguments must outlive it.
class ObjectReader {
public:
    /// `place`: what is put before a field's name, such as "gold[2]."; empty for the file itself.
    ObjectReader(const nlohmann::json& object, std::string place, Mistakes& mistakes);

    /// Adds a mistake for every field that is not one of `known`.
    void only(const std::set<std::string>& known) const;
    bool has(const std::string& field) const;
    void mistake(const std::string& field, const std::string& what) const;

    struct Limits {
        std::uint64_t otherwise = 0;  ///< where the field is absent
        std::uint64_t min = 0;
        std::uint64_t max = 0;
    };
    std::uint64_t whole(const std::string& field, const Limits& limits) const;
    struct RealLimits {
        double otherwise = 0;  ///< where the field is absent
        double min = 0;
        double max = 0;
    };
    double real(const std::string& field, const RealLimits& limits) const;
    bool flag(const std::string& field) const;  ///< false where it is absent
    /// A string of at most `max_bytes` valid UTF-8 bytes; empty where it is absent.
    std::string text(const std::string& field, std::size_t max_bytes) const;
    /// A text that must be there and not empty.
    std::string required_text(const std::string& field, std::size_t max_bytes) const;
    /// A list of strings that are not empty and differ; empty where it is absent.
    std::vector<std::string> words(const std::string& field, std::size_t max_words) const;
    /// A word of a set; `otherwise` where it is absent.
    std::string one_of(const std::string& field, const std::set<std::string>& known,
                       const std::string& otherwise) const;
    /// The elements of a list; none where it is absent.
    std::vector<nlohmann::json> list(const std::string& field, std::size_t max_size) const;

    const std::string& place() const { return place_; }

private:
    const nlohmann::json& object_;
    std::string place_;
    Mistakes& mistakes_;
};

/// What a JSON value is, in plain words: "a string", "a number", "a list".
std::string kind_of(const nlohmann::json& value);

}  // namespace harness::study
