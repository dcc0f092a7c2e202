#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reports {

/// One metric of one task of one run. `values[i]` belongs to document `docs[i]`; none is unscored.
struct MetricValues {
    std::string name;
    bool higher_is_better = true;
    /// What the harness computed over the items (means and perplexities alike).
    double value = 0;
    double standard_error = 0;
    /// Per item, for means: used for intervals and paired comparison. Empty for perplexities.
    std::vector<std::optional<double>> values;
    /// How many items `value` is of, where `values` is empty. None: all that have no error.
    std::optional<std::size_t> scored = std::nullopt;
};

/// One thing that a model was asked and answered. All text is hostile.
struct Exchange {
    std::string kind;  ///< "choice", "generate", "rolling"
    std::string prompt;
    std::string answer;  ///< the continuation that was scored, or the generated text
    std::optional<double> logprob;
    std::string finish = "";  ///< generate: "eos", "stop", "length"; empty: not known
};

struct ItemView {
    std::uint64_t doc = 0;
    /// What was expected. Of choices: the right exchanges' indices from 0, with commas between ("0" or "1,3").
    std::string target;
    std::string error;
    std::vector<Exchange> exchanges;
    std::map<std::string, std::optional<double>> scores;
};

/// How many items of a task had something wrong with them apart from a wrong answer.
struct CounterView {
    std::string name;  ///< "extraction_failed,strict-match"
    std::uint64_t items = 0;
};

struct TaskView {
    std::string task;
    std::string profile;
    std::uint32_t version = 0;
    std::uint32_t fewshot = 0;
    std::uint64_t items = 0;
    std::uint64_t errors = 0;
    std::uint64_t planned = 0;  ///< items of the whole task; more than `items` while a run is unfinished; 0: not known
    std::vector<std::uint64_t> docs;
    std::vector<MetricValues> metrics;
    std::vector<CounterView> counters;
    std::vector<ItemView> shown;  ///< for browsing; may be fewer than `items`
};

/// One number for several tasks.
struct GroupView {
    std::string group;
    std::string profile;
    std::string mean_over;  ///< "documents" or "members"
    double value = 0;
    double standard_error = 0;
    std::uint64_t items = 0;
    std::vector<std::string> missing;  ///< members without a score, which the number leaves out
};

struct RunView {
    std::int64_t id = 0;
    std::string variant;
    std::string model;
    std::string fingerprint;
    std::string device;
    std::string numerics;
    std::string created;
    bool complete = false;
    std::vector<TaskView> tasks;
    std::vector<GroupView> groups;  ///< those all of whose tasks the run has
};

}  // namespace reports
