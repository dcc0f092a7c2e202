#include "reports/sections/verdict_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "reports/sections/cautions.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/cost.hpp"
#include "reports/sections/score_words.hpp"
#include "reports/statistics/paired.hpp"

namespace reports::sections {
namespace {

using Rows = std::vector<const SuiteVerdict*>;

constexpr std::size_t kShown = 4;  // sentences of one kind, or suites in one sentence

/// The rows with this verdict, the largest difference first.
Rows with(const Rows& rows, Verdict verdict) {
    Rows found;
    for (const SuiteVerdict* row : rows) {
        if (row->verdict == verdict) found.push_back(row);
    }
    std::stable_sort(found.begin(), found.end(), [](const SuiteVerdict* a, const SuiteVerdict* b) {
        if (a->is_share != b->is_share) return a->is_share;
        return std::abs(a->paired.difference) > std::abs(b->paired.difference);
    });
    return found;
}

std::string digits(const SuiteVerdict& row, double value) {
    if (!row.is_share) return fmt::format("{:+.4g}", value);
    return std::abs(value) < 0.0005 ? "0.0" : fmt::format("{:+.1f}", 100 * value);
}

/// "95 % interval +1.1 to +7.3 points".
std::string interval_text(const SuiteVerdict& row, const std::optional<data::Interval>& interval) {
    if (!interval) return "no interval";
    return fmt::format("95 % interval {} to {}{}", digits(row, interval->low), digits(row, interval->high),
                       row.is_share ? " points" : "");
}

std::string test_text(const SuiteVerdict& row, std::size_t tests) {
    const std::string p = row.p_adjusted < 0.0001 ? "< 0.0001" : fmt::format("= {:.4f}", row.p_adjusted);
    return tests == 1 ? "p " + p : fmt::format("p {} adjusted for {} comparisons", p, tests);
}

std::string detectable_text(const SuiteVerdict& row) {
    if (!row.detectable) return "the items are too few or too alike to tell";
    return "minimum detectable difference " + amount_text(row, *row.detectable);
}

/// The sentence of a suite that is decided, of two runs.
std::string decided_sentence(const SuiteVerdict& row, std::size_t tests) {
    return fmt::format("{} at {} by {}: {} against {} over {}; {}, {}.",
                       row.verdict == Verdict::Better ? "Better" : "Worse", suite_text(row),
                       amount_text(row, row.paired.difference), number(row.paired.mean_a + row.paired.difference),
                       number(row.paired.mean_a), counted(row.paired.items, "item"),
                       interval_text(row, row.paired.ci95), test_text(row, tests));
}

std::string undecided_sentence(const SuiteVerdict& row, std::size_t tests) {
    const statistics::Paired& paired = row.paired;
    if (paired.higher_a + paired.higher_b == 0)
        return fmt::format("No score differs at {} over {}; {}.", suite_text(row), counted(paired.items, "item"),
                           detectable_text(row));
    const bool alone = statistics::outcome_of(paired) != statistics::Outcome::NotSignificant;
    const std::string why =
        alone ? fmt::format("significant alone, but not among {} comparisons (p = {:.4f})", tests, row.p_adjusted)
              : detectable_text(row);
    return fmt::format("Not significant at {}: {}{} over {}, {}; {}.", suite_text(row), digits(row, paired.difference),
                       row.is_share ? " points" : "", counted(paired.items, "item"), interval_text(row, paired.ci95),
                       why);
}

/// The sentences of rows with one verdict; those beyond kShown are counted.
template <class Sentence>
void add_sentences(const Rows& rows, const char* kind, std::vector<std::string>& lines, Sentence sentence) {
    for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) lines.push_back(sentence(*rows[i]));
    if (rows.size() > kShown)
        lines.push_back(fmt::format("{} at {} more; see the table.", kind, counted(rows.size() - kShown, "suite")));
}

/// "gsm8k (exact_match) by 4.2 points, arc_easy (acc) by 2.0 points and 2 more".
std::string list_text(const Rows& rows) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i)
        parts.push_back(
            fmt::format("{} by {}", suite_text(*rows[i]), amount_text(*rows[i], rows[i]->paired.difference)));
    return fmt::format("{}{}", fmt::join(parts, ", "),
                       rows.size() > kShown ? fmt::format(" and {} more", rows.size() - kShown) : "");
}

/// "minimum detectable difference 2.1 to 4.5 points" of suites whose scores are shares; empty if there are none.
std::string detectable_range(const Rows& rows) {
    std::vector<double> found;
    for (const SuiteVerdict* row : rows) {
        if (row->is_share && row->detectable) found.push_back(*row->detectable);
    }
    if (found.empty()) return "";
    const auto [low, high] = std::minmax_element(found.begin(), found.end());
    return fmt::format(" (minimum detectable difference {:.1f}{} points)", 100 * *low,
                       *low < *high ? fmt::format(" to {:.1f}", 100 * *high) : "");
}

