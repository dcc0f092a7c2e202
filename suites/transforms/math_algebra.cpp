#include "suites/transforms/math_algebra.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <string>

#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

using Value = std::complex<double>;

constexpr std::size_t kMaxBytes = 1000;
constexpr int kMaxDepth = 64;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// An arbitrary fixed value, different for each variable and point, and in practice algebraically independent.
Value variable(char name, int point) {
    const double seed = static_cast<double>(static_cast<unsigned char>(name)) + 131.0 * point;
    return {0.5 + std::fmod(seed * std::numbers::sqrt2, 3.0), std::fmod(seed * std::numbers::sqrt3, 1.0)};
}

/// Thrown only inside this file: the text is not a supported expression.
struct NotRead {};

/// Recursive-descent parser that evaluates the expression at one point.
class Expression {
public:
    Expression(std::string_view text, int point) : text_(text), point_(point) {}

    Value whole() {
        const Value value = sum();
        if (at_ != text_.size()) throw NotRead();
        return value;
    }

    /// The largest magnitude of a summand or of a function's argument (there at least 1); the rounding error is
    /// proportional to it.
    double largest() const { return largest_; }

private:
    class Level {
    public:
        explicit Level(int& depth) : depth_(depth) {
            if (++depth_ > kMaxDepth) throw NotRead();
        }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        ~Level() { --depth_; }

    private:
        int& depth_;
    };

    char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(std::string_view what) {
        const std::string_view rest = text_.substr(at_);
        if (!rest.starts_with(what)) return false;
        // \pi must not match the start of \pik.
        const bool command = what.size() > 1 && what.front() == '\\' && is_letter(what.back());
        if (command && rest.size() > what.size() && is_letter(rest[what.size()])) return false;
        at_ += what.size();
        return true;
    }

    void need(std::string_view what) {
        if (!take(what)) throw NotRead();
    }

    Value sum() {
        const Level level(depth_);
        Value value = signed_product();
        while (true) {
            const bool plus = take("+");
            if (!plus && !take("-")) return value;
            const Value other = signed_product();
            largest_ = std::max({largest_, std::abs(value), std::abs(other)});
            value += plus ? other : -other;
        }
    }

    Value signed_product() {
        bool negative = false;
        while (next() == '-' || next() == '+') negative ^= text_[at_++] == '-';
        const Value value = product();
        return negative ? -value : value;
    }

    Value product() {
        Value value = power();
        while (true) {
            if (take("/") || take("\\div")) {
                value /= power();
            } else if (take("*") || take("\\cdot") || take("\\times") || begins_factor()) {
                value *= power();
            } else {
                return value;
            }
        }
    }

    bool begins_factor() const {
        const char c = next();
        if (is_letter(c) || c == '(' || c == '{') return true;
        if (is_ascii_digit(c) || c == '.')
            return at_ > 0 && !is_ascii_digit(text_[at_ - 1]) && text_[at_ - 1] != '.';  // "2^{3}4" reads as a product
        for (const std::string_view command :
             {"\\frac", "\\sqrt", "\\pi", "\\sin", "\\cos", "\\tan", "\\ln", "\\log"}) {
            if (text_.substr(at_).starts_with(command)) return true;
        }
        return false;
    }

    Value power() {
        Value base = primary();
        while (take("!")) base = factorial(base);
        if (!take("^")) return base;
        const Level level(depth_);
        Value exponent = argument();
        return std::pow(base, exponent);
    }

    static Value factorial(const Value& of) {
        const double n = of.real();
        if (of.imag() != 0 || n < 0 || n > 170 || n != std::floor(n)) throw NotRead();
        return std::tgamma(n + 1);
    }

    /// Reads an argument: a group in braces, or one character.
    Value argument() {
        if (take("{")) {
            const Value value = sum();
            need("}");
            return value;
        }
        const char c = next();
        if (is_ascii_digit(c)) {
            ++at_;
            return static_cast<double>(c - '0');
        }
        if (is_letter(c)) {
            ++at_;
            return variable(c, point_);
        }
        if (take("\\pi")) return std::numbers::pi;
        throw NotRead();
    }

    Value enclosed(std::string_view end) {
        const Value value = sum();
        need(end);
        return value;
    }

    Value primary() {
        const char c = next();
        if (is_ascii_digit(c) || c == '.') return number();
        if (take("(")) return enclosed(")");
        if (take("{")) return enclosed("}");
        if (take("|")) return std::abs(enclosed("|"));
        if (take("\\pi")) return std::numbers::pi;
        if (take("\\frac")) {
            const Value above = argument();
            return above / argument();
        }
        if (take("\\sqrt")) return root();
        if (take("\\sin")) return std::sin(of_function());
        if (take("\\cos")) return std::cos(of_function());
        if (take("\\tan")) return std::tan(of_function());
        if (take("\\ln")) return std::log(of_function());
        if (take("\\log")) return logarithm();
        if (!is_letter(c)) throw NotRead();
        ++at_;
        return variable(c, point_);
    }

