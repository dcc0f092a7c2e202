#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/setting.hpp"
#include "reports/data/task.hpp"
#include "reports/data/values.hpp"

namespace reports::data {

/// Aggregate of a group of tasks.
struct GroupView {
    std::string group;
    std::string profile;
    std::string mean_over;  ///< "documents" or "members"
    double value = 0;
    double standard_error = 0;
    std::optional<Interval> ci95;  ///< none if a member has none
    std::uint64_t items = 0;
    std::vector<std::string> missing;     ///< members without a score, which the value leaves out
    std::vector<std::string> tasks = {};  ///< all of its tasks, those of groups inside it included
};

/// What a run took and what its model weighs, as far as it is known.
struct CostView {
    std::optional<double> seconds = {};  ///< from the run's start to its end, pauses included
    /// Of the prompts of all requests. Requests that share a prompt count it each.
    std::optional<std::uint64_t> prompt_tokens = {};
    std::optional<std::uint64_t> answer_tokens = {};  ///< generated, or scored as continuations
    std::optional<std::uint64_t> weight_bytes = {};
    std::string quantisation = {};  ///< of the weights, "Q4_0"; empty: unknown
};

/// The command that repeats a run.
struct ReproductionView {
    std::string command = {};  ///< empty: none can be formed
    std::string remark = {};   ///< what it needs besides, or why there is none; empty: nothing
};

/// The licence of a model, and what tells it.
struct LicenceView {
    std::string name = {};   ///< empty: unknown
    std::string basis = {};  ///< "general.license is 'llama2'"
};

struct RunView {
    std::int64_t id = 0;
    std::string variant;
    std::string model;
    std::string fingerprint;
    std::string plan = {};  ///< hash that identifies the run in every database; empty: unknown
    LicenceView licence = {};
    std::string created;
    bool complete = false;
    bool imported = false;              ///< from another tool's log: the fingerprint is the log's, not a model's
    Settings settings;                  ///< device, numerics, seeds, chat format and the like
    std::vector<std::string> warnings;  ///< the engine's warnings about the model file
    std::vector<TaskView> tasks;
    std::vector<GroupView> groups;  ///< groups whose tasks the run has all
    CostView cost = {};
    ReproductionView reproduction = {};
};

}  // namespace reports::data
