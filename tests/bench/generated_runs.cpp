#include "generated_runs.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/transaction.hpp"
#include "reports/statistics/counter_random.hpp"

namespace bench {
namespace {

using namespace harness::store;
using reports::statistics::random_below;
using reports::statistics::random_bits;
using reports::statistics::random_unit;

constexpr std::uint64_t kBatch = 20'000;     ///< items of a transaction
constexpr std::size_t kDocumentBytes = 440;  ///< of a question, which makes a document of about 500
constexpr std::uint64_t kRepeatEvery = 997;  ///< one document in so many equals the one before it
constexpr std::uint64_t kFailEvery = 1499;   ///< one item in so many failed in the second run

enum class Kind { TwoChoices, FourChoices, Sums, Prompts };

struct TaskPlan {
    std::string name;
    Kind kind = Kind::TwoChoices;
    std::uint64_t items = 0;
};

/// What is drawn for a document; a stream of its own each.
enum class Draw : std::uint64_t { Text, Answer, Verdict, Difference, Likelihood, Refusal };

/// The random numbers of one item. Those of `run` 0 belong to the document, which both runs share.
class Item {
public:
    Item(std::uint64_t seed, std::uint64_t run, std::uint64_t doc) : seed_(seed), run_(run), doc_(doc) {}

