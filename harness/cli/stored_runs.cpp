#include "harness/cli/stored_runs.hpp"

#include <fmt/format.h>

#include "harness/base/usage_error.hpp"

namespace harness::cli {

store::RunStore existing_store(const std::string& database) {
    return store::RunStore(database, store::OpenMode::ReadOnly);
}

store::RunRow resolve(const store::RunStore& runs, const std::string& reference) {
    try {
        return runs.find_run(reference);
    } catch (const store::NoSuchRunError& error) {
        throw base::UsageError(fmt::format("{}; 'bellwether runs' lists them", error.what()));
    }
}

}  // namespace harness::cli
