#include "reports/gate/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/gate/judge.hpp"
#include "reports/gate/power.hpp"
#include "reports/sections/cells.hpp"

namespace reports::gate {
namespace {

using sections::Column;
using sections::Table;

Table table_of(const std::string& heading, const std::string& caption,
               const std::vector<std::pair<std::string, Column>>& columns) {
    Table table{.heading = heading, .caption = caption, .titles = {}, .columns = {}, .rows = {}, .run_of_row = {}};
    for (const auto& [title, column] : columns) {
        table.titles.push_back(title);
        table.columns.push_back(column);
    }
    return table;
}

std::string percent(double share) {
    return fmt::format("{:.0f} %", 100 * share);
}

std::string signed_cell(const std::optional<double>& value) {
    return value ? sections::signed_number(*value) : sections::kNone;
}

std::size_t count_of(const data::GateVerdict& verdict, data::GateStatus status) {
    return static_cast<std::size_t>(
        std::count_if(verdict.suites.begin(), verdict.suites.end(), [status](const data::SuiteVerdict& suite) {
            return suite.status == status && suite.rule.tier != data::Tier::Advisory;
        }));
}

}  // namespace

std::string to_string(data::GateStatus status) {
    switch (status) {
        case data::GateStatus::Pass: return "pass";
        case data::GateStatus::Inconclusive: return "inconclusive";
        case data::GateStatus::Incomplete: return "incomplete";
        case data::GateStatus::Regression: return "regression";
        case data::GateStatus::NotComparable: break;
    }
    return "not comparable";
}

std::string to_string(data::Tier tier) {
    switch (tier) {
        case data::Tier::Critical: return "critical";
        case data::Tier::Supporting: return "supporting";
        case data::Tier::Advisory: break;
    }
    return "advisory";
}

std::string verdict_sentence(const data::GateVerdict& verdict) {
    const auto suites = [&](data::GateStatus status) { return sections::counted(count_of(verdict, status), "suite"); };
    switch (verdict.status) {
        case data::GateStatus::Pass: return "PASS: no suite is worse than its margin allows";
        case data::GateStatus::Regression:
            return fmt::format("REGRESSION: {} became worse by more than the margin", suites(verdict.status));
        case data::GateStatus::Incomplete:
            return fmt::format("INCOMPLETE: items, scores or ratings of {} are missing", suites(verdict.status));
        case data::GateStatus::NotComparable:
            return verdict.obstacles.empty()
                       ? fmt::format("NOT COMPARABLE: {} cannot be compared with the baseline", suites(verdict.status))
                       : "NOT COMPARABLE: the two runs were made in different ways";
        case data::GateStatus::Inconclusive: break;
    }
    const std::string undecided = suites(data::GateStatus::Inconclusive);
    return verdict.strictness == data::Strictness::Strict
               ? fmt::format("INCONCLUSIVE: {} could not exclude a drop, which --strict asks for", undecided)
               : fmt::format("PASS: no drop is proven; {} could not exclude one either", undecided);
}

Table suites_table(const data::GateVerdict& verdict) {
    Table table =
        table_of("Suites",
                 "Over the items that both scored. The difference has the better direction positive; its bounds "
                 "hold one at a time at the gate's level. p is that of a drop larger than the margin, adjusted "
                 "for the suites of the tier.",
                 {{"suite", Column::Key},
                  {"tier", Column::Text},
                  {"metric", Column::Text},
                  {"verdict", Column::Text},
                  {"baseline", Column::Number},
                  {"run", Column::Number},
                  {"difference", Column::Number},
                  {"bounds", Column::Number},
                  {"margin", Column::Number},
                  {"p", Column::Number},
                  {"n", Column::Number},
                  {"worse", Column::Number},
                  {"better", Column::Number},
                  {"why", Column::Text}});
    for (const data::SuiteVerdict& suite : verdict.suites) {
        sections::add_row(
            table,
            {suite.rule.suite, to_string(suite.rule.tier), suite.metric, to_string(suite.status),
             sections::number(suite.before), sections::number(suite.after), signed_cell(suite.difference),
             sections::signed_range(suite.bounds), fmt::format("{:.4g}", suite.margin), sections::probability(suite.p),
             std::to_string(suite.items), std::to_string(suite.worse), std::to_string(suite.better), suite.reason},
            0);
    }
    return table;
}

Table flips_table(const data::GateVerdict& verdict, std::size_t most) {
    Table table = table_of(
        "Items that became worse", fmt::format("At most {} of each suite.", most),
        {{"task", Column::Key}, {"document", Column::Number}, {"baseline", Column::Number}, {"run", Column::Number}});
    for (const data::SuiteVerdict& suite : verdict.suites) {
        // Of people's ratings and of repeats there are no single items to name.
        for (std::size_t i = 0; i < std::min<std::size_t>({most, suite.worse, suite.flips.size()}); ++i) {
            const data::Flip& flip = suite.flips[i];
            sections::add_row(table,
                              {flip.task, std::to_string(flip.doc), fmt::format("{:.4g}", flip.before),
                               fmt::format("{:.4g}", flip.after)},
                              0);
        }
    }
    return table;
}

Table power_table(const std::vector<data::SuitePower>& powers) {
    // What all suites share is said once, so that the table fits a terminal.
    const bool is_shared = std::all_of(powers.begin(), powers.end(), [&powers](const data::SuitePower& power) {
        return !power.chances.empty() && power.assumption == powers.front().assumption;
    });
    std::vector<std::pair<std::string, Column>> columns = {
        {"suite", Column::Key}, {"tier", Column::Text}, {"metric", Column::Text}, {"n", Column::Number}};
    for (const double drop : kPowerDrops) columns.emplace_back(fmt::format("-{:.2g}", drop), Column::Number);
    if (!is_shared) columns.emplace_back("assumed", Column::Text);
    std::string caption =
        "By the size of the drop, where only this suite of its tier dropped, after the correction for the tier's "
        "suites.";
    if (is_shared && !powers.empty()) caption += " Assumed: " + powers.front().assumption + ".";
    Table table = table_of("Chance that the gate catches a drop", caption, columns);
    for (const data::SuitePower& power : powers) {
        std::vector<std::string> row = {power.rule.suite, to_string(power.rule.tier), power.metric,
                                        std::to_string(power.items)};
        for (std::size_t i = 0; i < kPowerDrops.size(); ++i)
            row.push_back(i < power.chances.size() ? percent(power.chances[i]) : sections::kNone);
        if (!is_shared) row.push_back(power.chances.empty() ? power.reason : power.assumption);
        sections::add_row(table, std::move(row), 0);
    }
    return table;
}

std::vector<std::string> power_warnings(const std::vector<data::SuitePower>& powers) {
    std::vector<std::string> warnings;
    for (const data::SuitePower& power : powers) {
        const auto caught = std::find_if(power.chances.begin(), power.chances.end(),
                                         [](double chance) { return chance >= kWantedPower; });
        if (caught == power.chances.begin() && !power.chances.empty()) continue;
        const std::string& suite = power.rule.suite;
        if (power.chances.empty()) {
            warnings.push_back(fmt::format("{}: no chances: {}", suite, power.reason));
        } else if (caught == power.chances.end()) {
            warnings.push_back(fmt::format("{} would miss most drops: even one of {:.2g} is caught with a chance of {}",
                                           suite, kPowerDrops.back(), percent(power.chances.back())));
        } else {
            const auto first = static_cast<std::size_t>(caught - power.chances.begin());
            warnings.push_back(
                fmt::format("{} catches drops from {:.2g} on with a chance of at least 80 %, smaller ones less "
                            "often",
                            suite, kPowerDrops[first]));
        }
    }
    return warnings;
}

Table changed_table(const std::vector<data::ChangedItem>& changed, std::size_t most) {
    Table table = table_of("Items that are not the same", "The first " + std::to_string(most) + " at most.",
                           {{"task", Column::Key}, {"document", Column::Number}, {"what differs", Column::Text}});
    for (std::size_t i = 0; i < std::min(most, changed.size()); ++i)
        sections::add_row(table, {changed[i].task, std::to_string(changed[i].doc), changed[i].what}, 0);
    return table;
}

}  // namespace reports::gate
