#include "reports/sections/documents_to_show.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "reports/sections/browsed_items.hpp"
#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

/// The documents of a task: for each the index of its item in every run, or kNowhere.
class Rows {
public:
    explicit Rows(const BrowsedTask& task) : sides_(task.tasks.size()) {
        const data::Documents& first = task.tasks.front()->docs;
        at_.resize(first.numbers.size() * sides_, kNowhere);
        for (std::size_t i = 0; i < first.numbers.size(); ++i) at_[i * sides_] = i;
        for (std::size_t side = 1; side < sides_; ++side) {
            const Pairing pairing = pair_documents(first, task.tasks[side]->docs);
            for (const auto& [in_first, own] : pairing.pairs) at_[in_first * sides_ + side] = own;
            for (const std::size_t own : pairing.only_b) {
                at_.resize(at_.size() + sides_, kNowhere);
                at_[at_.size() - sides_ + side] = own;
            }
        }
    }

    std::size_t count() const { return at_.size() / sides_; }
    std::size_t sides() const { return sides_; }
    std::size_t item(std::size_t row, std::size_t side) const { return at_[row * sides_ + side]; }

private:
    std::size_t sides_;
    std::vector<std::size_t> at_;  // [row, side]
};

/// Interest in each row.
std::vector<Interest> interests(const BrowsedTask& task, const Rows& rows) {
    std::vector<const data::ItemValues*> values;
    for (const data::TaskView* view : task.tasks) {
        const data::MetricValues* metric = task.metric == nullptr ? nullptr : find_metric(*view, task.metric->name);
        values.push_back(metric == nullptr || metric->values.empty() ? nullptr : &metric->values);
    }
    const double worst = task.metric != nullptr && !task.metric->higher_is_better ? 1 : 0;
    std::vector<Interest> all;
    for (std::size_t row = 0; row < rows.count(); ++row) {
        std::optional<std::optional<double>> known;  // score in the first run that has the document
        Interest interest = Interest::Rest;
        for (std::size_t side = 0; side < rows.sides(); ++side) {
            const std::size_t item = rows.item(row, side);
            if (item == kNowhere) continue;
            const bool scored = values[side] != nullptr && item < values[side]->size();
            const std::optional<double> score = scored ? (*values[side])[item] : std::nullopt;
            const Interest own = !score ? Interest::Error : *score == worst ? Interest::Wrong : Interest::Rest;
            interest = known && *known != score ? Interest::Differs : std::min(interest, own);
            if (!known) known = score;
        }
        all.push_back(interest);
    }
    return all;
}

/// Indices of the `count` rows that are most worth seeing.
std::vector<std::size_t> chosen_rows(const std::vector<Interest>& interests, std::size_t count) {
    std::vector<std::size_t> chosen;
    for (const Interest wanted : {Interest::Differs, Interest::Error, Interest::Wrong, Interest::Rest}) {
        for (std::size_t row = 0; row < interests.size() && chosen.size() < count; ++row) {
            if (interests[row] == wanted) chosen.push_back(row);
        }
    }
    return chosen;
}

void add_documents(const BrowsedTask& task, const Rows& rows, const std::vector<std::size_t>& chosen,
                   const std::vector<data::RunView>& runs, ChosenDocuments& documents) {
    for (std::size_t side = 0; side < task.tasks.size(); ++side) {
        const std::size_t run = task.runs[side];
        const auto index = static_cast<std::size_t>(task.tasks[side] - runs[run].tasks.data());
        std::vector<std::uint64_t>& own = documents[run][index];
        for (const std::size_t row : chosen) {
            const std::size_t item = rows.item(row, side);
            if (item != kNowhere) own.push_back(task.tasks[side]->docs.numbers[item]);
        }
        std::sort(own.begin(), own.end());
    }
}

}  // namespace

std::vector<std::size_t> equal_shares(const std::vector<std::size_t>& wanted, std::size_t total) {
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
    std::vector<std::size_t> shares(wanted.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::size_t left = order.size() - i;
        shares[order[i]] = std::min(wanted[order[i]], total / left);
        total -= shares[order[i]];
    }
    return shares;
}

ChosenDocuments documents_to_show(const std::vector<data::RunView>& runs, const DocumentLimits& limits) {
    ChosenDocuments documents;
    for (const data::RunView& run : runs) documents.emplace_back(run.tasks.size());
    const std::vector<BrowsedTask> tasks = tasks_without_documents(runs);
    std::vector<Rows> rows;
    std::vector<std::size_t> wanted;
    for (const BrowsedTask& task : tasks) {
        rows.emplace_back(task);
        wanted.push_back(std::min(rows.back().count(), limits.per_task));
    }
    const std::vector<std::size_t> shares = equal_shares(wanted, limits.in_all);
    for (std::size_t i = 0; i < tasks.size(); ++i)
        add_documents(tasks[i], rows[i], chosen_rows(interests(tasks[i], rows[i]), shares[i]), runs, documents);
    return documents;
}

}  // namespace reports::sections