/// The sentence of one of several later runs.
std::string run_sentence(const data::RunView& run, const Rows& rows) {
    if (rows.empty()) return run_name(run) + ": not comparable; no suite has items that both runs scored.";
    const Rows better = with(rows, Verdict::Better);
    const Rows worse = with(rows, Verdict::Worse);
    const Rows open = with(rows, Verdict::NotSignificant);
    std::vector<std::string> parts;
    if (!better.empty()) parts.push_back("better at " + list_text(better));
    if (!worse.empty()) parts.push_back("worse at " + list_text(worse));
    if (!open.empty())
        parts.push_back(fmt::format("not significant at {} of {}{}", open.size(), counted(rows.size(), "suite"),
                                    detectable_range(open)));
    return fmt::format("{}: {}.", run_name(run), fmt::join(parts, "; "));
}

std::string pair_headline(const std::string& run, const std::string& base, const Rows& rows) {
    const std::size_t better = with(rows, Verdict::Better).size();
    const std::size_t worse = with(rows, Verdict::Worse).size();
    const std::size_t open = rows.size() - better - worse;
    if (rows.empty())
        return fmt::format("{} and {} cannot be compared: no suite has items that both scored.", run, base);
    if (better + worse == 0)
        return fmt::format("No difference between {} and {} is proven at {}.", run, base,
                           rows.size() == 1 ? suite_text(*rows.front()) : fmt::format("any of {} suites", rows.size()));
    if (rows.size() == 1)
        return fmt::format("{} is {} than {} at {}.", run, better == 1 ? "better" : "worse", base,
                           suite_text(*rows.front()));
    std::string rest;
    if (better > 0 && worse > 0) rest = fmt::format(" and worse at {}", worse);
    if (open > 0)
        rest += fmt::format("; at {} the difference is not significant", open == 1 ? "one" : std::to_string(open));
    return fmt::format("{} is {} than {} at {} of {} suites{}.", run, better > 0 ? "better" : "worse", base,
                       better > 0 ? better : worse, rows.size(), rest);
}

void add_pair(const data::Report& report, const ReportVerdict& verdict, VerdictWords& words) {
    const data::RunView& base = report.runs[0];
    const data::RunView& run = report.runs[1];
    const Rows rows = rows_of(verdict, run);
    const std::size_t tests = verdict.suites.size();
    words.headline = pair_headline(run_name(run), run_name(base), rows);
    const auto decided = [tests](const SuiteVerdict& row) { return decided_sentence(row, tests); };
    const auto open = [tests](const SuiteVerdict& row) { return undecided_sentence(row, tests); };
    add_sentences(with(rows, Verdict::Better), "Better", words.findings, decided);
    add_sentences(with(rows, Verdict::Worse), "Worse", words.findings, decided);
    add_sentences(with(rows, Verdict::NotSignificant), "Not significant", words.findings, open);
    if (!is_cost_known(run) && !is_cost_known(base)) return;  // also where nobody asked for it
    words.findings.push_back(
        fmt::format("Cost: {} took {}; {} took {}.", run_name(run), cost_text(run), run_name(base), cost_text(base)));
}

void add_several(const data::Report& report, const ReportVerdict& verdict, VerdictWords& words) {
    words.headline =
        fmt::format("{} compared with {}.", counted(report.runs.size() - 1, "run"), run_name(report.runs.front()));
    for (std::size_t i = 1; i < report.runs.size(); ++i)
        words.findings.push_back(run_sentence(report.runs[i], rows_of(verdict, report.runs[i])));
    if (verdict.suites.size() > 1)
        words.findings.push_back(fmt::format(
            "\"Better\" and \"worse\" are adjusted for all {} comparisons: the chance of any false one is below 5 %.",
            verdict.suites.size()));
}

}  // namespace

std::string amount_text(const SuiteVerdict& row, double difference) {
    const double size = std::abs(difference);
    return row.is_share ? fmt::format("{:.1f} points", 100 * size) : fmt::format("{:.4g}", size);
}

std::string suite_text(const SuiteVerdict& row) {
    return fmt::format("{} ({}{})", name_text(row.suite), name_text(row.metric),
                       row.tasks > 1 ? fmt::format(", {} tasks", row.tasks) : "");
}

VerdictWords verdict_words(const data::Report& report, const ReportVerdict& verdict) {
    VerdictWords words;
    if (report.runs.empty()) return words;
    if (report.runs.size() == 1) {
        words.headline = score_headline(report.runs.front());
        words.findings = score_sentences(report);
    } else if (report.runs.size() == 2) {
        add_pair(report, verdict, words);
    } else {
        add_several(report, verdict, words);
    }
    words.cautions = cautions(report.runs);
    return words;
}

}  // namespace reports::sections
