#include "suites/documents.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "suites/embedded.hpp"
#include "suites/python_random.hpp"
#include "suites/rows.hpp"
#include "suites/task_definition.hpp"

namespace suites {
namespace {

struct Found {
    std::string file;
    std::vector<Row> rows;
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
        fmt::format("{}: no data: {}/{} is missing; 'bellwether suites fetch {}' downloads it, with --from DIR it "
                    "takes files you have",
                    task.name, folder, files, task.name));
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

/// Whatever the order of their keys.
bool same(const Row& one, const Row& other) {
    return one.size() == other.size() && nlohmann::json(one) == nlohmann::json(other);
}

/// Keeps the rows that the task's `where` asks for.
void select(const Task::Definition& task, Found& found) {
    for (const auto& [field, wanted] : task.where) {
        std::erase_if(found.rows, [&](const Row& row) {
            const auto value = row.find(field);
            return value == row.end() || !value->is_string() || value->get_ref<const std::string&>() != wanted;
        });
        if (found.rows.empty())
            throw SuiteError(
                fmt::format("{}: {}: there is no row whose \"{}\" is '{}'", task.name, found.file, field, wanted));
    }
}

}  // namespace

Documents load_documents(const Task::Definition& task, const std::vector<std::string>& files,
                         const std::string& folder) {
    Found found = load_rows(task, files, folder);
    select(task, found);
    if (task.document == nullptr) return {std::move(found.rows), {}};
    Documents documents;
    for (std::size_t row = 0; row < found.rows.size(); ++row) {
        try {
            std::string original = found.rows[row].dump(-1, ' ', false, Row::error_handler_t::replace);
            std::vector<Row> made = task.document(std::move(found.rows[row]));
            if (made.size() != 1) original.clear();
            documents.originals.insert(documents.originals.end(), made.size(), original);
            std::move(made.begin(), made.end(), std::back_inserter(documents.rows));
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
    const std::vector<Row>& pool;
    std::uint32_t shots;
    bool same_split;
    bool extra;
    bool first_n;
    PythonRandom random;
};

ExampleDraws::ExampleDraws(const Task::Definition& task, const std::vector<Row>& pool, bool same_split,
                           std::uint32_t shots, std::uint64_t seed)
    : state_(std::make_unique<State>(
          State{pool, shots, same_split, task.extra_draw.value_or(same_split), task.first_n, PythonRandom(seed)})) {
    const std::size_t needed = shots + (state_->extra && !task.first_n ? 1U : 0U);
    if (shots > 0 && pool.size() < needed) {
        throw SuiteError(fmt::format("{}: {} examples are wanted, the data have {}", task.name, needed, pool.size()));
    }
}

ExampleDraws::~ExampleDraws() = default;

std::vector<std::size_t> ExampleDraws::next(const Row& document) {
    std::vector<std::size_t> drawn;
    if (state_->shots == 0) return drawn;
    if (state_->first_n) {
        drawn.resize(std::min<std::size_t>(state_->pool.size(), state_->shots + (state_->same_split ? 1U : 0U)));
        std::iota(drawn.begin(), drawn.end(), std::size_t{0});
    } else {
        drawn = state_->random.sample(state_->pool.size(), state_->shots + (state_->extra ? 1U : 0U));
    }
    // The reference drops the document itself where it draws one more, wherever the pool is from.
    if (state_->extra) std::erase_if(drawn, [&](std::size_t index) { return same(state_->pool[index], document); });
    if (drawn.size() > state_->shots) drawn.resize(state_->shots);
    return drawn;
}

}  // namespace suites
