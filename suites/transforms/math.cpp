#include "suites/transforms/math.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "suites/error.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

constexpr std::string_view kBoxed = "\\boxed";
constexpr std::string_view kBoxedSpace = "\\boxed ";
constexpr std::string_view kFbox = "\\fbox";
constexpr std::string_view kUnit = "\\text{ ";

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        ++found;
    return found;
}

/// Calls `part` with the text after each `command` up to the next one; returns the text before the first.
template <class Part>
std::string_view each_after(std::string_view text, std::string_view command, const Part& part) {
    const std::size_t first = text.find(command);
    for (std::size_t at = first; at != std::string_view::npos;) {
        const std::size_t begin = at + command.size();
        at = text.find(command, begin);
        part(text.substr(begin, at == std::string_view::npos ? at : at - begin));
    }
    return text.substr(0, first);
}

/// `\sqrt3` -> `\sqrt{3}`.
std::optional<std::string> with_root_braces(std::string_view text) {
    bool whole = true;
    std::string rest;
    std::string result(each_after(text, "\\sqrt", [&](std::string_view part) {
        if (part.empty()) {
            whole = false;
        } else if (part.front() == '{') {
            rest.append("\\sqrt").append(part);
        } else {
            const std::size_t size = first_character(part);
            rest.append("\\sqrt{").append(part.substr(0, size)).append("}").append(part.substr(size));
        }
    }));
    return whole ? std::optional(result.append(rest)) : std::nullopt;
}

/// `\frac12` -> `\frac{1}{2}`, `\frac1{72}` -> `\frac{1}{72}`. If only one character follows a `\frac`, the text is
/// returned unchanged.
std::optional<std::string> with_fraction_braces(std::string_view text) {
    bool whole = true;
    bool give_up = false;
    std::string rest;
    std::string result(each_after(text, "\\frac", [&](std::string_view part) {
        if (give_up || !whole) return;  // the first special case decides, since the reference goes from left to right
        if (part.empty()) {
            whole = false;
            return;
        }
        rest.append("\\frac");
        if (part.front() == '{') {
            rest.append(part);
            return;
        }
        const std::size_t above = first_character(part);
        if (above == part.size()) {
            give_up = true;
            return;
        }
        rest.append("{").append(part.substr(0, above)).append("}");
        part.remove_prefix(above);
        if (part.front() == '{') {
            rest.append(part);
            return;
        }
        const std::size_t below = first_character(part);
        rest.append("{").append(part.substr(0, below)).append("}").append(part.substr(below));
    }));
    if (!whole) return std::nullopt;
    return give_up ? std::string(text) : result.append(rest);
}

/// Whether Python's int() accepts the ASCII text: a sign, and digits with single underscores between them.
bool is_integer(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    bool digit = false;
    for (const char c : text) {
        const bool underscore = c == '_';
        if (underscore ? !digit : !is_ascii_digit(c)) return false;
        digit = !underscore;
    }
    return digit;
}

/// Whether the text is an integer as printed by Python.
bool is_plain_integer(std::string_view text) {
    if (text == "0") return true;
    if (!text.empty() && text.front() == '-') text.remove_prefix(1);
    return !text.empty() && text.front() != '0' && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `1/2` -> `\frac{1}{2}`.
std::optional<std::string> with_slash_as_fraction(std::string text, NonIntegerFraction slash) {
    if (count(text, "/") != 1) return text;
    const std::size_t at = text.find('/');
    const std::string above = strip(std::string_view(text).substr(0, at));
    const std::string below = strip(std::string_view(text).substr(at + 1));
    if (!is_integer(above) || !is_integer(below))
        return slash == NonIntegerFraction::Fails ? std::nullopt : std::optional(std::move(text));
    const bool plain =
        is_plain_integer(above) && is_plain_integer(below) && text.size() == above.size() + below.size() + 1;
    return plain ? "\\frac{" + above + "}{" + below + "}" : std::move(text);
}

}  // namespace

