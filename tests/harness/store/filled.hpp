#pragma once

#include <string>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "tests/harness/store/rows.hpp"

/// Makes a database with a run of three items.
inline void fill(const std::string& path) {
    const harness::store::Database database(path, harness::store::OpenMode::Create);
    harness::store::RunStore store(database);
    store.add_items(store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id,
                    {item(0), item(1), item(2)});
}
