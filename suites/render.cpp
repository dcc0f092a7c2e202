// Documents -> items: templates, examples, requests.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "suites/embedded.hpp"
#include "suites/python_random.hpp"
#include "suites/rows.hpp"
#include "suites/task_definition.hpp"
#include "suites/wikitext.hpp"

namespace suites {
namespace {

using nlohmann::json;

/// The value at a dotted path. Throws SuiteError.
const json& at_path(const json& row, const std::string& path, const std::string& where) {
    const json* value = &row;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t dot = std::min(path.find('.', at), path.size());
        const std::string key = path.substr(at, dot - at);
        if (!value->is_object() || !value->contains(key)) throw SuiteError(fmt::format("{}: there is no field \"{}\"", where, path));
        value = &(*value)[key];
        at = dot + 1;
    }
    return *value;
}

std::string as_text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Replaces each {{path}} by the row's value.
std::string fill(const std::string& form, const json& row, const std::string& where) {
    std::string text;
    for (std::size_t at = 0;;) {
        const std::size_t open = form.find("{{", at);
        if (open == std::string::npos) return text.append(form, at);
        const std::size_t close = form.find("}}", open);
        if (close == std::string::npos) throw SuiteError(where + ": the template has {{ without }}");
        text.append(form, at, open - at).append(as_text(at_path(row, form.substr(open + 2, close - open - 2), where)));
        at = close + 2;
    }
}

std::vector<json> load(const std::vector<std::string>& files, const std::vector<std::string>& columns, const std::string& folder,
                       const std::string& task) {
    for (const std::string& file : files) {
        if (file.starts_with("demo:")) {
            for (const EmbeddedFile& embedded : embedded_files()) {
                if (embedded.name == file.substr(5)) return parse_jsonl(embedded.content, file);
            }
        }
        for (const std::string& path : {folder + "/" + file, folder + "/" + file + ".gz"}) {
            if (std::filesystem::exists(path)) return read_rows(path, columns);
        }
    }
    throw SuiteError(fmt::format("{}: no data: {}/{} is missing; 'bellwether suites fetch {} --from DIR' brings it there", task, folder,
                                 fmt::join(files, " or "), task));
}

class Renderer {
public:
    Renderer(const Task::Definition& task, std::string where) : task_(task), where_(std::move(where)) {}

    std::vector<std::string> choices(const json& row) const {
        const json& list = at_path(row, task_.choices, where_);
        if (!list.is_array() || list.empty()) throw SuiteError(fmt::format("{}: \"{}\" is not a list of choices", where_, task_.choices));
        std::vector<std::string> texts;
        for (const json& entry : list) texts.push_back(as_text(entry));
        return texts;
    }

    std::size_t gold(const json& row, std::size_t count) const {
        const json& key = at_path(row, task_.gold, where_);
        std::size_t index = count;
        if (task_.gold_labels.empty()) {
            if (key.is_number_unsigned()) index = key.get<std::size_t>();
        } else {
            const json& labels = at_path(row, task_.gold_labels, where_);
            index = static_cast<std::size_t>(std::find(labels.begin(), labels.end(), key) - labels.begin());
        }
        if (index >= count) throw SuiteError(fmt::format("{}: \"{}\" names no choice: {}", where_, task_.gold, key.dump()));
        return index;
    }

    std::string shot(const json& row) const {
        std::string answer;
        if (task_.kind == RequestKind::Choice) {
            const std::vector<std::string> texts = choices(row);
            answer = texts[gold(row, texts.size())];
        } else {
            answer = fill(task_.answer, row, where_);
        }
        return fill(task_.prompt, row, where_).append(task_.target_delimiter).append(answer).append(task_.fewshot_delimiter);
    }

    Item item(const json& row, const std::string& shots) const {
        Item item;
        item.document = row.dump(-1, ' ', false, json::error_handler_t::replace);
        std::string prompt = fill(task_.prompt, row, where_);
        if (task_.kind == RequestKind::Rolling) {
            item.words = count_words(prompt);
            item.bytes = prompt.size();
            if (task_.transform == "wikitext") prompt = wikitext_detokenize(std::move(prompt));
            item.requests.push_back({.kind = task_.kind, .context = "", .continuation = std::move(prompt), .until = {}});
            return item;
        }
        prompt = task_.preamble + shots + prompt;
        if (task_.kind == RequestKind::Generate) {
            item.target = task_.answer.empty() ? "" : fill(task_.answer, row, where_);
            item.requests.push_back({task_.kind, std::move(prompt), "", task_.until, task_.max_tokens});
            return item;
        }
        item.choices = choices(row);
        item.target = std::to_string(gold(row, item.choices.size()));
        for (const std::string& choice : item.choices) {
            item.requests.push_back({.kind = task_.kind, .context = prompt, .continuation = task_.target_delimiter + choice, .until = {}});
        }
        return item;
    }

private:
    const Task::Definition& task_;
    std::string where_;
};

}  // namespace

std::vector<Item> Task::render(const std::string& data_dir, const RenderOptions& options) const {
    const Definition& task = *definition_;
    const std::vector<json> rows = load(task.test_files, task.columns, data_dir, task.name);
    const std::uint32_t shots = options.fewshot.value_or(task.fewshot);
    // Where examples come from the tested rows themselves, one more is drawn and the document itself left out.
    const bool same_split = task.shot_files == task.test_files;
    std::vector<json> pool;
    if (shots > 0) {
        if (task.shot_files.empty()) throw SuiteError(fmt::format("{}: the task has no examples; leave --fewshot out", task.name));
        pool = same_split ? rows : load(task.shot_files, task.columns, data_dir, task.name);
        if (pool.size() < shots + (same_split ? 1U : 0U)) {
            throw SuiteError(fmt::format("{}: {} examples are wanted, the data have {}", task.name, shots, pool.size()));
        }
    }
    // One generator for the task; its state goes on from document to document, as in the reference harness.
    PythonRandom random(options.seed);
    std::vector<Item> items;
    const std::size_t count = std::min(rows.size(), options.limit.value_or(rows.size()));
    for (std::size_t doc = 0; doc < count; ++doc) {
        std::string examples;
        std::uint32_t taken = 0;
        std::vector<std::size_t> drawn(task.first_n ? pool.size() : 0);
        std::iota(drawn.begin(), drawn.end(), std::size_t{0});
        if (shots > 0 && !task.first_n) drawn = random.sample(pool.size(), shots + (same_split ? 1U : 0U));
        for (const std::size_t index : drawn) {
            if (taken == shots) break;
            if (same_split && pool[index] == rows[doc]) continue;
            examples += Renderer(task, fmt::format("{}: example {}", task.name, index)).shot(pool[index]);
            ++taken;
        }
        items.push_back(Renderer(task, fmt::format("{}: document {}", task.name, doc)).item(rows[doc], examples));
        items.back().doc = doc;
    }
    return items;
}

}  // namespace suites
