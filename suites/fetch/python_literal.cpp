#include "suites/fetch/python_literal.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "suites/data/json_text.hpp"
#include "suites/error.hpp"

namespace suites::fetch {
namespace {

using json = Row;

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    json whole() {
        json result = value();
        space();
        if (at_ != text_.size()) fail("unexpected text after the value");
        return result;
    }

private:
    static constexpr int kMaxDepth = 32;

    [[noreturn]] void fail(const char* what) const {
        throw SuiteError(fmt::format("not a Python literal: {} at byte {}", what, at_));
    }

    void space() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }

    bool take(std::string_view what) {
        space();
        if (!text_.substr(at_).starts_with(what)) return false;
        at_ += what.size();
        return true;
    }

    json value() {
        if (++depth_ > kMaxDepth) fail("too deep");
        json result = one();
        --depth_;
        return result;
    }

    json one() {
        if (take("None")) return nullptr;
        if (take("True")) return true;
        if (take("False")) return false;
        if (take("{")) return dictionary();
        if (take("[")) return list();
        if (take("'")) return text('\'');
        if (take("\"")) return text('"');
        const std::size_t end = std::min(text_.find_first_not_of("+-.0123456789e", at_), text_.size());
        json number = data::json_or_null(text_.substr(at_, end - at_));
        if (!number.is_number()) fail("no value");
        at_ = end;
        return number;
    }

    json dictionary() {
        json result = json::object();
        while (!take("}")) {
            const json key = value();
            if (!key.is_string()) fail("a key that is not a string");
            if (!take(":")) fail("no colon");
            result[key.get<std::string>()] = value();
            if (!take(",") && text_.substr(at_, 1) != "}") fail("no comma");
        }
        return result;
    }

    json list() {
        json result = json::array();
        while (!take("]")) {
            result.push_back(value());
            if (!take(",") && text_.substr(at_, 1) != "]") fail("no comma");
        }
        return result;
    }

    json text(char quote) {
        std::string result;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == quote) {
                ++at_;
                return result;
            }
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                escape(result);
            } else {
                result += text_[at_];
            }
        }
        fail("unterminated string");
    }

    void escape(std::string& result) {
        const char c = text_[++at_];
        constexpr std::string_view kNames = "nrt\\'\"";
        constexpr std::string_view kMeant = "\n\r\t\\'\"";
        if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
            result += kMeant[known];
            return;
        }
        const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 0;
        if (digits == 0 || at_ + digits >= text_.size()) fail("unknown escape sequence");
        // JSON only has the form with u and four digits.
        const std::string number(text_.substr(at_ + 1, digits));
        const json character = data::json_or_null("\"\\u" + std::string(4 - digits, '0') + number + "\"");
        if (!character.is_string()) fail("unknown escape sequence");
        result += character.get<std::string>();
        at_ += digits;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

json parse_python_literal(std::string_view text) {
    return Reader(text).whole();
}

}  // namespace suites::fetch
