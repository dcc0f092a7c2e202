#include "suites/definition/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "suites/error.hpp"
#include "suites/suggestion.hpp"

namespace suites::definition {
namespace {

constexpr std::size_t kMaxTemplateBytes = std::size_t{16} << 20;

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(separator, at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

const Row* member(const Row& value, const std::string& key) {
    if (value.is_object()) {
        const auto found = value.find(key);
        return found == value.end() ? nullptr : &*found;
    }
    const bool number = !key.empty() && key.size() < 9 && key.find_first_not_of("0123456789") == std::string::npos;
    if (!value.is_array() || !number) return nullptr;
    const auto index = static_cast<std::size_t>(std::stoul(key));
    return index < value.size() ? &value[index] : nullptr;
}

}  // namespace

FieldPath FieldPath::parse(std::string_view text) {
    FieldPath path;
    path.written_ = text;
    std::vector<std::string> pipeline = split(text, '|');
    path.keys_ = split(pipeline.front(), '.');
    for (const std::string& key : path.keys_) {
        if (key.empty() || key.find_first_of(" {}\t\n") != std::string::npos) {
            throw SuiteError(fmt::format(
                "has the value '{}'; a value is a field's name without spaces, as in answer or answers.0", text));
        }
    }
    for (std::size_t i = 1; i < pipeline.size(); ++i) {
        const transforms::TextTransform transform = transforms::find_text_transform(pipeline[i]);
        if (transform == nullptr)
            throw SuiteError(fmt::format("names the transform '{}'{}", pipeline[i],
                                         suggestion(pipeline[i], transforms::text_transform_names())));
        path.transforms_.push_back(transform);
    }
    return path;
}

const Row& FieldPath::value(const Row& row) const {
    const Row* value = &row;
    for (const std::string& key : keys_) {
        value = member(*value, key);
        if (value == nullptr) throw SuiteError(fmt::format("there is no field \"{}\"", fmt::join(keys_, ".")));
    }
    return *value;
}

std::string FieldPath::transformed(const Row& value) const {
    std::string text = value_text(value);
    try {
        for (const transforms::TextTransform transform : transforms_) text = transform(text);
    } catch (const std::invalid_argument& error) {
        throw SuiteError(fmt::format("\"{}\" {}", written_, error.what()));
    }
    return text;
}

std::string FieldPath::text(const Row& row) const {
    return transformed(value(row));
}

std::vector<std::string> FieldPath::texts(const Row& row) const {
    const Row& list = value(row);
    if (!list.is_array()) throw SuiteError(fmt::format("\"{}\" is not a list", written_));
    std::vector<std::string> result;
    for (const Row& entry : list) result.push_back(transformed(entry));
    return result;
}

Template Template::parse(std::string_view form) {
    Template result;
    if (form.find("{%") != std::string_view::npos)
        throw SuiteError(
            "has {%, and there are no statements here: a value is written {{field}}, one of another form "
            "{{field|transform}}, and a field of several values is put together in \"fields\"");
    std::size_t at = 0;
    for (std::size_t open = 0; (open = form.find("{{", at)) != std::string_view::npos;) {
        const std::size_t close = form.find("}}", open);
        if (close == std::string_view::npos) throw SuiteError("has {{ without }}; a value is written {{field}}");
        result.parts_.push_back(
            {std::string(form.substr(at, open - at)), FieldPath::parse(form.substr(open + 2, close - open - 2))});
        at = close + 2;
    }
    result.tail_ = form.substr(at);
    return result;
}

std::string Template::fill(const Row& row) const {
    std::string text;
    for (const Part& part : parts_) {
        text.append(part.before).append(part.value.text(row));
        if (text.size() > kMaxTemplateBytes) throw SuiteError("a template grows beyond 16 MiB");
    }
    return text.append(tail_);
}

std::size_t Template::end_of(std::string_view field, const Row& row) const {
    std::size_t length = 0;
    std::size_t end = 0;
    for (const Part& part : parts_) {
        length += part.before.size() + part.value.text(row).size();
        const std::string_view written = part.value.written();
        if (written.substr(0, written.find('|')) == field) end = length;
    }
    return end;
}

}  // namespace suites::definition
