#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/bench/bench.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/numerics_effect.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/run/options.hpp"
#include "suites/fetch.hpp"

namespace harness::cli {
namespace {

struct BenchOptions {
    std::string model;
    engine::bench::BenchParts parts;
    std::string tasks;    ///< if not empty: measure the effect of fast numerics on these tasks' scores instead of rates
    run::RunOptions run;  ///< data folder and limit, with tasks
    engine::EngineOptions engine;
    bool json = false;
};

using engine::bench::BenchResult;
using nlohmann::json;

constexpr double kMemoryPromise = 1.2;  // measured / planned
constexpr double kReusePromise = 5;     // questions per second with reuse / without

std::pair<double, double> range_of(const std::vector<engine::bench::NativeCeilings>& passes,
                                   double engine::bench::NativeCeilings::*rate) {
    double low = passes.front().*rate;
    double high = low;
    for (const engine::bench::NativeCeilings& pass : passes) {
        low = std::min(low, pass.*rate);
        high = std::max(high, pass.*rate);
    }
    return {low, high};
}

json rows_json(const BenchResult& bench) {
    json rows = json::array();
    for (const engine::bench::BenchRow& row : bench.rows) {
        rows.push_back({{"work", row.work},
                        {"sequences", row.sequences},
                        {"tokens", row.tokens},
                        {"cached", row.cached},
                        {"seconds", row.seconds},
                        {"tokens_per_second", row.tokens_per_second},
                        {"bytes", row.bytes},
                        {"flop", row.flop},
                        {"bytes_per_second", row.bytes_per_second},
                        {"flop_per_second", row.flop_per_second},
                        {"read_share", row.read_share},
                        {"flop_share", row.flop_share}});
    }
    return rows;
}

json memory_json(const engine::bench::MemoryCheck& memory) {
    const engine::MemoryUse& plan = memory.plan;
    return {{"weight_bytes", plan.weight_bytes},       {"kv_bytes_per_token", plan.cache_bytes_per_token},
            {"kv_tokens", plan.cache_tokens},          {"kv_bytes", plan.cache_bytes},
            {"scratch_bytes", plan.scratch_bytes},     {"logit_bytes", plan.logit_bytes},
            {"total_bytes", plan.total_bytes},         {"measured_bytes", memory.measured_bytes},
            {"resident_bytes", memory.resident_bytes}, {"measured_to_plan", memory.ratio()}};
}

/// The lowest and the highest pass; null for a device that is not the CPU.
json native_json(const std::vector<engine::bench::NativeCeilings>& passes) {
    if (passes.empty()) return nullptr;
    const auto [read_low, read_high] = range_of(passes, &engine::bench::NativeCeilings::read_bytes_per_second);
    const auto [flop_low, flop_high] = range_of(passes, &engine::bench::NativeCeilings::flop_per_second);
    return {{"threads", passes.front().threads},
            {"read_bytes_per_second", {read_low, read_high}},
            {"flop_per_second", {flop_low, flop_high}}};
}

json to_json(const BenchResult& bench, const std::string& variant) {
    json shown = {{"model", variant},
                  {"device", bench.card.device},
                  {"numerics", bench.card.numerics},
                  {"native", native_json(bench.native)},
                  {"open_seconds", bench.open_seconds},
                  {"first_token_seconds", bench.first_token_seconds},
                  {"read_bytes_per_second", bench.ceilings.read_bytes_per_second},
                  {"flop_per_second", bench.ceilings.flop_per_second},
                  {"memory", memory_json(bench.memory)},
                  {"rows", rows_json(bench)},
                  {"growth", nullptr},
                  {"scoring", nullptr}};
    if (bench.growth) {
        shown["growth"] = {{"seconds_per_forward", bench.growth->per_forward},
                           {"seconds_per_token", bench.growth->per_token},
                           {"seconds_per_token_per_1000_positions", bench.growth->per_position * 1000},
                           {"r_squared", bench.growth->r_squared}};
    }
    if (bench.scoring) {
        const engine::bench::ScoringRates& scoring = *bench.scoring;
        shown["scoring"] = {{"shared_tokens", scoring.shared_tokens},
                            {"question_tokens", scoring.question_tokens},
                            {"choices", scoring.choices},
                            {"questions", scoring.questions},
                            {"questions_per_second", scoring.questions_per_second},
                            {"questions_per_second_no_reuse", scoring.questions_per_second_alone},
                            {"tokens_per_question", scoring.tokens_per_question},
                            {"tokens_per_question_no_reuse", scoring.tokens_per_question_alone},
                            {"ratio", scoring.ratio()}};
    }
    return shown;
}

void print_rows(const BenchResult& bench) {
    using reports::sections::Column;
    if (bench.rows.empty()) return;
    auto table = table_of({{"work", Column::Key},
                           {"seqs", Column::Number},
                           {"tokens", Column::Number},
                           {"cached", Column::Number},
                           {"ms", Column::Number},
                           {"tokens/s", Column::Number},
                           {"GB", Column::Number},
                           {"of read", Column::Number},
                           {"GFLOP", Column::Number},
                           {"of peak", Column::Number}});
    for (const engine::bench::BenchRow& row : bench.rows) {
        table.rows.push_back({row.work, std::to_string(row.sequences), std::to_string(row.tokens),
                              std::to_string(row.cached), fmt::format("{:.2f}", row.seconds * 1e3),
                              fmt::format("{:.1f}", row.tokens_per_second), fmt::format("{:.3f}", row.bytes * 1e-9),
                              fmt::format("{:.1f}%", row.read_share * 100), fmt::format("{:.2f}", row.flop * 1e-9),
                              fmt::format("{:.1f}%", row.flop_share * 100)});
    }
    print("\n");
    print_table(table);
    if (bench.growth) {
        const engine::bench::GrowthFit& fit = *bench.growth;
        print("\n");
        print_paragraph(fmt::format("prefill takes {:.2f} ms + {:.3f} ms per token + {:.3f} ms per token and 1,000 "
                                    "positions (least squares over the rows above, R^2 {:.4f})",
                                    fit.per_forward * 1e3, fit.per_token * 1e3, fit.per_position * 1e6, fit.r_squared),
                        kPlainColumns);
    }
}

void print_scoring(const engine::bench::ScoringRates& scoring) {
    print("\n");
    print_facts({{"scoring", fmt::format("questions of {} tokens behind {} shared ones, {} choices of one token each",
                                         scoring.question_tokens, scoring.shared_tokens, scoring.choices)},
                 {"  reuse", fmt::format("{:>9.3f} questions/s, {:.0f} tokens each ({} questions, examples included)",
                                         scoring.questions_per_second, scoring.tokens_per_question, scoring.questions)},
                 {"  --no-reuse", fmt::format("{:>9.3f} questions/s, {:.0f} tokens each",
                                              scoring.questions_per_second_alone, scoring.tokens_per_question_alone)},
                 {"  ratio", fmt::format("{:>9.1f} times ({:g} or more are promised: {})", scoring.ratio(),
                                         kReusePromise, scoring.ratio() >= kReusePromise ? "yes" : "no")}});
}

void print_memory(const engine::bench::MemoryCheck& memory) {
    const engine::MemoryUse& plan = memory.plan;
    print("\n");
    print_facts({{"memory",
                  fmt::format("planned {}: weights {}, KV cache {} ({} tokens of {}), activations {}, "
                              "logits {}",
                              human_bytes(plan.total_bytes), human_bytes(plan.weight_bytes),
                              human_bytes(plan.cache_bytes), plan.cache_tokens, human_bytes(plan.cache_bytes_per_token),
                              human_bytes(plan.scratch_bytes), human_bytes(plan.logit_bytes))}});
    if (memory.measured_bytes == 0) {
        print_facts({{"  measured", "not known: the driver does not say"}});
        return;
    }
    const std::string excess = human_bytes(memory.measured_bytes - std::min(memory.measured_bytes, plan.total_bytes));
    print_facts(
        {{"  measured", fmt::format("{} taken since before the model was opened, {:.3f} x of the plan",
                                    human_bytes(memory.measured_bytes), memory.ratio())},
         {"  promise",
          fmt::format(
              "memory within {:g} x of the plan: {}", kMemoryPromise,
              memory.ratio() <= kMemoryPromise
                  ? "yes"
                  : "no, " + excess + " more; driver and compiled kernels take some 30 to 40 MiB for any model")},
         {"  resident", fmt::format("{} of the process, with pages of the model file that the system can take back",
                                    human_bytes(memory.resident_bytes))}});
}

void print_native(const std::vector<engine::bench::NativeCeilings>& passes) {
    const auto [read_low, read_high] = range_of(passes, &engine::bench::NativeCeilings::read_bytes_per_second);
    const auto [flop_low, flop_high] = range_of(passes, &engine::bench::NativeCeilings::flop_per_second);
    print_paragraph(
        fmt::format("  the processor itself, {} threads: {:.1f} to {:.1f} GB/s read, {:.1f} to {:.1f} GFLOP/s; a share "
                    "is relative to the measurements just before and after that row",
                    passes.front().threads, read_low * 1e-9, read_high * 1e-9, flop_low * 1e-9, flop_high * 1e-9),
        kPlainColumns);
}

/// The parts named by --only.
engine::bench::BenchParts parts_of(const std::vector<std::string>& words) {
    std::set<std::string> named;
    for (const std::string& word : words) {
        std::istringstream list(word);
        for (std::string part; std::getline(list, part, ',');)
            named.insert(one_of(part, {"prefill", "decode", "scoring"}));
    }
    if (named.empty()) throw ValueError("the list is empty");
    return {
        .prefill = named.contains("prefill"), .decode = named.contains("decode"), .scoring = named.contains("scoring")};
}

ExitCode measure(const BenchOptions& options) {
    if (!options.tasks.empty()) {
        return print_numerics_effect({.model = options.model,
                                      .tasks = options.tasks,
                                      .run = options.run,
                                      .engine = options.engine,
                                      .json = options.json});
    }
    const model::ModelSource source(options.model);
    ProgressBar bar("bench", "measurements");
    const BenchResult bench =
        engine::bench::run_bench(source.path(), options.engine, options.parts,
                                 [&bar](const std::string& what, std::uint64_t done, std::uint64_t total) {
                                     bar.update(what, done, total, done);
                                 });
    if (options.json) {
        print_json(to_json(bench, source.variant()));
        return ExitCode::Done;
    }
    print_paragraph(fmt::format("{} on {}, numerics {}", source.variant(), bench.card.device, bench.card.numerics));
    print_paragraph(
        fmt::format("open in {:.2f} s, the first token {:.2f} s later", bench.open_seconds, bench.first_token_seconds));
    print_paragraph(fmt::format("ceilings measured in this run: device {:.1f} GB/s read, {:.1f} GFLOP/s multiply-add",
                                bench.ceilings.read_bytes_per_second * 1e-9, bench.ceilings.flop_per_second * 1e-9));
    if (!bench.native.empty()) print_native(bench.native);
    print_rows(bench);
    if (bench.scoring) print_scoring(*bench.scoring);
    print_memory(bench.memory);
    return ExitCode::Done;
}

}  // namespace

void add_bench(Verb& root) {
    Verb& verb =
        root.verb("bench", "Rates, scoring with shared few-shot examples, and memory, beside the device's ceilings");
    auto& options = verb.command(measure);
    verb.argument("MODEL", text_not_empty(options.model), kModelHelp).required();
    verb.option(
            "--only", "PART,...",
            [&options](const std::vector<std::string>& words) { options.parts = parts_of(words); },
            "Only these parts: prefill, decode, scoring (default: all, about two minutes for a model of 1.1 "
            "billion weights on two processors)")
        .arity = Arity::Several;
    json_flag(verb, options.json);
    verb.heading("Scores of tasks");
    const Option& tasks = verb.option("--task", "NAME,...", text_not_empty(options.tasks),
                                      "Instead of rates: scores of these tasks in exact and in fast numerics, and how "
                                      "far they are apart")
                              .of_its_verb();
    verb.option("--limit", "N", whole_number(options.run.limit, 1), "The first N documents of each task").needs(tasks);
    data_option(verb, options.run.data_dir);
    options.run.cache_dir = suites::default_data_dir();
    engine_options(verb, options.engine);
    verb.example("bellwether bench model-Q4_0.gguf");
    verb.example("bellwether bench model-Q4_0.gguf --task arc_easy --limit 200");
    verb.explain(
        {.title = "Columns of the table",
         .entries = {
             {"seqs",
              "sequences in the batch; those that decode share what is cached, as questions after few-shot "
              "examples do"},
             {"tokens",
              "tokens that go through the network: of one prompt (prefill), or one of each sequence (decode)"},
             {"cached", "tokens already in the KV cache, to which all of them attend"},
             {"ms", "one forward pass with its logits; of a prompt: the time to its first token"},
             {"GB",
              "weights and KV cache that must be read at least once; 'of read' is the share of the read bandwidth"},
             {"GFLOP",
              "operations of the matrices and of attention; 'of peak' is the share of the multiply-add peak"}}});
    verb.note(
        "Shares are of ceilings measured in the same run: on a software device the processor's own, without Vulkan.");
}

}  // namespace harness::cli