    Value root() {
        if (!take("[")) return std::sqrt(argument());
        const Value index = enclosed("]");
        return std::pow(argument(), 1.0 / index);
    }

    Value of_function() {
        const Value argument = power();
        largest_ = std::max({largest_, 1.0, std::abs(argument)});
        return argument;
    }

    /// Natural logarithm when there is no base, as in sympy.
    Value logarithm() {
        if (!take("_")) return std::log(of_function());
        const Value base = argument();
        return std::log(of_function()) / std::log(base);
    }

    Value number() {
        std::size_t end = at_;
        while (end < text_.size() && is_ascii_digit(text_[end])) ++end;
        if (end < text_.size() && text_[end] == '.') {
            ++end;
            while (end < text_.size() && is_ascii_digit(text_[end])) ++end;
        }
        double value = 0;
        const auto [stop, error] = std::from_chars(text_.data() + at_, text_.data() + end, value);
        if (error != std::errc() || stop != text_.data() + end) throw NotRead();
        at_ = end;
        return value;
    }

    std::string_view text_;
    int point_;
    std::size_t at_ = 0;
    int depth_ = 0;
    double largest_ = 0;
};

struct Measured {
    Value value;
    double error;  ///< possible rounding error, in addition to a share of the value
};

bool is_number(const Value& value) {
    return std::isfinite(value.real()) && std::isfinite(value.imag());
}

/// Evaluates an expression; nullopt when it cannot be parsed, has no value (division by zero) or is too large for a
/// double.
std::optional<Measured> value_of(std::string_view text, int point) {
    constexpr double kRounding = 1e-15;
    try {
        Expression expression(text, point);
        const Value value = expression.whole();
        if (!is_number(value)) return std::nullopt;
        return Measured{value, kRounding * expression.largest()};
    } catch (const NotRead&) {
        return std::nullopt;
    }
}

/// The text without spacing and sizing commands.
std::string plain(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t skip = 0;
        for (const std::string_view gone : {"\\left", "\\right", "\\,", "\\!", "\\;", "\\:", " ", "\n"}) {
            if (skip == 0 && text.substr(at).starts_with(gone)) skip = gone.size();
        }
        for (const std::string_view form : {"\\dfrac", "\\tfrac"}) {
            if (!text.substr(at).starts_with(form)) continue;
            result += "\\frac";
            skip = form.size();
        }
        if (skip == 0) result += text[at];
        at += skip == 0 ? 1 : skip;
    }
    return result;
}

/// A decimal number without redundant zeros: "-7.5" for "-7.50"; nullopt when the text is not a decimal number.
std::optional<std::string> decimal(std::string_view text) {
    bool negative = false;
    while (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative ^= text.front() == '-';
        text.remove_prefix(1);
    }
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string_view whole = text.substr(0, point);
    std::string_view part = text.substr(std::min(point + 1, text.size()));
    constexpr std::string_view kDigits = "0123456789";
    if (whole.find_first_not_of(kDigits) != std::string_view::npos ||
        part.find_first_not_of(kDigits) != std::string_view::npos || (whole.empty() && part.empty()))
        return std::nullopt;
    while (whole.starts_with('0')) whole.remove_prefix(1);
    while (part.ends_with('0')) part.remove_suffix(1);
    if (whole.empty() && part.empty()) return "0";
    return std::string(negative ? "-" : "").append(whole).append(".").append(part);
}

}  // namespace

std::optional<bool> equal_values(std::string_view left, std::string_view right) {
    if (left.size() > kMaxBytes || right.size() > kMaxBytes) return std::nullopt;
    const std::string first = plain(left);
    const std::string second = plain(right);
    const auto one = decimal(first);
    const auto other = decimal(second);
    if (one && other) return *one == *other;
    constexpr int kPoints = 4;
    constexpr double kTolerance = 1e-13;
    for (int point = 0; point < kPoints; ++point) {
        const auto a = value_of(first, point);
        const auto b = value_of(second, point);
        if (!a || !b) return std::nullopt;
        const double scale = std::max(std::abs(a->value), std::abs(b->value));
        if (std::abs(a->value - b->value) > kTolerance * scale + a->error + b->error) return false;
    }
    return true;
}

}  // namespace suites::transforms
