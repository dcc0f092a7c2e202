#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/bench/bench.hpp"
#include "engine/language_model.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/run/options.hpp"
#include "harness/run/shard.hpp"

/// What each verb was asked to do. Plain data: filled by `parse`, read by the commands.
namespace harness::cli {

/// What the process tells its caller.
enum class ExitCode {
    Done = 0,         ///< the work is done
    CheckFailed = 1,  ///< a check (compare --expect-identical) came out negative
    BadInput = 2,     ///< the call or its input was wrong
    WorkFailed = 3,   ///< device lost, disk full, ...
};

struct DevicesOptions {
    bool json = false;
};

struct InspectOptions {
    std::string model;
    engine::EngineOptions engine;  ///< for which the memory is planned
    bool tensors = false;
    bool json = false;
};

struct TokenizeOptions {
    std::string model;
    std::string text;
    bool no_bos = false;
    bool chat = false;
    std::string system_prompt;
    bool json = false;
};

struct GenerateOptions {
    std::string model;
    std::string prompt;
    std::optional<std::string> prompt_ids;  ///< comma-separated; instead of `prompt`
    bool show_ids = false;
    bool chat = false;
    std::string system_prompt;
    std::uint32_t max_tokens = 256;
    engine::Sampling sampling;
    engine::EngineOptions engine;
    bool json = false;
};

struct ScoreOptions {
    std::string model;
    std::string context;
    std::string continuation;
    std::optional<std::string> context_ids;       ///< comma-separated; instead of `context`
    std::optional<std::string> continuation_ids;  ///< comma-separated; instead of `continuation`
    engine::EngineOptions engine;
    bool json = false;
};

struct PerplexityOptions {
    std::string model;
    std::string file;
    engine::EngineOptions engine;
    bool json = false;
};

struct BenchOptions {
    std::string model;
    engine::bench::BenchParts parts;
    std::string tasks;    ///< not empty: what fast numerics do to their scores, instead of rates
    run::RunOptions run;  ///< data folder and limit, with tasks
    engine::EngineOptions engine;
    bool json = false;
};

struct SuitesListOptions {
    bool json = false;
};

struct SuitesShowOptions {
    std::string name;
    bool json = false;
};

struct SuitesFetchOptions {
    std::string names;
    std::string from;  ///< empty: the originals are downloaded
    std::string data_dir;
};

struct SuitesCheckOptions {
    std::string file;  ///< empty: every built-in task
};

struct SuitesRenderOptions {
    std::string name;
    std::string data_dir;
    std::optional<std::size_t> limit;
    std::optional<std::uint32_t> fewshot;
    std::uint64_t seed = 1234;
    bool jsonl = false;
};

struct RunVerbOptions {
    bool allow_code_execution = false;
    std::vector<std::string> models;
    std::string suites;
    std::string database;
    run::RunOptions run;
    run::Shard shard;
    engine::EngineOptions engine;
    bool verbose = false;
    bool json = false;
};

struct RunsOptions {
    std::string database;
    bool json = false;
};

struct ShowOptions {
    std::string run;
    std::string database;
    std::string task;
    std::optional<std::uint64_t> item;
    std::string against;  ///< model of the published numbers; empty: none
    bool json = false;
};

struct CompareOptions {
    std::string first;
    std::string second;
    std::string database;
    bool items = false;
    double tolerance = 0;
    bool expect_identical = false;
    std::string against;
    bool json = false;
};

struct ExportOptions {
    std::string run;
    std::string database;
    bool jsonl = false;
    std::string format;
    std::string out;  ///< file, or folder for lm-eval; empty: standard output
};

struct MergeOptions {
    std::string out;
    std::vector<std::string> stores;
    std::string plan;  ///< start of the hash of the one that is taken; empty: all
    bool allow_missing = false;
    bool json = false;
};

struct ImportOptions {
    std::vector<std::string> files;
    std::string format;
    std::string model;
    std::string profile;
    std::string database;
    bool json = false;
};

struct ReportOptions {
    std::vector<std::string> runs;
    std::string database;
    std::string out;
    std::string against;
    std::uint64_t shown_items = 0;
};

struct DemoOptions {
    std::string out;
    engine::EngineOptions engine;
};

/// A text to print and end with: help or version.
struct PrintOptions {
    std::string text;
};

using Options =
    std::variant<PrintOptions, DevicesOptions, InspectOptions, TokenizeOptions, GenerateOptions, ScoreOptions,
                 PerplexityOptions, BenchOptions, SuitesListOptions, SuitesShowOptions, SuitesFetchOptions,
                 SuitesCheckOptions, SuitesRenderOptions, RunVerbOptions, RunsOptions, ShowOptions, CompareOptions,
                 ExportOptions, MergeOptions, ImportOptions, ReportOptions, DemoOptions>;

using base::UsageError;

/// Throws UsageError.
Options parse(int argument_count, const char* const* arguments);

}  // namespace harness::cli
