#include "harness/results/run_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/settings.hpp"
#include "suites/error.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

/// For a POSIX shell.
std::string quoted(const std::string& word) {
    const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string_view("_-./:,@+=").find(static_cast<char>(c)) != std::string::npos;
    });
    if (is_plain) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

/// Stored groups that no other stored group holds, then the tasks outside of them.
std::string suite_list(const std::vector<store::GroupRow>& groups, const std::vector<store::RunTaskRow>& tasks) {
    std::set<std::string> members;
    for (const store::GroupRow& group : groups) {
        for (const store::GroupMemberRow& member : group.members) members.insert(member.name);
    }
    std::vector<std::string> names;
    for (const store::GroupRow& group : groups) {
        if (!members.contains(group.name)) names.push_back(group.name);
    }
    for (const store::RunTaskRow& task : tasks) {
        if (!members.contains(task.task)) names.push_back(task.task);
    }
    return fmt::format("{}", fmt::join(names, ","));
}

std::string model_argument(const store::RunRow& run, const store::ModelRow& model) {
    if (run.variant.starts_with("demo:")) return run.variant;
    const std::string name = model.source.substr(model.source.find_last_of('/') + 1);
    return name.empty() ? run.variant : name;
}

/// Forms the command, or finds out why there is none.
class CommandOfRun {
public:
    CommandOfRun(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog)
        : run_(run), tasks_(runs.tasks(run.id)), plan_(base::json_or_null(run.plan_json)) {
        if (!plan_.is_object() || tasks_.empty()) {
            refuse("its plan cannot be read");
            return;
        }
        const std::string suites = suite_list(runs.groups(run.id), tasks_);
        select_tasks(catalog, suites);
        if (!why_not_.empty()) return;
        command_ = fmt::format("bellwether run --model {} --suite {}",
                               quoted(model_argument(run, runs.model(run.model_fingerprint))), quoted(suites));
        std::uint64_t limit = 0;
        for (const store::RunTaskRow& task : tasks_) limit = std::max(limit, task.planned_items);
        command_ += fmt::format(" --limit {}", limit);
        add_fewshot();
        add_prompts();
        add_generation();
        add_engine();
    }

    const std::string& command() const { return command_; }
    const std::string& why_not() const { return why_not_; }

private:
    void refuse(std::string reason) {
        if (why_not_.empty()) why_not_ = std::move(reason);
    }

    void select_tasks(const suites::Catalog& catalog, const std::string& suites) {
        try {
            now_ = catalog.select(suites);
        } catch (const suites::SuiteError&) {
            return refuse("this version does not have its tasks; those of a folder need --tasks");
        }
        const bool same =
            std::equal(now_.begin(), now_.end(), tasks_.begin(), tasks_.end(),
                       [](const suites::Task& a, const store::RunTaskRow& b) { return a.name() == b.task; });
        if (!same) refuse("what it was asked for has other tasks in this version");
    }

    /// Adds "--option value" of the plan's value unless it is the command's default.
    void add(const char* key, const char* option, const json& otherwise) {
        const json& value = base::member_of(plan_, key);
        if (value.is_null() || value == otherwise) return;
        command_ += fmt::format(" {}", option);
        if (!value.is_boolean()) command_ += " " + quoted(setting_text(value));
    }

    /// The number of few-shot examples that the tasks have in place of their own.
    void add_fewshot() {
        std::set<std::uint32_t> asked;
        bool is_own = true;
        for (std::size_t i = 0; i < tasks_.size(); ++i) {
            asked.insert(tasks_[i].fewshot);
            is_own = is_own && tasks_[i].fewshot == now_[i].default_fewshot();
        }
        if (is_own) return;
        if (asked.size() > 1) return refuse("its tasks have numbers of few-shot examples that no one option sets");
        command_ += fmt::format(" --fewshot {}", *asked.begin());
    }

    void add_prompts() {
        add("seed", "--seed", 1234);
        add("chat", "--chat", false);
        add("chat_format", "--chat-format", nullptr);
        if (plan_.contains("system_name")) {
            add("system_name", "--system-prompt", "");
        } else {
            add("system", "--system", "");
        }
        add("marks_in_text", "--format-marks", "neutralise");
        add("cut_questions", "--cut-questions", false);
        if (base::text_member(plan_, "bos") == "none") command_ += " --no-bos";
    }

    /// Options that replace fields of a task's definition; other differences have none.
    void add_generation() {
        add("sampling_seed", "--sampling-seed", 1);
        add("temperature", "--temperature", 0.0);
        add("top_p", "--top-p", 1.0);
        add("top_k", "--top-k", 0);
        add("max_prompt_tokens", "--max-prompt-tokens", nullptr);
        std::set<std::string> options;
        for (std::size_t i = 0; i < tasks_.size(); ++i) {
            json own = base::json_or_null(now_[i].definition());
            const json used = base::json_or_null(tasks_[i].definition_json);
            if (own == used) continue;
            if (!own.is_object() || !used.is_object()) return refuse("a task's definition cannot be read");
            for (const auto& [field, option] :
                 {std::pair("max_tokens", "--max-tokens"), std::pair("repeats", "--samples")}) {
                const json& value = base::member_of(used, field);
                if (value.is_null() || value == base::member_of(own, field)) continue;
                options.insert(fmt::format(" {} {}", option, setting_text(value)));
                own[field] = value;
            }
            if (used.contains("temperature")) own["temperature"] = used["temperature"];  // that of --samples
            if (own != used) return refuse(fmt::format("the definition of {} has changed since", tasks_[i].task));
        }
        for (const std::string& option : options) command_ += option;
    }

    void add_engine() {
        if (run_.numerics.starts_with("fast")) command_ += " --numerics fast";
        add("context", "--context", nullptr);
        const bool runs_programs =
            std::any_of(now_.begin(), now_.end(), [](const suites::Task& task) { return task.runs_programs(); });
        if (runs_programs) command_ += " --allow-code-execution";
    }

    const store::RunRow& run_;
    std::vector<store::RunTaskRow> tasks_;
    json plan_;
    std::vector<suites::Task> now_;  ///< the tasks of the same names in this version
    std::string command_;
    std::string why_not_;
};

}  // namespace

reports::data::ReproductionView run_command(const store::RunStore& runs, const store::RunRow& run,
                                            const suites::Catalog& catalog) {
    if (is_imported(run)) return {"", "It was imported: its answers were made elsewhere."};
    const CommandOfRun formed(runs, run, catalog);
    if (!formed.why_not().empty()) return {"", fmt::format("No command can be formed: {}.", formed.why_not())};
    const bool is_embedded = run.variant.starts_with("demo:");
    return {formed.command(), is_embedded
                                  ? ""
                                  : "The model is named without its folder; its fingerprint tells whether a file "
                                    "is the same."};
}

}  // namespace harness::results
