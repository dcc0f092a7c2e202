#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

/// The group of this name; null when there is none.
inline const reports::data::GroupView* find_group(const std::vector<reports::data::GroupView>& groups,
                                                  const std::string& name) {
    for (const reports::data::GroupView& group : groups) {
        if (group.group == name) return &group;
    }
    return nullptr;
}
