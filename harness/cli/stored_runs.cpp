#include "harness/cli/stored_runs.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"

namespace harness::cli {

store::Database database_to_read(const std::string& path) {
    return store::Database(path, store::OpenMode::ReadOnly);
}

store::Database database_to_write(const std::string& path) {
    store::LockWait wait;
    wait.notice = [](std::string_view message) { print_error("{}\n", message); };
    return store::Database(path, store::OpenMode::Create, std::move(wait));
}

store::RunRow resolve(const store::RunStore& runs, const std::string& reference) {
    try {
        return runs.find_run(reference);
    } catch (const store::NoSuchRunError& error) {
        throw base::UsageError(fmt::format("{}; 'bellwether runs' lists them", error.what()));
    }
}

}  // namespace harness::cli
