#include "reports/gate/looks.hpp"

#include <algorithm>
#include <numeric>

#include "reports/statistics/counter_random.hpp"

namespace reports::gate {
namespace {

/// FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t hash_of(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
    return hash;
}

template <class Value>
void keep_items(std::vector<Value>& values, const std::vector<std::size_t>& kept) {
    if (values.empty()) return;
    std::vector<Value> chosen;
    chosen.reserve(kept.size());
    for (const std::size_t item : kept) chosen.push_back(values.at(item));
    values = std::move(chosen);
}

void keep_items(data::TaskView& task, const std::vector<std::size_t>& kept) {
    for (std::vector<std::uint64_t>* hashes :
         {&task.docs.numbers, &task.docs.contents, &task.docs.rows, &task.docs.asked, &task.docs.answered})
        keep_items(*hashes, kept);
    for (data::MetricValues& metric : task.metrics) {
        keep_items(metric.values, kept);
        keep_items(metric.weights, kept);
        for (data::ItemValues& repeat : metric.repeats) keep_items(repeat, kept);
    }
    keep_items(task.clusters.of, kept);
    task.items = kept.size();
}

}  // namespace

Looks::Looks(const data::RunView& baseline, std::uint64_t seed, std::size_t count) : count_(count) {
    for (const data::TaskView& task : baseline.tasks) {
        const std::vector<std::uint64_t>& contents = task.docs.contents;
        const std::uint64_t stream = hash_of(task.task);
        std::vector<std::size_t> order(contents.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return statistics::random_bits(seed, stream, contents[a]) <
                   statistics::random_bits(seed, stream, contents[b]);
        });
        auto& look_of = look_of_[task.task];
        for (std::size_t rank = 0; rank < order.size(); ++rank)
            look_of[contents[order[rank]]].push_back(rank * count / order.size() + 1);
    }
}

std::vector<std::size_t> Looks::of(const std::string& task, const std::vector<std::uint64_t>& contents) const {
    std::vector<std::size_t> looks(contents.size(), 1);
    const auto known = look_of_.find(task);
    if (known == look_of_.end()) return looks;
    std::map<std::uint64_t, std::size_t> met;
    for (std::size_t item = 0; item < contents.size(); ++item) {
        const auto found = known->second.find(contents[item]);
        const std::size_t place = met[contents[item]]++;
        if (found != known->second.end() && place < found->second.size()) looks[item] = found->second[place];
    }
    return looks;
}

data::RunView Looks::first(const data::RunView& run, const std::map<std::string, std::size_t>& looks) const {
    data::RunView part = run;
    part.tasks.clear();
    for (const data::TaskView& task : run.tasks) {
        const auto seen = looks.find(task.task);
        if (seen == looks.end()) continue;
        const std::vector<std::size_t> look = of(task.task, task.docs.contents);
        std::vector<std::size_t> kept;
        for (std::size_t item = 0; item < look.size(); ++item) {
            if (look[item] <= seen->second) kept.push_back(item);
        }
        part.tasks.push_back(task);
        keep_items(part.tasks.back(), kept);
    }
    return part;
}

}  // namespace reports::gate
