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

#include "suites/template.hpp"

namespace suites {

/// Reads typed fields of a JSON object. Every mistake is a SuiteError `WHERE: field "NAME" what is wrong`.
class Fields {
public:
    Fields(const nlohmann::json& object, std::string where);

    [[noreturn]] void fail(const std::string& field, const std::string& what) const;
    bool has(const char* field) const { return object_.contains(field); }
    const nlohmann::json& operator[](const char* field) const { return object_[field]; }
    const std::string& where() const { return where_; }
    /// Throws when the field is not there.
    const nlohmann::json& required(const char* field) const;

    std::string text(const char* field) const;
    std::string text_or(const char* field, const std::string& otherwise) const;
    std::uint32_t count(const char* field, std::uint32_t otherwise, std::uint32_t least, std::uint32_t most) const;
    std::optional<float> number(const char* field, float least, float most) const;
    bool flag(const char* field) const;
    std::vector<std::string> texts(const char* field) const;  ///< empty when not there
    FieldPath path(const char* field) const;
    Template form(const char* field, const std::string& text) const;  ///< `text` as a template; `field` for messages
    Template form(const char* field) const;                           ///< empty when not there
    std::shared_ptr<const RE2> pattern(const char* field, const std::string& text) const;
    /// One of `known`. Throws naming near misses.
    std::string one_of(const char* field, const std::set<std::string>& known) const;

    /// No field but these.
    void only(const std::set<std::string>& known) const;
    /// For fields that mean something elsewhere only; `owner` as in "a task of kind rolling".
    void none_of(const std::string& owner, std::initializer_list<const char*> names) const;

private:
    const nlohmann::json& object_;
    std::string where_;
};

}  // namespace suites
