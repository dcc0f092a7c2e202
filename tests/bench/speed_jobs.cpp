#include "speed_jobs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "child.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kGibibyte = 1024.0 * 1024 * 1024;
constexpr double kMegabyte = 1e6;

std::string upper(std::string text) {
    for (char& letter : text) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return text;
}

/// `bellwether run` in a new database, which replaces that of the last call.
Command run_command(const Setup& setup, const std::string& suite, std::uint32_t limit, const std::string& numerics) {
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(setup.file("run.sqlite") + end);
    return {setup.bellwether, "run",    "--model", setup.model("q4_0"),
            "--suite",        suite,    "--limit", std::to_string(limit),
            "--numerics",     numerics, "--db",    setup.file("run.sqlite"),
            "--json"};
}

std::vector<Question> rendered(const Setup& setup, const std::string& suite, std::uint32_t limit,
                               const std::string& fewshot) {
    return questions_in(run_child({setup.bellwether, "suites", "render", suite, "--limit", std::to_string(limit),
                                   "--fewshot", fewshot, "--jsonl"})
                            .output);
}

struct Suite {
    std::string row;           ///< key of the row without the numerics
    std::string Setup::*name;  ///< of the task
    std::string fewshot;
};

Job questions_job(const Suite& suite, const std::string& numerics) {
    const std::string key = fmt::format("{}-{}", suite.row, numerics);
    Job job{.name = key, .keys = {key}, .ours = {}, .peer = {}};
    const bool has_memory = key == "mmlu-fast";
    if (has_memory) job.keys.emplace_back("memory");
    job.ours = [=](const Setup& setup, const Record& record) {
        Command command = run_command(setup, setup.*suite.name, setup.questions, numerics);
        command.insert(command.end(), {"--fewshot", suite.fewshot});
        const Cost cost = run_child(command).cost;
        record(key, setup.questions / cost.wall_seconds);
        if (has_memory) record("memory", cost.peak_bytes / kGibibyte);
    };
    if (numerics != "fast") return job;  // the peer is measured once for both
    job.peer = [=](const Setup& setup, const Record& record) {
        const std::vector<Question> questions = rendered(setup, setup.*suite.name, setup.questions, suite.fewshot);
        // The faster way of each: with a prompt cache for shared examples, all choices in a batch without them.
        if (has_memory && !setup.peer.server.empty()) {
            const Cost cost = peer_server(setup.peer, setup.model("q4_0"), {.questions = questions});
            record(suite.row, setup.questions / cost.wall_seconds);
            record("memory", cost.peak_bytes / kGibibyte);
        } else if (!has_memory && !setup.peer.perplexity.empty()) {
            const Cost cost = peer_choices(setup.peer, setup.model("q4_0"), questions, setup.folder);
            record(suite.row, setup.questions / cost.wall_seconds);
        }
    };
    return job;
}

/// Prompts of 256 tokens and decoding after 128, of one sequence.
Job rates_job(const std::string& type, const std::string& numerics) {
    const std::string prefill = fmt::format("prefill-{}", type);
    const std::string decode = fmt::format("decode-{}", type);
    Job job{.name = fmt::format("rates-{}-{}", type, numerics), .keys = {}, .ours = {}, .peer = {}};
    for (const std::string& work : {prefill, decode}) job.keys.push_back(fmt::format("{}-{}", work, numerics));
    job.ours = [=](const Setup& setup, const Record& record) {
        // With this context the longest measured prompt has 256 tokens.
        const json rates =
            json::parse(run_child({setup.bellwether, "bench", setup.model(type), "--only", "prefill,decode",
                                   "--context", "384", "--numerics", numerics, "--json"})
                            .output);
        for (const json& row : rates.at("rows")) {
            const bool is_prompt = row.at("work") == "prefill";
            if (row.at("sequences") == 1 && (is_prompt ? row.at("tokens") == 256 : row.at("cached") == 128))
                record(fmt::format("{}-{}", is_prompt ? prefill : decode, numerics), row.at("tokens_per_second"));
        }
    };
    if (numerics == "exact") {  // measured once for both
        job.peer = [=](const Setup& setup, const Record& record) {
            if (setup.peer.bench.empty()) return;
            const PeerRates rates = peer_rates(setup.peer, setup.model(type));
            record(prefill, rates.prefill);
            record(decode, rates.decode);
        };
    }
    return job;
}

/// Tokens of all answers in the database of the last run. An answer may have ended before its limit.
double answer_tokens(const Setup& setup) {
    const std::string report = setup.file("run.json");
    run_child({setup.bellwether, "report", "latest", "--out", report, "--db", setup.file("run.sqlite")});
    return json::parse(std::ifstream(report)).at("runs").at(0).at("cost").at("answer_tokens");
}

Job generation_job(const std::string& numerics) {
    const std::string key = fmt::format("generation-{}", numerics);
    Job job{.name = key, .keys = {key}, .ours = {}, .peer = {}};
    job.ours = [=](const Setup& setup, const Record& record) {
        Command command = run_command(setup, "helpfulness", setup.sequences, numerics);
        command.insert(command.end(), {"--max-tokens", std::to_string(setup.tokens)});
        const Cost cost = run_child(command).cost;
        record(key, answer_tokens(setup) / cost.wall_seconds);
    };
    if (numerics == "fast") {
        job.peer = [](const Setup& setup, const Record& record) {
            if (setup.peer.server.empty()) return;
            const Cost cost = peer_server(setup.peer, setup.model("q4_0"),
                                          {.questions = rendered(setup, "helpfulness", setup.sequences, "0"),
                                           .slots = 8,
                                           .tokens = setup.tokens,
                                           .context = 8192});
            record("generation", setup.sequences * setup.tokens / cost.wall_seconds);
        };
    }
    return job;
}

