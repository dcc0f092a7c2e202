#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/harness/cli/call.hpp"

/// A folder of the shared cases with a database of its own.
class Case {
public:
    explicit Case(const std::string& name) : path_(shared_data("cases/" + name)) {}

    bool is_there() const { return path_.has_value(); }
    std::string operator/(const std::string& file) const { return (*path_ / file).string(); }

    Result call(const std::vector<std::string>& arguments) const { return Call(arguments).in(folder_.path()).run(); }

    Result run(const std::string& suite, const std::string& tasks, const std::string& data,
               const std::string& model = "demo:base") const {
        return call({"run", "--suite", suite, "--tasks", *this / tasks, "--data", *this / data, "--model", model,
                     "--allow-code-execution"});
    }

    nlohmann::json shown(const std::string& run) const {
        return nlohmann::json::parse(call({"show", run, "--json"}).out);
    }

    nlohmann::json compared(const std::string& first, const std::string& second) const {
        return nlohmann::json::parse(call({"compare", first, second, "--json"}).out);
    }

    /// The working folder of the calls.
    const Temporary& folder() const { return folder_; }
    bool made_database() const { return std::filesystem::exists(folder_ / "bellwether.sqlite"); }

private:
    std::optional<std::filesystem::path> path_;
    Temporary folder_;
};