    std::uint64_t bits(Draw draw, std::uint64_t index = 0) const {
        return random_bits(seed_ + run_, (static_cast<std::uint64_t>(draw) << 32U) + index, doc_);
    }
    std::size_t below(Draw draw, std::size_t size, std::uint64_t index = 0) const {
        return random_below(bits(draw, index), size);
    }
    double unit(Draw draw, std::uint64_t index = 0) const { return random_unit(bits(draw, index)); }

private:
    std::uint64_t seed_;
    std::uint64_t run_;
    std::uint64_t doc_;
};

std::string words_of(const Item& document, std::size_t bytes) {
    constexpr std::array<std::string_view, 16> kWords = {"the",    "river", "of",   "town", "seven", "caf\u00e9",
                                                         "market", "is",    "near", "old",  "who",   "made",
                                                         "light",  "green", "and",  "song"};
    std::string text;
    for (std::uint64_t word = 0; text.size() < bytes; ++word) {
        if (word > 0) text += ' ';
        text += kWords.at(document.below(Draw::Text, kWords.size(), word));
    }
    return text;
}

/// Of every kRepeatEvery documents the last equals the one before it.
std::uint64_t content_number(std::uint64_t doc) {
    return doc % kRepeatEvery == kRepeatEvery - 1 ? doc - 1 : doc;
}

std::vector<std::string> choices_of(const Item& document, std::size_t count) {
    std::vector<std::string> choices;
    for (std::size_t i = 0; i < count; ++i)
        choices.push_back(fmt::format("choice {}", document.below(Draw::Answer, 1000, i + 1)));
    return choices;
}

std::string quoted_list(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", text);
    return "[" + list + "]";
}

RequestRow choice_request(const Item& item, const std::string& prompt, const std::string& choice, std::size_t index) {
    RequestRow request{.kind = "choice",
                       .context = prompt,
                       .continuation = " " + choice,
                       .logprob = -20 * item.unit(Draw::Likelihood, index),
                       .context_tokens = 120};
    request.tokens = {{1000, request.logprob / 4}, {29871, request.logprob / 4 * 3}};
    return request;
}

/// Whether an item is correct: as the document says, except for one in eight of the second run.
bool is_correct(const Item& document, const Item& item, std::uint64_t run) {
    const bool shared = document.unit(Draw::Verdict) < 0.6;
    return run == 2 && item.below(Draw::Difference, 8) == 0 ? !shared : shared;
}

void fill_choice(ItemRow& row, const Item& document, const Item& item, std::uint64_t run, std::size_t count) {
    const std::string question = words_of(document, kDocumentBytes);
    const std::vector<std::string> choices = choices_of(document, count);
    const std::size_t answer = document.below(Draw::Answer, count);
    row.document_json =
        fmt::format(R"({{"question":"{}","choices":{},"answer":{}}})", question, quoted_list(choices), answer);
    row.target = std::to_string(answer);
    const std::string prompt = "Question: " + question + "\nAnswer:";
    for (std::size_t i = 0; i < count; ++i) row.requests.push_back(choice_request(item, prompt, choices[i], i));
    const double correct = is_correct(document, item, run) ? 1 : 0;
    const double normalised = item.below(Draw::Difference, 16, 1) == 0 ? 1 - correct : correct;
    row.scores = {{"acc", correct}, {"acc_norm", normalised}, {"prompt_truncated", 0.0}};
}

void fill_sum(ItemRow& row, const Item& document, const Item& item, std::uint64_t run) {
    const std::string question = words_of(document, kDocumentBytes);
    const std::size_t answer = document.below(Draw::Answer, 100'000);
    row.document_json = fmt::format(R"({{"question":"{}","answer":"{}"}})", question, answer);
    row.target = std::to_string(answer);
    const bool correct = is_correct(document, item, run);
    const std::string taken = std::to_string(correct ? answer : answer + 1);
    row.requests = {{.kind = "generate",
                     .context = "Question: " + question + "\nAnswer:",
                     .output = fmt::format(" {} so the answer is {}", words_of(item, kDocumentBytes / 4), taken),
                     .finish = "stop",
                     .context_tokens = 120,
                     .tokens = {{1000, 0}, {29871, 0}, {2, 0}}}};
    row.answers = {{"last-number", taken}};
    row.scores = {{"empty_output", 0.0},
                  {"exact_match,last-number", correct ? 1.0 : 0.0},
                  {"extraction_failed,last-number", 0.0},
                  {"length_limited", item.below(Draw::Difference, 50, 2) == 0 ? 1.0 : 0.0},
                  {"prompt_truncated", 0.0}};
}

void fill_prompt(ItemRow& row, const Item& document, const Item& item) {
    const std::string prompt = words_of(document, kDocumentBytes);
    row.document_json = fmt::format(R"({{"prompt":"{}","looks_unsafe":true}})", prompt);
    const bool refused = item.unit(Draw::Refusal) < 0.3;
    row.requests = {{.kind = "generate",
                     .context = "[INST] " + prompt + " [/INST]",
                     .output = refused ? "I cannot help with that request." : words_of(item, kDocumentBytes),
                     .finish = "eos",
                     .context_tokens = 120,
                     .tokens = {{1000, 0}, {2, 0}}}};
    row.scores = {
        {"empty_output", 0.0}, {"length_limited", 0.0}, {"prompt_truncated", 0.0}, {"refusal", refused ? 1.0 : 0.0}};
}

std::vector<TaskPlan> plans_of(const GeneratedRuns& what) {
    if (what.shape == Shape::OneTask) return {{"bench_pairs", Kind::TwoChoices, what.items}};
    const std::uint64_t quarter = what.items / 4;
    return {{"bench_pairs", Kind::TwoChoices, what.items - 3 * quarter},
            {"bench_choices", Kind::FourChoices, quarter},
            {"bench_sums", Kind::Sums, quarter},
            {"bench_refusal", Kind::Prompts, quarter}};
}

MetricRow share(const std::string& name, const std::string& filter = "") {
    return {.name = name, .interval = "share", .filter = filter};
}

MetricRow counter(const std::string& name, const std::string& filter = "") {
    return {.name = name, .kind = "counter", .direction = "lower", .interval = "share", .filter = filter};
}

std::vector<MetricRow> metrics_of(Kind kind) {
    switch (kind) {
        case Kind::TwoChoices:
        case Kind::FourChoices: return {share("acc"), share("acc_norm"), counter("prompt_truncated")};
        case Kind::Sums:
            return {share("exact_match,last-number", "last-number"),
                    counter("extraction_failed,last-number", "last-number"), counter("empty_output"),
                    counter("length_limited"), counter("prompt_truncated")};
        case Kind::Prompts: break;
    }
    return {share("refusal"), counter("empty_output"), counter("length_limited"), counter("prompt_truncated")};
}

RunTaskRow task_row(const TaskPlan& plan) {
    const bool asks_choices = plan.kind == Kind::TwoChoices || plan.kind == Kind::FourChoices;
    return {.task = plan.name,
            .version = 1,
            .profile = "bench",
            .fewshot = 0,
            .definition_json = fmt::format(R"({{"name":"{}","version":1}})", plan.name),
            .planned_items = plan.items,
            .kind = asks_choices ? "choice" : "generate",
            .generation_json = asks_choices ? "" : R"({"max_gen_toks":64,"until":["\n"]})",
            .metrics = metrics_of(plan.kind)};
}

ItemRow item_row(const TaskPlan& plan, const GeneratedRuns& what, std::uint64_t run, std::uint64_t doc) {
    const std::uint64_t task = 1000 * (static_cast<std::uint64_t>(plan.kind) + 1);
    const Item document(what.seed + task, 0, content_number(doc));
    const Item item(what.seed + task, run, doc);
    ItemRow row;
    row.doc = doc;
    switch (plan.kind) {
        case Kind::TwoChoices: fill_choice(row, document, item, run, 2); break;
        case Kind::FourChoices: fill_choice(row, document, item, run, 4); break;
        case Kind::Sums: fill_sum(row, document, item, run); break;
        case Kind::Prompts: fill_prompt(row, document, item); break;
    }
    if (run == 2 && doc % kFailEvery == kFailEvery - 1) {
        row.error = fmt::format("the prompt has {} tokens, the context {}", 4096 + doc % 100, 4096);
        row.requests.clear();
        row.scores.clear();
        row.answers.clear();
    }
    return row;
}

RunRow open_run(RunStore& runs, const GeneratedRuns& what, std::uint64_t run) {
    const ModelRow model{fmt::format("{:064x}", run), fmt::format("model {}", run), "generated",
                         R"({"parameters":1000000,"quantisation":"F16"})"};
    const RunRow plan{.plan_hash = fmt::format("{:032x}{:032x}", run + 1, what.seed),
                      .plan_json = "{}",
                      .model_fingerprint = model.fingerprint,
                      .model_name = model.name,
                      .variant = fmt::format("model {}", run),
                      .created = "2025-01-31T12:00:00Z",
                      .finished = "",
                      .numerics = "exact-4",
                      .device = "generated",
                      .driver = "none",
                      .engine_version = "0.1.0",
                      .settings_json = R"({"bos":"model","chat":false,"seed":1234})"};
    std::vector<RunTaskRow> tasks;
    for (const TaskPlan& task : plans_of(what)) tasks.push_back(task_row(task));
    return runs.open_run(model, plan, tasks);
}

/// Stores the items whose number is `part` modulo `parts`.
void add_items(const Database& database, const GeneratedRuns& what, std::uint64_t run, std::uint64_t part,
               std::uint64_t parts) {
    RunStore runs(database);
    const RunRow row = open_run(runs, what, run);
    const std::vector<TaskPlan> plans = plans_of(what);
    const std::vector<RunTaskRow> tasks = runs.tasks(row.id);
    for (std::size_t task = 0; task < plans.size(); ++task) {
        std::vector<ItemRow> batch;
        const auto store = [&] {
            runs.add_items(tasks[task].id, batch);
            batch.clear();
        };
        for (std::uint64_t doc = part; doc < plans[task].items; doc += parts) {
            batch.push_back(item_row(plans[task], what, run, doc));
            if (batch.size() == kBatch) store();
        }
        store();
    }
    if (parts == 1) runs.finish_run(row.id, "2025-01-31T13:00:00Z");
}

void remove_database(const std::string& path) {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
}

}  // namespace

void generate_runs(const std::string& path, const GeneratedRuns& what) {
    remove_database(path);
    const Database database(path, OpenMode::Create);
    for (const std::uint64_t run : {1, 2}) add_items(database, what, run, 0, 1);
}

void generate_shards(const std::string& first, const std::string& second, const GeneratedRuns& what) {
    std::uint64_t part = 0;
    for (const std::string& path : {first, second}) {
        remove_database(path);
        const Database database(path, OpenMode::Create);
        add_items(database, what, 1, part, 2);
        RunStore runs(database);
        runs.begin_shard(runs.find_run("latest").id, ++part, 2);
        runs.finish_shard(runs.find_run("latest").id, part, 2);
    }
}

}  // namespace bench
