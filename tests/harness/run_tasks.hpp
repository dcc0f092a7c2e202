#pragma once

#include <string>
#include <vector>

#include "harness/run/execute.hpp"
#include "tests/harness/catalog.hpp"

/// Plans and executes as the command line does, with the variant "scripted".
inline harness::run::Outcome run_tasks(engine::LanguageModel& model, const std::vector<suites::Task>& tasks,
                                       harness::store::RunStore& store, const harness::run::RunOptions& options = {},
                                       const harness::run::Work& work = {}, harness::run::CodeGrader* code = nullptr) {
    const harness::run::Plan plan = harness::run::make_plan(model.card(), "scripted", tasks, options);
    return harness::run::execute(plan, {model, code}, store, work);
}
