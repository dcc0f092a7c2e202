#include "harness/interchange/json_writing.hpp"

#include <algorithm>

#include "harness/base/json.hpp"
#include "harness/base/json_append.hpp"
#include "suites/row.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;
using Members = std::vector<std::pair<const std::string, ordered_json>>;

bool holds_number_text(const ordered_json& value) {
    return value.is_binary() || (value.is_structured() && std::any_of(value.begin(), value.end(), holds_number_text));
}

void append_members(std::string& out, const ordered_json& object, Numbers numbers) {
    JsonList list{'{', '}'};
    for (const auto& [key, member] : members_of(object)) append(list.member(key), member, numbers);
    out += list.text();
}

void append_elements(std::string& out, const ordered_json& array, Numbers numbers) {
    JsonList list{'[', ']'};
    for (const ordered_json& element : array) append(list.next(), element, numbers);
    out += list.text();
}

}  // namespace

Numbers numbers_of(const ordered_json& row) {
    return holds_number_text(row) ? Numbers::AsPython : Numbers::AsJson;
}

void append(std::string& out, const ordered_json& value, Numbers numbers) {
    if (value.is_string()) {
        base::append_json(out, value.get_ref<const std::string&>());
    } else if (value.is_object()) {
        append_members(out, value, numbers);
    } else if (value.is_array()) {
        append_elements(out, value, numbers);
    } else {
        out += numbers == Numbers::AsPython ? suites::row_text(value) : base::ordered_json_text(value);
    }
}

const Members& members_of(const ordered_json& object) {
    return static_cast<const Members&>(object.get_ref<const ordered_json::object_t&>());
}

std::string& JsonList::next() {
    if (!is_first_) text_ += ',';
    is_first_ = false;
    return text_;
}

std::string& JsonList::member(std::string_view key) {
    base::append_json(next(), key);
    text_ += ':';
    return text_;
}

}  // namespace harness::interchange
