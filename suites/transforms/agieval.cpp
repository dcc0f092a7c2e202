#include "suites/transforms/agieval.hpp"

#include <algorithm>

#include "suites/transforms/math.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

/// The text after the last `=`, without leading spaces.
std::string_view after_equals(std::string_view text) {
    text = text.substr(text.rfind('=') + 1);
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

/// The content of the last `\boxed{...}`; nullopt when it is written in another way.
std::optional<std::string> box(std::string_view text) {
    constexpr std::string_view kOpen = "\\boxed{";
    const auto whole = through_braces(text.substr(text.rfind("\\boxed")));
    if (!whole || !whole->starts_with(kOpen)) return std::nullopt;
    const std::string_view inside = whole->substr(kOpen.size(), whole->size() - kOpen.size() - 1);
    return std::string(inside.find('=') == std::string_view::npos ? inside : after_equals(inside));
}

std::optional<std::string> between_dollars(std::string_view text) {
    std::optional<std::string> found;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        const std::size_t first = line.find('$');
        const std::size_t last = line.rfind('$');
        if (first != last) {
            const std::string_view inside = line.substr(first + 1, last - first - 1);
            found = inside.find('=') == std::string_view::npos ? inside : after_equals(inside);
        }
        at = end + 1;
    }
    return found;
}

/// The last match of `(?:\$)?\d+(?:\.\d+)?(?![\w\d])`. If a letter follows the digits after the point, the part before
/// the point still matches.
std::optional<std::string> last_number(std::string_view text) {
    std::optional<std::string> found;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_ascii_digit(text[at])) continue;
        const std::size_t begin = at > 0 && text[at - 1] == '$' ? at - 1 : at;
        std::size_t end = at;
        while (end < text.size() && is_ascii_digit(text[end])) ++end;
        std::size_t fraction = end;
        if (end + 1 < text.size() && text[end] == '.' && is_ascii_digit(text[end + 1])) {
            ++fraction;
            while (fraction < text.size() && is_ascii_digit(text[fraction])) ++fraction;
        }
        if (fraction > end && !starts_with_word(text.substr(fraction))) {
            found = std::string(text.substr(begin, fraction - begin));
            end = fraction;
        } else if (!starts_with_word(text.substr(end))) {
            found = std::string(text.substr(begin, end - begin));
        }
        at = end - 1;
    }
    return found;
}

}  // namespace

std::optional<std::string> agieval_math_answer(std::string_view output) {
    if (output.find("\\boxed") != std::string_view::npos) return box(output);
    if (auto dollars = between_dollars(output); dollars && !dollars->empty()) return dollars;
    if (output.find('=') == std::string_view::npos) return last_number(output);
    std::string_view answer = after_equals(output);
    while (answer.ends_with('.')) answer.remove_suffix(1);
    return std::string(answer.substr(0, answer.find("\\n")));
}

std::optional<double> grade_agieval_math(std::string_view output, std::string_view reference) {
    const auto answer = agieval_math_answer(output);
    const auto right = agieval_math_answer(reference);
    if (!answer || !right) return answer.has_value() == right.has_value() ? 1.0 : 0.0;
    return hendrycks_equal(*answer, *right, NonIntegerFraction::Unchanged) ? 1.0 : 0.0;
}

}  // namespace suites::transforms
