#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/make_folder.hpp"
#include "harness/base/output_file.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "safety/prompts/import.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct PromptsImportOptions {
    safety::prompts::ImportOptions prompts{.file = {}, .name = {}, .language = "en", .field = {}};
    std::string grader = "none";
    std::string folder;
};

json task_json(const PromptsImportOptions& options, const std::string& content) {
    const std::string& name = options.prompts.name;
    const bool counts = options.grader != "none";
    return {{"name", name},
            {"version", 1},
            {"profile", "own"},
            {"kind", "generate"},
            {"chat", true},
            {"description",
             fmt::format("Prompts imported from {}", std::filesystem::path(options.prompts.file).filename().string())},
            {"source", fmt::format("{}.jsonl, SHA-256 {}", name, base::sha256_hex(content))},
            {"licence", "that of the imported file"},
            {"citation", ""},
            {"data", {{"test", {fmt::format("{}.jsonl", name)}}}},
            {"conversation", "turns"},
            {"max_tokens", 1024},
            {"grader", options.grader},
            {"metrics", {counts ? options.grader : "score"}}};
}

void check_name(const std::string& name) {
    if (name.empty()) throw base::UsageError("--name is missing: the name of the new set and its task");
    const bool is_right = std::all_of(
        name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (!is_right)
        throw base::UsageError(fmt::format("--name: '{}'; a name has lower-case letters, digits and _", name));
    if (task_catalog({}).find(name) != nullptr)
        throw base::UsageError(fmt::format("--name: there is a task '{}' already", name));
}

ExitCode import(const PromptsImportOptions& options) {
    check_name(options.prompts.name);
    if (options.folder.empty()) throw base::UsageError("--out is missing: the folder of the new set and its task");
    const std::vector<safety::prompts::Prompt> prompts = safety::prompts::import_prompts(options.prompts);
    std::string content;
    for (const safety::prompts::Prompt& prompt : prompts) content += to_line(prompt) + "\n";
    const std::filesystem::path folder(options.folder);
    base::make_folder(options.folder);
    const std::string& name = options.prompts.name;
    base::write_output((folder / (name + ".jsonl")).string(), content);
    base::write_output((folder / (name + ".json")).string(), task_json(options, content).dump(2) + "\n");
    print("{} prompts in {}\nrun them with: bellwether run --model MODEL --tasks {} --data {} --suite {}\n",
          prompts.size(), (folder / (name + ".jsonl")).string(), options.folder, options.folder, name);
    return ExitCode::Done;
}

}  // namespace

void add_prompts_import(Verb& prompts) {
    Verb& verb = prompts.verb("import", "Prompts of another project as a set and a task of your own");
    auto& options = verb.command(import);
    verb.argument("FILE", text_not_empty(options.prompts.file),
                  "JSON lines, a JSON list, CSV or TSV (each also .gz), or .txt with a prompt on each line")
        .required();
    verb.option("--name", "NAME", text_not_empty(options.prompts.name), "Name of the set and its task").of_its_verb();
    verb.option("--out", "FOLDER", text_not_empty(options.folder), "Where NAME.jsonl (prompts) and NAME.json (task) go")
        .of_its_verb();
    verb.option("--field", "NAME", text_not_empty(options.prompts.field),
                "Field with the prompt or the turns (default: the first of the usual names, such as turns, prompt, "
                "goal, instruction)");
    verb.option("--language", "CODE", text_not_empty(options.prompts.language),
                "ISO 639 code of the prompts (default: en)");
    verb.option("--grader", "NAME", word_of(options.grader, {"none", "refusal", "compliance"}),
                "none (default): outputs are kept without a score; refusal or compliance: the share of answers that "
                "refuse, or do not");
    verb.example("bellwether prompts import harmful_behaviors.csv --name advbench --out my_sets --grader refusal");
}

}  // namespace harness::cli
