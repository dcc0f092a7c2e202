#include "suites/fetch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "suites/data/rows.hpp"
#include "suites/definition/task_definition.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/fetch/staging.hpp"

namespace suites {
namespace {

namespace fs = std::filesystem;
using fetch::Converted;
using nlohmann::json;

/// Fetches the data of a task or group, each file once.
class Fetch {
public:
    explicit Fetch(const FetchOptions& options)
        : source_(options.from), options_(options), staging_(options.data_dir) {}

    void add(const Task& wanted) {
        // For a task with a sample, all rows are still checked.
        const Task task = wanted.parsed().data.sample ? wanted.with({{"sample", nullptr}}) : wanted;
        const definition::DataFiles& files = task.parsed().data;
        if (task.is_embedded())
            throw SuiteError(fmt::format("{}: its data is in the program; there is nothing to fetch", task.name()));
        const bool brought = bring_grader_files(task);
        const auto test = first_made(files.test);
        // The files of a grader may be fetched alone, after the rows.
        if (!test && brought &&
            std::any_of(files.test.begin(), files.test.end(), [this](const std::string& file) { return exists(file); }))
            return;
        if (!test) throw SuiteError(missing(task, files.test));
        if (*test != files.test.front())
            notes_.insert(fmt::format("note: {} is missing; {} is used instead", files.test.front(), *test));
        if (!files.preamble.empty() && !make(files.preamble)) throw SuiteError(missing(task, {files.preamble}));
        check(task, *test);
        add_examples(task);
    }

    std::vector<std::string> finish() {
        staging_.finish();
        std::vector<std::string> lines;
        for (const auto& [file, made] : made_) {
            if (!made.found) continue;
            const std::string what = made.kept        ? "is there already and was kept"
                                     : made.rows == 0 ? "copied from " + made.origin
                                                      : fmt::format("{} rows from {}", made.rows, made.origin);
            lines.push_back(fmt::format("{}/{}: {}", options_.data_dir, file, what));
        }
        lines.insert(lines.end(), notes_.begin(), notes_.end());
        return lines;
    }

private:
    struct Made {
        bool found = false;
        bool kept = false;
        std::size_t rows = 0;
        std::string origin;
    };

    /// Makes a file if necessary; false when it is absent and cannot be made.
    bool make(const std::string& file) {
        if (const auto before = made_.find(file); before != made_.end()) return before->second.found;
        Made& made = made_[file];
        if (options_.existing == ExistingFiles::Keep && exists(file)) {
            made = {.found = true, .kept = true, .rows = 0, .origin = options_.data_dir + "/" + file};
            return true;
        }
        const std::optional<Converted> converted = convert(file);
        if (!converted) return false;
        if (converted->rows.empty() && converted->text.empty())
            throw SuiteError(fmt::format("no documents in {}", converted->origin));
        staging_.add(file, *converted);
        made = {.found = true, .kept = false, .rows = converted->rows.size(), .origin = converted->origin};
        return true;
    }

    std::optional<Converted> convert(const std::string& file) const {
        if (const auto ready = source_.find_path(file)) {
            if (file.ends_with(".jsonl")) return fetch::convert_rows(*ready, [](const Row& row) { return row; });
            return Converted{.origin = *ready, .text = read_text(*ready)};
        }
        const fetch::DataSet* set = fetch::data_set_of(file);
        return set == nullptr ? std::nullopt : set->convert(source_, file);
    }

    std::optional<std::string> first_made(const std::vector<std::string>& files) {
        const auto found =
            std::find_if(files.begin(), files.end(), [this](const std::string& file) { return make(file); });
        return found == files.end() ? std::nullopt : std::optional(*found);
    }

    void add_examples(const Task& task) {
        const std::vector<std::string>& files = task.parsed().data.shots;
        const auto shots = first_made(files);
        if (!shots) {
            if (!files.empty())
                notes_.insert(fmt::format("note: {}, with the few-shot examples, is missing: only --fewshot 0 will run",
                                          files.front()));
            return;
        }
        // Few-shot examples with the form of questions are checked as questions.
        const definition::FewShot& fewshot = task.parsed().fewshot;
        if (!fewshot.prompt.empty() || !fewshot.answer.empty() || !checked_.insert(*shots).second) return;
        const json as_test = {{"data", {{"test", {*shots}}, {"shots", nullptr}, {"documents", nullptr}}},
                              {"fewshot", 0}};
        check(task.with(as_test), *shots);
    }

    bool exists(const std::string& file) const { return data::find_file({options_.data_dir}, file).has_value(); }

    /// Fetches and checks the files of the task's grader; returns whether all required ones are there. They come from
    /// another source than the rows, which are useful without them.
    bool bring_grader_files(const Task& task) {
        const auto& grader = task.parsed().generation.grader;
        if (!grader || grader->files.empty()) return false;
        bool any_new = false;
        for (const GraderFile& file : grader->entry.files) {
            const auto named = grader->files.find(file.name);
            if (named == grader->files.end()) continue;
            const bool made = make(named->second);
            any_new = any_new || (made && !made_[named->second].kept);
            if (made || exists(named->second)) continue;
            notes_.insert(fmt::format("note: {} is missing: {}", named->second, file.without));
            if (file.required) return false;
        }
        if (any_new) check_grader(task);
        return true;
    }

    void check_grader(const Task& task) {
        const auto& grader = *task.parsed().generation.grader;
        std::map<std::string, std::string> paths;
        for (const auto& [name, file] : grader.files) {
            if (made_[file].found) {
                paths[name] = made_[file].origin;
            } else if (const auto there = data::find_file({options_.data_dir}, file)) {
                paths[name] = *there;
            }
        }
        if (grader.entry.prepare) grader.entry.prepare(paths);
    }

    std::string missing(const Task& task, const std::vector<std::string>& files) const {
        const fetch::DataSet* set = fetch::data_set_of(files.front());
        return fmt::format("{}: below {} is neither {} nor its original{}", task.name(), source_.folder(),
                           fmt::join(files, " or "), set == nullptr ? "" : fmt::format(" ({})", set->originals));
    }

    void check(const Task& task, const std::string& test) {
        std::size_t documents = 0;
        try {
            const DataFolders folders({staging_.folder(), options_.data_dir});
            documents = task.render(folders, {.fewshot = 0, .limit = {}, .seed = 0}).size();
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}: {}", made_[test].origin, error.what()));
        }
        const auto whole = task.documents();
        const bool stand_in = test != task.parsed().data.test.front();
        if (whole && !stand_in && documents < *whole)
            notes_.insert(
                fmt::format("note: {} has {} documents; the full split has {}", task.name(), documents, *whole));
    }

    fetch::Source source_;
    FetchOptions options_;
    fetch::Staging staging_;
    std::map<std::string, Made> made_;
    std::set<std::string> notes_;
    std::set<std::string> checked_;  ///< files of few-shot examples
};

}  // namespace

std::string default_data_dir() {
    if (const char* named = std::getenv("BELLWETHER_CACHE"); named != nullptr && *named != '\0') return named;
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
        return std::string(cache) + "/bellwether";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + "/.cache/bellwether";
}

DataFolders data_folders(const std::string& first) {
    const std::string cache = default_data_dir();
    return DataFolders(first == cache ? std::vector{first} : std::vector{first, cache});
}

std::vector<std::string> fetch_from(const Catalog& catalog, const std::string& name, const FetchOptions& options) {
    Fetch fetch(options);
    for (const Task& task : catalog.select(name)) fetch.add(task);
    return fetch.finish();
}

}  // namespace suites