Command first_token(const Setup& setup) {
    return {setup.bellwether, "generate", setup.model("q4_0"), "--prompt", "The",
            "--max-tokens",   "1",        "--numerics",        "fast"};
}

Job start_job() {
    Job job{.name = "start", .keys = {"start", "start-cpu"}, .ours = {}, .peer = {}};
    job.ours = [](const Setup& setup, const Record& record) {
        const Cost cost = run_child(first_token(setup)).cost;
        record("start", cost.wall_seconds);
        record("start-cpu", cost.cpu_seconds);
    };
    job.peer = [](const Setup& setup, const Record& record) {
        if (setup.peer.server.empty()) return;
        const Cost cost =
            peer_server(setup.peer, setup.model("q4_0"), {.questions = {{.prompt = "The", .choices = {}}}});
        record("start", cost.wall_seconds);
        record("start-cpu", cost.cpu_seconds);
    };
    return job;
}

Job kept_start_job() {
    return {.name = "start-kept",
            .keys = {"start-kept"},
            .ours =
                [](const Setup& setup, const Record& record) {
                    Command command = first_token(setup);
                    command.insert(command.end(), {"--weights-cache", setup.file("weights")});
                    if (!fs::exists(setup.file("weights"))) run_child(command);
                    record("start-kept", run_child(command).cost.wall_seconds);
                },
            .peer = {}};
}

/// With empty caches of compiled kernels, the driver's and ours.
Job cold_start_job() {
    return {.name = "start-cold",
            .keys = {"start-cold"},
            .ours =
                [](const Setup& setup, const Record& record) {
                    const std::string cold = setup.file("cold");
                    fs::remove_all(cold);
                    fs::create_directories(cold);
                    record("start-cold",
                           run_child(first_token(setup), {{"MESA_SHADER_CACHE_DIR", cold}, {"XDG_CACHE_HOME", cold}})
                               .cost.wall_seconds);
                },
            .peer = {}};
}

Job store_job(const std::string& name, const Command& arguments) {
    Job job{.name = name, .keys = {name + "-cpu", name + "-memory"}, .ours = {}, .peer = {}};
    job.ours = [=](const Setup& setup, const Record& record) {
        const std::string database = setup.file(fmt::format("items-{}.sqlite", setup.items));
        if (!fs::exists(database))
            run_child({setup.tools + "/store_bench", "--generate", database, "--items", std::to_string(setup.items)});
        Command command = {setup.bellwether};
        for (const std::string& word : arguments)
            command.push_back(word.starts_with("OUT") ? setup.file("out" + word.substr(3)) : word);
        command.insert(command.end(), {"--db", database});
        const Cost cost = run_child(command).cost;
        record(name + "-cpu", cost.cpu_seconds);
        record(name + "-memory", cost.peak_bytes / kMegabyte);
    };
    return job;
}

}  // namespace

std::string Setup::file(const std::string& name) const {
    return (fs::path(folder) / name).string();
}

std::string Setup::model(const std::string& type) const {
    if (const auto given = models.find(type); given != models.end()) return given->second;
    std::string path =
        file(fmt::format("random-{}{}-{}.gguf", shape, layers == 0 ? "" : fmt::format("-{}", layers), upper(type)));
    if (!fs::exists(path)) {
        Command command = {tools + "/random_model", path + ".part", shape, upper(type)};
        if (layers != 0) command.push_back(std::to_string(layers));
        if (!vocabulary.empty()) command.insert(command.end(), {"--vocabulary", vocabulary});
        run_child(command);
        fs::rename(path + ".part", path);
    }
    return path;
}

std::vector<Job> all_jobs() {
    std::vector<Job> jobs;
    for (const Suite& suite : {Suite{"mmlu", &Setup::mmlu, "5"}, Suite{"arc", &Setup::arc, "0"},
                               Suite{"hellaswag", &Setup::hellaswag, "0"}}) {
        for (const char* numerics : {"fast", "exact"}) jobs.push_back(questions_job(suite, numerics));
    }
    for (const char* type : {"q4_0", "q8_0", "q4_k"}) jobs.push_back(rates_job(type, "fast"));
    // Fast numerics of F16 are the exact ones.
    for (const char* type : {"q4_0", "q8_0", "q4_k", "f16"}) jobs.push_back(rates_job(type, "exact"));
    for (const char* numerics : {"fast", "exact"}) jobs.push_back(generation_job(numerics));
    jobs.push_back(start_job());
    jobs.push_back(kept_start_job());
    jobs.push_back(cold_start_job());
    jobs.push_back(store_job("report", {"report", "1", "2", "--out", "OUT.html"}));
    jobs.push_back(store_job("compare", {"compare", "1", "2"}));
    jobs.push_back(store_job("compare-items", {"compare", "1", "2", "--items"}));
    jobs.push_back(store_job("show", {"show", "1"}));
    jobs.push_back(store_job("export", {"export", "1", "--out", "/dev/null"}));
    jobs.push_back(store_job("export-lm-eval", {"export", "1", "--format", "lm-eval", "--out", "OUT-lm-eval"}));
    return jobs;
}

}  // namespace bench
