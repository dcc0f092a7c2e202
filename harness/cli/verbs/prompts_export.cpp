#include <fmt/format.h>

#include <string>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/cli/prompt_sets.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "reports/text/csv.hpp"

namespace harness::cli {
namespace {

using safety::prompts::Prompt;

struct PromptsExportOptions {
    std::string set;
    std::vector<std::string> tags;
    std::string format = "jsonl";
    std::string out = "-";
};

/// Single-turn prompts unchanged; every turn of a conversation after the name of its role.
std::string shown_text(const Prompt& prompt) {
    if (prompt.is_single_turn()) return prompt.turns.front().content;
    std::string text;
    for (const suites::Message& turn : prompt.turns) {
        if (!text.empty()) text += "\n\n";
        text += fmt::format("{}: {}", turn.role == suites::Role::User ? "User" : "Assistant", turn.content);
    }
    return text;
}

std::string csv_line(const Prompt& prompt) {
    using reports::text::csv_text;
    const auto tag = [&prompt](const char* name) { return csv_text(prompt.tag(name)); };
    return reports::text::csv_line({csv_text(prompt.id), csv_text(shown_text(prompt)), tag("category"), tag("vector"),
                                    tag("hazard"), csv_text(prompt.language), csv_text(prompt.persona),
                                    csv_text(prompt.note)});
}

ExitCode export_prompts(const PromptsExportOptions& options) {
    const std::vector<Prompt> prompts = filtered(prompt_set(options.set).prompts, tag_filters(options.tags));
    base::OutputFile out(options.out);
    if (options.format == "csv") out.write("id,prompt,category,vector,hazard,language,persona,note\r\n");
    for (const Prompt& prompt : prompts) out.write(options.format == "csv" ? csv_line(prompt) : to_line(prompt) + "\n");
    out.finish();
    return ExitCode::Done;
}

}  // namespace

void add_prompts_export(Verb& prompts) {
    Verb& verb = prompts.verb("export", "Prompts of a set as JSON lines or CSV");
    auto& options = verb.command(export_prompts);
    verb.argument("SET", text_not_empty(options.set), "helpfulness, safety, borderline, or a set file").required();
    verb.option("--tag", "NAME=VALUE", texts(options.tags), "Only prompts with this tag").arity = Arity::Repeated;
    verb.option("--format", "NAME", word_of(options.format, {"jsonl", "csv"}),
                "jsonl (default; what 'run' reads), or csv with a conversation in one column")
        .of_its_verb();
    verb.option("--out", "FILE", text_not_empty(options.out), "File (default: standard output)").of_its_verb();
    verb.example("bellwether prompts export safety --tag language=de --out german.jsonl");
}

}  // namespace harness::cli
