// Converts rows from and to JSON text without losing digits.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "suites/data/json_text.hpp"
#include "suites/data/number_text.hpp"
#include "suites/error.hpp"
#include "suites/json_mistake.hpp"
#include "suites/row.hpp"

namespace suites {
namespace {

// Objects with more keys use a hash table, because a row may have 100,000 keys.
constexpr std::size_t kMaxComparedKeys = 16;

/// Builds a row from the events of the parser.
class RowBuilder {
public:
    Row take() { return std::move(root_); }

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(Row::number_integer_t value) { return put(value); }
    bool number_unsigned(Row::number_unsigned_t value) { return put(value); }
    bool number_float(Row::number_float_t value, const std::string& text) {
        if (data::keeps_digits(text, value)) return put(value);
        return put(Row::binary({text.begin(), text.end()}, kNumberText));
    }
    bool string(std::string& value) { return put(std::move(value)); }
    bool binary(Row::binary_t&) { return false; }  // JSON text has none
    bool start_object(std::size_t) { return open(Row::object()); }
    bool start_array(std::size_t) { return open(Row::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        Level& level = levels_.back();
        auto& members = static_cast<Members&>(level.value->get_ref<Row::object_t&>());
        level.member = position(level, members, name);
        if (*level.member == members.size()) members.emplace_back(std::move(name), nullptr);
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

private:
    using Members = std::vector<std::pair<const std::string, Row>>;

    struct Level {
        Row* value;
        std::optional<std::size_t> member = {};  ///< for objects: index of the member that gets the next value
        std::unordered_map<std::string, std::size_t> positions = {};  ///< for large objects: member indices
    };

    /// Index of the key; the number of members when it is new. For a duplicate key the last value is kept at the place
    /// of the first, as in Python.
    static std::size_t position(Level& level, const Members& members, const std::string& name) {
        if (members.size() < kMaxComparedKeys) {
            const auto found =
                std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == name; });
            return static_cast<std::size_t>(found - members.begin());
        }
        if (level.positions.empty()) {
            for (std::size_t i = 0; i < members.size(); ++i) level.positions.emplace(members[i].first, i);
        }
        return level.positions.emplace(name, members.size()).first->second;
    }

    Row* place(Row value) {
        if (levels_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        Level& level = levels_.back();
        if (level.member) {
            Row& member = static_cast<Members&>(level.value->get_ref<Row::object_t&>())[*level.member].second;
            member = std::move(value);
            return &member;
        }
        auto& list = level.value->get_ref<Row::array_t&>();
        list.push_back(std::move(value));
        return &list.back();
    }

    bool put(Row value) {
        place(std::move(value));
        return true;
    }
    bool open(Row value) {
        levels_.push_back({place(std::move(value))});
        return true;
    }
    bool close() {
        levels_.pop_back();
        return true;
    }

    Row root_;
    std::vector<Level> levels_;
};

std::string quoted(const std::string& text) {
    return Row(text).dump(-1, ' ', false, Row::error_handler_t::replace);
}

void write(const Row& value, std::string& text) {
    if (value.is_object()) {
        text += '{';
        for (const auto& [key, member] : value.get_ref<const Row::object_t&>()) {
            if (text.back() != '{') text += ',';
            text += quoted(key) + ':';
            write(member, text);
        }
        text += '}';
    } else if (value.is_array()) {
        text += '[';
        for (const Row& member : value) {
            if (&member != &value.front()) text += ',';
            write(member, text);
        }
        text += ']';
    } else if (value.is_binary()) {
        text.append(value.get_binary().begin(), value.get_binary().end());
    } else if (value.is_number_float()) {
        text += data::python_number(value.get<double>());
    } else {
        text += value.dump(-1, ' ', false, Row::error_handler_t::replace);
    }
}

}  // namespace

Row parse_row(std::string_view text) {
    data::check_text(text);
    RowBuilder builder;
    if (!Row::sax_parse(text, &builder)) throw SuiteError(json_mistake(text));
    return builder.take();
}

std::string row_text(const Row& value) {
    std::string text;
    write(value, text);
    return text;
}

std::string value_text(const Row& value) {
    return value.is_string() ? value.get<std::string>() : row_text(value);
}

}  // namespace suites
