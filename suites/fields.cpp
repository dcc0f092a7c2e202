#include "suites/fields.hpp"

#include <fmt/format.h>

#include "suites/suggestion.hpp"
#include "suites/task.hpp"

namespace suites {
namespace {

using nlohmann::json;

// RE2 runs in linear time; this keeps the time to compile a pattern small too.
constexpr std::size_t kLongestPattern = 4096;

}  // namespace

Fields::Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) throw SuiteError(where_ + ": must be a JSON object");
}

void Fields::fail(const std::string& field, const std::string& what) const {
    throw SuiteError(fmt::format("{}: field \"{}\" {}", where_, field, what));
}

const json& Fields::required(const char* field) const {
    if (!has(field)) fail(field, "is missing");
    return object_[field];
}

std::string Fields::text(const char* field) const {
    if (!required(field).is_string()) fail(field, "must be a text");
    return object_[field].get<std::string>();
}

std::string Fields::text_or(const char* field, const std::string& otherwise) const {
    return has(field) ? text(field) : otherwise;
}

std::uint32_t Fields::count(const char* field, std::uint32_t otherwise, std::uint32_t least, std::uint32_t most) const {
    if (!has(field)) return otherwise;
    const json& value = object_[field];
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most || value.get<std::uint64_t>() < least) {
        fail(field, fmt::format("must be a whole number from {} to {}", least, most));
    }
    return value.get<std::uint32_t>();
}

std::optional<float> Fields::number(const char* field, float least, float most) const {
    if (!has(field)) return std::nullopt;
    const json& value = object_[field];
    if (!value.is_number() || value.get<double>() < static_cast<double>(least) ||
        value.get<double>() > static_cast<double>(most)) {
        fail(field, fmt::format("must be a number from {} to {}", least, most));
    }
    return value.get<float>();
}

bool Fields::flag(const char* field) const {
    if (!has(field)) return false;
    if (!object_[field].is_boolean()) fail(field, "must be true or false");
    return object_[field].get<bool>();
}

std::vector<std::string> Fields::texts(const char* field) const {
    if (!has(field)) return {};
    std::vector<std::string> result;
    const json& list = object_[field];
    if (!list.is_array()) fail(field, "must be a list of texts");
    for (const json& entry : list) {
        if (!entry.is_string()) fail(field, "must be a list of texts");
        result.push_back(entry.get<std::string>());
    }
    return result;
}

FieldPath Fields::path(const char* field) const {
    const std::string written = text(field);
    try {
        return FieldPath::parse(written);
    } catch (const SuiteError& error) {
        fail(field, error.what());
    }
}

Template Fields::form(const char* field, const std::string& text) const {
    try {
        return Template::parse(text);
    } catch (const SuiteError& error) {
        fail(field, error.what());
    }
}

Template Fields::form(const char* field) const {
    return has(field) ? form(field, text(field)) : Template();
}

std::shared_ptr<const RE2> Fields::pattern(const char* field, const std::string& text) const {
    if (text.size() > kLongestPattern)
        fail(field, fmt::format("has a pattern of {} bytes; {} at most", text.size(), kLongestPattern));
    auto compiled = std::make_shared<RE2>(text, RE2::Quiet);
    if (!compiled->ok()) fail(field, fmt::format("has the pattern '{}': {}", text, compiled->error()));
    return compiled;
}

std::string Fields::one_of(const char* field, const std::set<std::string>& known) const {
    const std::string value = text(field);
    if (!known.contains(value)) fail(field, fmt::format("is '{}'{}", value, suggestion(value, known)));
    return value;
}

void Fields::only(const std::set<std::string>& known) const {
    for (const auto& [key, value] : object_.items()) {
        if (!known.contains(key)) fail(key, "is not known" + suggestion(key, known));
    }
}

void Fields::none_of(const std::string& owner, std::initializer_list<const char*> names) const {
    for (const char* name : names) {
        if (has(name)) fail(name, "has no meaning for " + owner);
    }
}

}  // namespace suites
