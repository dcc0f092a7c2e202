#include "suites/transforms/minerva.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "suites/transforms/math.hpp"
#include "suites/transforms/math_algebra.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

struct Change {
    const char* from;
    const char* to;
};

// Replacements, applied in this order, each to the whole text.
constexpr std::array kChanges = {Change{"an ", ""},          Change{"a ", ""},
                                 Change{".$", "$"},          Change{"\\$", ""},
                                 Change{"\\ ", ""},          Change{" ", ""},
                                 Change{"mbox", "text"},     Change{",\\text{and}", ","},
                                 Change{"\\text{and}", ","}, Change{"\\text{m}", "\\text{}"}};
constexpr std::array kRemoved = {"square",       "ways",
                                 "integers",     "dollars",
                                 "mph",          "inches",
                                 "ft",           "hours",
                                 "km",           "units",
                                 "\\ldots",      "sue",
                                 "points",       "feet",
                                 "minutes",      "digits",
                                 "cents",        "degrees",
                                 "cm",           "gm",
                                 "pounds",       "meters",
                                 "meals",        "edges",
                                 "students",     "childrentickets",
                                 "multiples",    "\\text{s}",
                                 "\\text{.}",    "\\text{\ns}",
                                 "\\text{}^2",   "\\text{}^3",
                                 "\\text{\n}",   "\\text{}",
                                 "\\mathrm{th}", "^\\circ",
                                 "^{\\circ}",    "\\;",
                                 ",\\!",         "{,}",
                                 "\"",           "\\dots"};

struct Rewrite {
    RE2 pattern;
    const char* to;
};

const std::array<Rewrite, 7>& rewrites() {
    static const std::array<Rewrite, 7> kRewrites = {{
        {RE2(R"((.*?)(\$)(.*?)(\$)(.*))"), "$\\3$"},
        {RE2(R"((\\text\{)(.*?)(\}))"), "\\2"},
        {RE2(R"((\\textbf\{)(.*?)(\}))"), "\\2"},
        {RE2(R"((\\overline\{)(.*?)(\}))"), "\\2"},
        {RE2(R"((\\boxed\{)(.*)(\}))"), "\\2"},
        {RE2(R"((frac)([^{])(.))"), "frac{\\2}{\\3}"},
        {RE2(R"((sqrt)([^{]))"), "sqrt{\\2}"},
    }};
    return kRewrites;
}

}  // namespace

std::optional<std::string> minerva_answer(std::string_view output) {
    static const RE2 kAnswer("Final Answer: The final answer is(.*?). I hope it is correct.");
    const std::string text = std::string(output) + "I hope it is correct.";
    std::string answer;
    if (!RE2::PartialMatch(text, kAnswer, &answer)) return std::nullopt;
    return strip(answer);
}

std::string minerva_normalised(std::string_view answer) {
    std::string text(answer.substr(answer.rfind('=') + 1));
    for (const Change& change : kChanges) text = replaced(text, change.from, change.to);
    for (const char* gone : kRemoved) text = replaced(text, gone, "");
    for (const Rewrite& rewrite : rewrites()) RE2::GlobalReplace(&text, rewrite.pattern, rewrite.to);
    text = replaced(text, "$", "");
    const std::string digits = replaced(text, ",", "");
    const bool number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
    return number ? digits : text;
}

MinervaVerdict minerva_verdict(std::string_view answer, std::string_view reference) {
    const std::string left = minerva_normalised(answer);
    const std::string right = minerva_normalised(reference);
    const auto equal = equal_values(left, right);
    if (left == right) return equal ? MinervaVerdict::EqualText : MinervaVerdict::EqualUnread;
    if (!equal) return MinervaVerdict::NeedsAlgebra;
    return *equal ? MinervaVerdict::EqualValue : MinervaVerdict::Different;
}

std::optional<double> grade_minerva_equivalent(std::string_view answer, std::string_view reference) {
    const MinervaVerdict verdict = minerva_verdict(answer, reference);
    return verdict == MinervaVerdict::Different || verdict == MinervaVerdict::NeedsAlgebra ? 0.0 : 1.0;
}

std::map<std::string, double> count_minerva_equivalent(std::string_view answer, std::string_view reference) {
    const MinervaVerdict verdict = minerva_verdict(answer, reference);
    return {{"equal_unread", verdict == MinervaVerdict::EqualUnread ? 1.0 : 0.0},
            {"equal_by_value", verdict == MinervaVerdict::EqualValue ? 1.0 : 0.0},
            {"needs_algebra", verdict == MinervaVerdict::NeedsAlgebra ? 1.0 : 0.0}};
}

std::vector<Row> minerva_problem(Row row) {
    std::vector<Row> documents = math_problem(std::move(row));
    for (Row& document : documents)
        document["answer"] = minerva_normalised(document["answer"].get_ref<const std::string&>());
    return documents;
}

}  // namespace suites::transforms
