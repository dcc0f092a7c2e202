#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/setting.hpp"
#include "reports/data/task.hpp"
#include "reports/data/values.hpp"

namespace reports::data {

/// One number for several tasks.
struct GroupView {
    std::string group;
    std::string profile;
    std::string mean_over;  ///< "documents" or "members"
    double value = 0;
    double standard_error = 0;
    std::optional<Interval> ci95;  ///< none where a member has none
    std::uint64_t items = 0;
    std::vector<std::string> missing;  ///< members without a score, which the number leaves out
};

struct RunView {
    std::int64_t id = 0;
    std::string variant;
    std::string model;
    std::string fingerprint;
    std::string created;
    bool complete = false;
    bool imported = false;              ///< from another tool's log: the fingerprint is the log's, not a model's
    Settings settings;                  ///< device, numerics, seeds, chat format and the like
    std::vector<std::string> warnings;  ///< of the engine, about the model file
    std::vector<TaskView> tasks;
    std::vector<GroupView> groups;  ///< those all of whose tasks the run has
};

}  // namespace reports::data
