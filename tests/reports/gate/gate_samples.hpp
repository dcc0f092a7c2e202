#pragma once

#include <string>
#include <vector>

#include "tests/reports/samples.hpp"

namespace reports_test {

/// A task as a gate needs it: documents, questions and answers with hashes. Every document and question is its number.
inline reports::data::TaskView gate_task(const std::string& name, const Values& scores) {
    reports::data::TaskView view = task(name, {metric("acc", scores)});
    for (const std::uint64_t doc : view.docs.numbers) {
        view.docs.contents.push_back(doc);
        view.docs.rows.push_back(doc);
        view.docs.asked.push_back(doc);
        view.docs.answered.push_back(doc);
    }
    view.planned = view.items;
    return view;
}

inline reports::data::RunView gate_run(std::int64_t id, const std::vector<reports::data::TaskView>& tasks) {
    return run(id, "model", tasks);
}

/// So many items, of which the first are right.
inline Values right(std::size_t count, std::size_t items) {
    Values values(items, 0.0);
    for (std::size_t i = 0; i < count; ++i) values[i] = 1.0;
    return values;
}

}  // namespace reports_test
