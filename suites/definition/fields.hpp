#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <re2/re2.h>

#include "suites/definition/template.hpp"
#include "suites/error.hpp"

namespace suites::definition {

/// Collects the mistakes of a file, in the order in which they are found.
class Mistakes {
public:
    void add(const std::string& subject, std::string message);
    bool any() const { return !messages_.empty(); }
    /// Whether a mistake was found in any of these subjects.
    bool in(std::initializer_list<const char*> subjects) const;
    /// Throws SuiteError with all mistakes, one per line; does nothing when there are none.
    void report() const;

private:
    std::set<std::string> subjects_;
    std::vector<std::string> messages_;
};

/// Default and limits of an integer field.
struct Bounds {
    std::uint32_t otherwise = 0;  ///< default when the field is absent
    std::uint32_t min = 0;
    std::uint32_t max = 0;
};

/// Reads typed fields of a JSON object. Mistakes are SuiteErrors of the form `WHERE: field "NAME" what is wrong`.
class Fields {
public:
    /// `mistakes`: collects the mistakes caught by `attempt`; may be nullptr. All arguments must outlive this object.
    Fields(const nlohmann::json& object, std::string where, Mistakes* mistakes = nullptr);
    /// Fields of a nested object, with the same `mistakes`.
    Fields nested(const nlohmann::json& object, std::string where) const;

    /// Reads one part of the file. A mistake is collected, so that the following parts are still read; without
    /// `mistakes` it is thrown.
    template <class Work>
    void attempt(const std::string& subject, const Work& work) const {
        if (mistakes_ == nullptr) return work();
        try {
            work();
        } catch (const SuiteError& error) {
            mistakes_->add(subject, error.what());
        }
    }

    [[noreturn]] void fail(const std::string& field, const std::string& what) const;
    bool has(const char* field) const { return object_.contains(field); }
    const nlohmann::json& operator[](const char* field) const { return object_[field]; }
    const std::string& where() const { return where_; }
    /// Throws when the field is absent.
    const nlohmann::json& required(const char* field) const;
    /// Throws that the field must be `wanted`, such as "a string", and what it is, unless `is_right`.
    void wants(const char* field, bool is_right, const std::string& wanted) const;

    std::string text(const char* field) const;
    std::string text_or(const char* field, const std::string& otherwise) const;
    std::uint32_t count(const char* field, const Bounds& bounds) const;
    std::optional<float> number(const char* field, float min, float max) const;
    bool flag(const char* field) const;
    std::vector<std::string> texts(const char* field) const;  ///< empty when absent
    FieldPath path(const char* field) const;
    Template form(const char* field, const std::string& text) const;  ///< parses `text`; `field`: for messages
    Template form(const char* field) const;                           ///< empty when absent
    std::shared_ptr<const RE2> pattern(const char* field, const std::string& text) const;
    /// A string that must be one of `known`. Throws, with similar names, when it is not.
    std::string one_of(const char* field, const std::set<std::string>& known) const;

    /// Throws unless `file` is a path inside the data folder.
    void check_file(const char* field, const std::string& file) const;
    /// Whether a mistake was found in this subject.
    bool broken(const char* subject) const { return mistakes_ != nullptr && mistakes_->in({subject}); }

    /// Throws when there is a field that is not in `known`.
    void only(const std::set<std::string>& known) const;
    /// Throws when one of these fields is present. `owner`: who cannot have it, such as "a task of kind rolling".
    void none_of(const std::string& owner, std::initializer_list<const char*> names) const;

private:
    const nlohmann::json& object_;
    std::string where_;
    Mistakes* mistakes_;
};

}  // namespace suites::definition
