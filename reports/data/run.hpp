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
    std::vector<std::string> missing;  ///< members without a score, which the value leaves out
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
};

}  // namespace reports::data
