#pragma once

#include <string_view>
#include <vector>

#include "harness/run/graders.hpp"
#include "suites/catalog.hpp"

namespace harness_test {

/// The built-in tasks, as the command line has them.
inline const suites::Catalog& catalog() {
    static const suites::Catalog kCatalog = suites::Catalog::builtin(harness::run::all_graders());
    return kCatalog;
}

inline std::vector<suites::Task> select_tasks(std::string_view names) {
    return catalog().select(names);
}

inline suites::Task task_of(const nlohmann::json& definition, const std::string& where = "test.json") {
    return suites::Task::from_json(definition, where, catalog().graders());
}

}  // namespace harness_test
