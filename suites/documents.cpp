#include "suites/documents.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <numeric>
#include <optional>

#include "suites/embedded.hpp"
#include "suites/python_random.hpp"
#include "suites/rows.hpp"
#include "suites/task_definition.hpp"

namespace suites {
namespace {

using nlohmann::json;

struct Found {
    std::string file;
    std::vector<json> rows;
};

/// The file below the data folder, or its gzipped form.
std::optional<std::string> path_of(const std::string& folder, const std::string& file) {
    for (const std::string& path : {folder + "/" + file, folder + "/" + file + ".gz"}) {
        if (std::filesystem::exists(path)) return path;
    }
    return std::nullopt;
}

[[noreturn]] void fail_missing(const Task::Definition& task, const std::string& folder, const std::string& files) {
    throw SuiteError(
        fmt::format("{}: no data: {}/{} is missing; 'bellwether suites fetch {} --from DIR' brings it there", task.name,
                    folder, files, task.name));
}

Found load_rows(const Task::Definition& task, const std::vector<std::string>& files, const std::string& folder) {
    for (const std::string& file : files) {
        for (const EmbeddedFile& embedded : embedded_files()) {
            if (file.starts_with("demo:") && embedded.name == file.substr(5))
                return {file, parse_jsonl(embedded.content, file)};
        }
        if (const auto path = path_of(folder, file)) return {*path, read_rows(*path, task.columns)};
    }
    fail_missing(task, folder, fmt::format("{}", fmt::join(files, " or ")));
}

/// Keeps the rows that the task's `where` asks for.
void select(const Task::Definition& task, Found& found) {
    for (const auto& [field, wanted] : task.where) {
        std::erase_if(found.rows, [&](const json& row) {
            const auto value = row.find(field);
            return value == row.end() || !value->is_string() || value->get_ref<const std::string&>() != wanted;
        });
        if (found.rows.empty())
            throw SuiteError(
                fmt::format("{}: {}: there is no row whose \"{}\" is '{}'", task.name, found.file, field, wanted));
    }
}

}  // namespace

std::vector<json> load_documents(const Task::Definition& task, const std::vector<std::string>& files,
                                 const std::string& folder) {
    Found found = load_rows(task, files, folder);
    select(task, found);
    if (task.document == nullptr) return std::move(found.rows);
    std::vector<json> documents;
    for (std::size_t row = 0; row < found.rows.size(); ++row) {
        try {
            for (json& document : task.document(std::move(found.rows[row]))) documents.push_back(std::move(document));
        } catch (const std::exception& error) {
            throw SuiteError(fmt::format("{}: {}: row {}: {}", task.name, found.file, row + 1, error.what()));
        }
    }
    return documents;
}

std::string load_preamble(const Task::Definition& task, const std::string& folder) {
    if (task.preamble_file.empty()) return task.preamble;
    if (const auto path = path_of(folder, task.preamble_file)) return read_text(*path);
    fail_missing(task, folder, task.preamble_file);
}

std::shared_ptr<const VaderLexicon> load_lexicon(const Task::Definition& task, const std::string& folder) {
    const auto path = path_of(folder, task.lexicon_file);
    if (!path) return nullptr;
    const auto emoji = task.emoji_file.empty() ? std::nullopt : path_of(folder, task.emoji_file);
    const NamedText words{*path, read_text(*path)};
    if (!emoji) return std::make_shared<VaderLexicon>(words, std::nullopt);
    return std::make_shared<VaderLexicon>(words, NamedText{*emoji, read_text(*emoji)});
}

struct ExampleDraws::State {
    const std::vector<json>& pool;
    std::uint32_t shots;
    bool same_split;
    bool extra;
    bool first_n;
    PythonRandom random;
};

ExampleDraws::ExampleDraws(const Task::Definition& task, const std::vector<json>& pool, bool same_split,
                           std::uint32_t shots, std::uint64_t seed)
    : state_(std::make_unique<State>(
          State{pool, shots, same_split, task.extra_draw.value_or(same_split), task.first_n, PythonRandom(seed)})) {
    const std::size_t needed = shots + (state_->extra && !task.first_n ? 1U : 0U);
    if (shots > 0 && pool.size() < needed) {
        throw SuiteError(fmt::format("{}: {} examples are wanted, the data have {}", task.name, needed, pool.size()));
    }
}

ExampleDraws::~ExampleDraws() = default;

std::vector<std::size_t> ExampleDraws::next(const json& document) {
    std::vector<std::size_t> drawn;
    if (state_->shots == 0) return drawn;
    if (state_->first_n) {
        drawn.resize(std::min<std::size_t>(state_->pool.size(), state_->shots + (state_->same_split ? 1U : 0U)));
        std::iota(drawn.begin(), drawn.end(), std::size_t{0});
    } else {
        drawn = state_->random.sample(state_->pool.size(), state_->shots + (state_->extra ? 1U : 0U));
    }
    // The reference drops the document itself where it draws one more, wherever the pool is from.
    if (state_->extra) std::erase_if(drawn, [&](std::size_t index) { return state_->pool[index] == document; });
    if (drawn.size() > state_->shots) drawn.resize(state_->shots);
    return drawn;
}

}  // namespace suites
