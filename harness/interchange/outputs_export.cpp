#include "harness/interchange/outputs_export.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/base64.hpp"
#include "harness/base/json.hpp"
#include "harness/interchange/outputs_documents.hpp"
#include "harness/results/licence.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/transaction.hpp"
#include "suites/text.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;

/// The run's settings, with what the task asked of generations.
ordered_json settings_of(const store::RunRow& run, const store::RunTaskRow& task) {
    ordered_json settings = base::ordered_json_or_null(run.settings_json);
    if (!settings.is_object()) settings = ordered_json::object();
    for (auto setting = settings.begin(); setting != settings.end();)
        setting = setting->is_primitive() && !setting->is_null() ? std::next(setting) : settings.erase(setting);
    const ordered_json generation = base::ordered_json_or_null(task.generation_json);
    if (generation.is_object() && generation.contains("max_gen_toks"))
        settings["max_tokens"] = generation["max_gen_toks"];
    return settings;
}

/// What tells of the item, before the output.
ordered_json head_of(const store::ItemRow& item) {
    ordered_json line = {{"id", document_id(item.document_json, item.doc)}};
    const ordered_json document = base::ordered_json_or_null(item.document_json);
    if (!document.is_object() || !document.contains("turns")) return line;
    const ordered_json& turns = document["turns"];
    const bool are_turns =
        turns.is_array() && !turns.empty() && std::all_of(turns.begin(), turns.end(), [](const ordered_json& turn) {
            return turn.is_object() && turn.contains("role") && turn.contains("content");
        });
    if (are_turns) line["turns"] = turns;
    return line;
}

class Writer {
public:
    Writer(const store::RunRow& run, const store::RunTaskRow& task, const engine::Licence& licence,
           const std::function<void(std::string_view)>& write)
        : run_(run), task_(task), licence_(licence), settings_(settings_of(run, task)), write_(write) {}

    std::uint64_t write(const store::ItemRow& item) const {
        const ordered_json head = head_of(item);
        if (!item.error.empty()) {
            ordered_json line = head;
            line["error"] = item.error;
            finish(std::move(line), 0);
            return 1;
        }
        std::uint64_t lines = 0;
        for (const store::RequestRow& request : item.requests) {
            if (request.kind != "generate") continue;
            ordered_json line = head;
            line["prompt"] = request.context;
            line["output"] = request.output;
            // JSON has no place for bytes that are not UTF-8: "output" has U+FFFD for them.
            if (!suites::is_utf8(request.output)) line["output_base64"] = base::to_base64(request.output);
            if (!request.finish.empty()) line["finish"] = request.finish;
            if (!request.finish.empty() || request.cut_tokens > 0) line["cut_tokens"] = request.cut_tokens;
            finish(std::move(line), lines++);
        }
        return lines;
    }

private:
    void finish(ordered_json line, std::uint64_t sample) const {
        line["model"] = run_.variant;
        line["task"] = task_.task;
        line["documents"] = task_.planned_items;
        line["sample"] = sample;
        line["settings"] = settings_;
        line["date"] = run_.created;
        if (licence_.is_llama2()) line["licence"] = licence_.name;
        write_(base::ordered_json_text(line) + '\n');
    }

    const store::RunRow& run_;
    const store::RunTaskRow& task_;
    const engine::Licence& licence_;
    ordered_json settings_;
    const std::function<void(std::string_view)>& write_;
};

}  // namespace

std::uint64_t export_outputs(const store::RunStore& runs, const store::RunRow& run,
                             const std::function<void(std::string_view)>& write) {
    const store::ReadTransaction one_moment(runs.database());
    std::uint64_t lines = 0;
    const engine::Licence licence = results::run_licence(runs, run);
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        if (task.kind != "generate") continue;
        const Writer writer(run, task, licence, write);
        store::ItemReader items(runs, task.id);
        while (const store::ItemRow* item = items.next()) lines += writer.write(*item);
    }
    return lines;
}

}  // namespace harness::interchange
