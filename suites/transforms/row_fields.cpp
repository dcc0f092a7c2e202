#include "suites/transforms/row_fields.hpp"

#include <fmt/format.h>

#include "suites/error.hpp"
#include "suites/json_kind.hpp"

namespace suites::transforms {

const Row& field(const Row& row, const char* name) {
    const auto found = row.find(name);
    if (found == row.end()) throw SuiteError(fmt::format("there is no field \"{}\"", name));
    return *found;
}

std::string text_field(const Row& row, const char* name) {
    const Row& value = field(row, name);
    if (!value.is_string())
        throw SuiteError(fmt::format("field \"{}\" must be a string, not {}", name, kind_of(value)));
    return value.get<std::string>();
}

std::vector<std::string> texts_field(const Row& row, const char* name, const std::string& shown) {
    const Row& list = field(row, name);
    const std::string field_name = shown.empty() ? name : shown;
    if (!list.is_array())
        throw SuiteError(fmt::format("field \"{}\" must be a list of strings, not {}", field_name, kind_of(list)));
    std::vector<std::string> texts;
    for (const Row& text : list) {
        if (!text.is_string())
            throw SuiteError(
                fmt::format("field \"{}\" must be a list of strings, but one is {}", field_name, kind_of(text)));
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

Row field_or(const Row& row, const char* name, const Row& otherwise) {
    const auto found = row.find(name);
    return found == row.end() ? otherwise : *found;
}

}  // namespace suites::transforms
