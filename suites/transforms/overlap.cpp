#include "suites/transforms/overlap.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "suites/error.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/text.hpp"

namespace suites::transforms {
namespace {

using Words = std::vector<std::string>;

/// Tokens by mteval-v14's international rules: punctuation is separated except between digits; symbols are separated.
Words bleu_tokens(std::string_view text) {
    static const RE2 kBefore(R"((\P{N})(\p{P}))");
    static const RE2 kAfter(R"((\p{P})(\P{N}))");
    static const RE2 kSymbol(R"((\p{S}))");
    std::string spaced(text);
    RE2::GlobalReplace(&spaced, kBefore, R"(\1 \2 )");
    RE2::GlobalReplace(&spaced, kAfter, R"( \1 \2)");
    RE2::GlobalReplace(&spaced, kSymbol, R"( \1 )");
    return python_split(spaced);
}

/// Sequences of ASCII letters and digits, in lower case.
Words rouge_tokens(std::string_view text) {
    Words words;
    std::string word;
    for (const char c : lower_case(text) + " ") {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    return words;
}

using Counts = std::map<Words, std::size_t>;

Counts runs(const Words& words, std::size_t size) {
    Counts counts;
    for (std::size_t i = 0; i + size <= words.size(); ++i) {
        ++counts[Words(words.begin() + static_cast<std::ptrdiff_t>(i),
                       words.begin() + static_cast<std::ptrdiff_t>(i + size))];
    }
    return counts;
}

std::size_t common(const Counts& a, const Counts& b) {
    std::size_t total = 0;
    for (const auto& [run, count] : a) {
        const auto found = b.find(run);
        if (found != b.end()) total += std::min(count, found->second);
    }
    return total;
}

double f_measure(double hits, double said, double wanted) {
    if (hits <= 0 || said <= 0 || wanted <= 0) return 0;
    const double precision = hits / said;
    const double recall = hits / wanted;
    return 100 * 2 * precision * recall / (precision + recall);
}

/// Positions in `reference` of one longest common subsequence, the same one as in rouge_score.
std::set<std::size_t> common_places(const Words& reference, const Words& text) {
    const std::size_t columns = text.size() + 1;
    std::vector<std::uint32_t> table((reference.size() + 1) * columns, 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return table[i * columns + j]; };
    for (std::size_t i = 1; i <= reference.size(); ++i) {
        for (std::size_t j = 1; j <= text.size(); ++j) {
            at(i, j) = reference[i - 1] == text[j - 1] ? at(i - 1, j - 1) + 1 : std::max(at(i - 1, j), at(i, j - 1));
        }
    }
    std::set<std::size_t> places;
    for (std::size_t i = reference.size(), j = text.size(); i > 0 && j > 0;) {
        if (reference[i - 1] == text[j - 1]) {
            places.insert(i - 1);
            --i;
            --j;
        } else if (at(i, j - 1) > at(i - 1, j)) {
            --j;
        } else {
            --i;
        }
    }
    return places;
}

/// The words of each line; a full stop between spaces also ends a line.
std::vector<Words> lines_of(std::string_view text) {
    std::string broken(text);
    RE2::GlobalReplace(&broken, R"( \. )", ".\n");
    std::vector<Words> lines;
    for (std::size_t start = 0; start <= broken.size();) {
        const std::size_t end = std::min(broken.find('\n', start), broken.size());
        if (end > start) lines.push_back(rouge_tokens(std::string_view(broken).substr(start, end - start)));
        start = end + 1;
    }
    return lines;
}

Row closed_answers(const Row& row, const char* name) {
    const auto found = row.find(name);
    if (found == row.end() || !found->is_array()) throw SuiteError(std::string("\"") + name + "\" is not a list");
    Row closed = Row::array();
    for (const Row& answer : *found) {
        std::string text = strip(answer.is_string() ? answer.get<std::string>() : "");
        if (text.empty()) continue;
        if (!text.ends_with('.')) text += '.';
        closed.push_back(std::move(text));
    }
    return closed;
}

}  // namespace

double sentence_bleu(std::string_view text, std::string_view reference) {
    constexpr std::size_t kOrder = 4;
    const Words said = bleu_tokens(text);
    const Words wanted = bleu_tokens(reference);
    double logarithms = 0;
    double smoothing = 1;
    bool any = false;
    for (std::size_t size = 1; size <= kOrder; ++size) {
        const std::size_t hits = common(runs(said, size), runs(wanted, size));
        if (said.size() < size) return 0;
        const auto total = static_cast<double>(said.size() - size + 1);
        any = any || hits > 0;
        if (!any) return 0;  // no common word, so no longer common n-gram either
        if (hits == 0) smoothing *= 2;
        logarithms += std::log(hits == 0 ? 100 / (smoothing * total) : 100 * static_cast<double>(hits) / total);
    }
    const double ratio = static_cast<double>(wanted.size()) / static_cast<double>(said.size());
    const double brevity = ratio > 1 ? std::exp(1 - ratio) : 1;
    return brevity * std::exp(logarithms / static_cast<double>(kOrder));
}

double rouge_n(std::string_view text, std::string_view reference, std::size_t size) {
    const Counts said = runs(rouge_tokens(text), size);
    const Counts wanted = runs(rouge_tokens(reference), size);
    const auto total = [](const Counts& counts) {
        double sum = 0;
        for (const auto& [run, count] : counts) sum += static_cast<double>(count);
        return sum;
    };
    return f_measure(static_cast<double>(common(said, wanted)), total(said), total(wanted));
}

double rouge_l_sum(std::string_view text, std::string_view reference) {
    const std::vector<Words> said = lines_of(text);
    const std::vector<Words> wanted = lines_of(reference);
    std::map<std::string, std::size_t> said_left;
    std::map<std::string, std::size_t> wanted_left;
    double said_words = 0;
    double wanted_words = 0;
    for (const Words& line : said) {
        for (const std::string& word : line) ++said_left[word];
        said_words += static_cast<double>(line.size());
    }
    for (const Words& line : wanted) {
        for (const std::string& word : line) ++wanted_left[word];
        wanted_words += static_cast<double>(line.size());
    }
    double hits = 0;
    for (const Words& line : wanted) {
        std::set<std::size_t> places;
        for (const Words& other : said) places.merge(common_places(line, other));
        for (const std::size_t place : places) {
            // A word counts at most as often as it occurs on either side.
            auto& left = said_left[line[place]];
            auto& needed = wanted_left[line[place]];
            if (left == 0 || needed == 0) continue;
            --left;
            --needed;
            ++hits;
        }
    }
    return f_measure(hits, said_words, wanted_words);
}

std::vector<Row> truthfulqa_answers(Row row) {
    const std::string kNoComment = "I have no comment.";
    row["correct"] = closed_answers(row, "correct_answers");
    row["incorrect"] = closed_answers(row, "incorrect_answers");
    if (std::find(row["correct"].begin(), row["correct"].end(), kNoComment) == row["correct"].end())
        row["correct"].push_back(kNoComment);
    return {std::move(row)};
}

}  // namespace suites::transforms
