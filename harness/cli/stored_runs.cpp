#include "harness/cli/stored_runs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {

store::Database database_to_read(const std::string& path) {
    return store::Database(path, store::OpenMode::ReadOnly);
}

namespace {

store::LockWait announced() {
    store::LockWait wait;
    wait.notice = [](std::string_view message) { print_error("{}\n", message); };
    return wait;
}

}  // namespace

store::Database database_to_write(const std::string& path) {
    return store::Database(path, store::OpenMode::Create, announced());
}

store::Database database_to_change(const std::string& path) {
    return store::Database(path, store::OpenMode::ReadWrite, announced());
}

DatabaseToWrite::DatabaseToWrite(std::string path) : path_(std::move(path)) {
    store::check_database_name(path_);
    std::error_code ignored;
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    const bool can_create = ::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0;
    if (std::filesystem::exists(path_, ignored) || !can_create) get();
}

const store::Database& DatabaseToWrite::get() {
    if (!database_) database_.emplace(path_, store::OpenMode::Create, announced());
    return *database_;
}

store::RunStore& RunsToWrite::runs() {
    if (!runs_) runs_.emplace(database_.get());
    return *runs_;
}

store::RunRow resolve(const store::RunStore& runs, const std::string& reference) {
    try {
        return runs.find_run(reference);
    } catch (const store::NoSuchRunError& error) {
        const auto near = suites::nearest(reference, {"latest"});
        throw base::UsageError(error.what() +
                               std::string(near ? "; did you mean \"latest\"? ('bellwether runs' lists them)"
                                                : "; 'bellwether runs' lists them"));
    }
}

}  // namespace harness::cli
