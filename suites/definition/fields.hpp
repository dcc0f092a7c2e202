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

/// The mistakes of a file, in the order in which they were found.
class Mistakes {
public:
    void add(const std::string& subject, std::string message);
    bool any() const { return !messages_.empty(); }
    /// Whether one was found while any of these was read.
    bool in(std::initializer_list<const char*> subjects) const;
    /// Throws SuiteError with all of them, one a line, when there are any.
    void report() const;

private:
    std::set<std::string> subjects_;
    std::vector<std::string> messages_;
};

/// A whole number that a field may hold.
struct Bounds {
    std::uint32_t otherwise = 0;  ///< when the field is not there
    std::uint32_t min = 0;
    std::uint32_t max = 0;
};

/// Reads typed fields of a JSON object. Every mistake is a SuiteError `WHERE: field "NAME" what is wrong`.
class Fields {
public:
    /// `mistakes`, where there are any, receive what `attempt` catches. All must outlive the object.
    Fields(const nlohmann::json& object, std::string where, Mistakes* mistakes = nullptr);
    /// Of an object inside this one.
    Fields nested(const nlohmann::json& object, std::string where) const;

    /// Does a part of the reading, so that the parts after it are read whatever is wrong in this one: its mistake is
    /// kept for the end. Without a place for mistakes it is thrown.
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
    /// Throws when the field is not there.
    const nlohmann::json& required(const char* field) const;

    std::string text(const char* field) const;
    std::string text_or(const char* field, const std::string& otherwise) const;
    std::uint32_t count(const char* field, const Bounds& bounds) const;
    std::optional<float> number(const char* field, float min, float max) const;
    bool flag(const char* field) const;
    std::vector<std::string> texts(const char* field) const;  ///< empty when not there
    FieldPath path(const char* field) const;
    Template form(const char* field, const std::string& text) const;  ///< `text` as a template; `field` for messages
    Template form(const char* field) const;                           ///< empty when not there
    std::shared_ptr<const RE2> pattern(const char* field, const std::string& text) const;
    /// One of `known`. Throws naming near misses.
    std::string one_of(const char* field, const std::set<std::string>& known) const;

    /// Throws unless `file` is a path that stays below the data folder.
    void check_file(const char* field, const std::string& file) const;
    /// Whether a mistake was found while this was read.
    bool broken(const char* subject) const { return mistakes_ != nullptr && mistakes_->in({subject}); }

    /// No field but these.
    void only(const std::set<std::string>& known) const;
    /// For fields that mean something elsewhere only; `owner` as in "a task of kind rolling".
    void none_of(const std::string& owner, std::initializer_list<const char*> names) const;

private:
    const nlohmann::json& object_;
    std::string where_;
    Mistakes* mistakes_;
};

}  // namespace suites::definition