std::optional<std::string_view> through_braces(std::string_view text) {
    std::ptrdiff_t open = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '{') ++open;
        if (text[at] == '}' && --open == 0) return text.substr(0, at + 1);
    }
    return std::nullopt;
}

std::optional<std::string> last_boxed(std::string_view text) {
    if (const std::size_t spaced = text.rfind(kBoxedSpace); spaced != std::string_view::npos)
        return std::string(text.substr(spaced, text.find('$', spaced) - spaced));
    std::size_t begin = text.rfind(kBoxed);
    if (begin == std::string_view::npos) begin = text.rfind(kFbox);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto whole = through_braces(text.substr(begin));
    return whole ? std::optional<std::string>(*whole) : std::nullopt;
}

std::optional<std::string> boxed_answer(std::string_view text) {
    const std::optional<std::string> box = last_boxed(text);
    if (!box) return std::nullopt;
    if (box->starts_with(kBoxedSpace)) return box->substr(kBoxedSpace.size());
    for (const std::string_view command : {kBoxed, kFbox}) {
        const std::size_t begin = command.size() + 1;
        if (box->starts_with(std::string(command) + "{") && box->ends_with('}'))
            return box->substr(begin, box->size() - begin - 1);
    }
    return std::nullopt;
}

std::optional<std::string> hendrycks_normalised(std::string_view answer, NonIntegerFraction slash) {
    std::string text(answer);
    const auto replace = [&text](std::string_view from, std::string_view to) { text = replaced(text, from, to); };
    for (const char* gone : {"\n", "\\!"}) replace(gone, "");
    replace("\\\\", "\\");
    replace("tfrac", "frac");
    replace("dfrac", "frac");
    for (const char* gone : {"\\left", "\\right", "^{\\circ}", "^\\circ", "\\$"}) replace(gone, "");
    const std::size_t units = count(text, kUnit);
    if (units > 1) return std::nullopt;
    if (units == 1) text.resize(text.find(kUnit));
    replace("\\%", "");
    replace(" .", " 0.");
    replace("{.", "{0.");
    if (text.empty()) return text;
    if (text.front() == '.') text.insert(0, "0");
    if (count(text, "=") == 1 && count_characters(std::string_view(text).substr(0, text.find('='))) <= 2)
        text.erase(0, text.find('=') + 1);
    std::optional<std::string> roots = with_root_braces(text);
    if (!roots) return std::nullopt;
    std::optional<std::string> fractions = with_fraction_braces(replaced(*roots, " ", ""));
    if (!fractions) return std::nullopt;
    if (*fractions == "0.5") fractions = "\\frac{1}{2}";
    return with_slash_as_fraction(std::move(*fractions), slash);
}

bool hendrycks_equal(std::string_view answer, std::string_view reference, NonIntegerFraction slash) {
    const auto left = hendrycks_normalised(answer, slash);
    const auto right = hendrycks_normalised(reference, slash);
    return left && right ? *left == *right : answer == reference;
}

std::optional<double> grade_math_hendrycks(std::string_view output, std::string_view reference) {
    if (output.starts_with(' '))
        output.remove_prefix(1);  // the reference decodes the output without its prompt, which drops the space
    const std::size_t first = output.find('$');
    const std::size_t last = output.rfind('$');
    if (first != last) output = output.substr(first + 1, last - first - 1);
    return hendrycks_equal(output, reference, NonIntegerFraction::Fails) ? 1.0 : 0.0;
}

std::vector<Row> math_problem(Row row) {
    const auto solution = row.find("solution");
    if (solution == row.end() || !solution->is_string()) throw SuiteError("there is no string \"solution\"");
    std::optional<std::string> answer = boxed_answer(solution->get_ref<const std::string&>());
    if (!answer) throw SuiteError("\"solution\" has no \\boxed{...}");
    row["answer"] = std::move(*answer);
    return {std::move(row)};
}

}  // namespace suites::transforms
