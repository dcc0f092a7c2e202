#include "suites/data/documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string_view>

#include "suites/data/json_text.hpp"
#include "suites/data/python_random.hpp"
#include "suites/data/rows.hpp"
#include "suites/error.hpp"

namespace suites::data {
namespace {

constexpr std::string_view kDemo = "demo:";
constexpr std::string_view kSet = "set:";

struct Found {
    std::string file;
    std::vector<Row> rows;
    std::vector<std::size_t> numbers = {};  ///< row numbers in the file, from 1
};

std::optional<std::string_view> find_embedded(const Split& split, std::string_view file) {
    if (!is_embedded(file)) return std::nullopt;
    for (const EmbeddedFile& embedded : file.starts_with(kDemo) ? embedded_files() : split.embedded) {
        if (embedded.name == file.substr(file.find(':') + 1)) return embedded.content;
    }
    return std::nullopt;
}

Found load_rows(const Split& split, const std::vector<std::string>& files, const Folders& folders) {
    for (const std::string& file : files) {
        if (const auto embedded = find_embedded(split, file)) return {file, parse_jsonl(*embedded, file)};
        if (const auto path = find_file(folders, file)) return {*path, read_rows(*path, split.columns)};
    }
    fail_missing(split.task, folders, files);
}

/// Whether two rows are equal, ignoring the order of keys.
bool same(const Row& one, const Row& other) {
    return one.size() == other.size() && nlohmann::json(one) == nlohmann::json(other);
}

bool holds(const Row& row, const std::string& field, const std::string& wanted) {
    const auto value = row.find(field);
    return value != row.end() && value->is_string() && value->get_ref<const std::string&>() == wanted;
}

/// Keeps only the rows that match the task's `where`.
void select(const Split& split, Found& found) {
    found.numbers.resize(found.rows.size());
    std::iota(found.numbers.begin(), found.numbers.end(), std::size_t{1});
    for (const auto& [field, wanted] : split.where) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < found.rows.size(); ++i) {
            if (!holds(found.rows[i], field, wanted)) continue;
            if (kept != i) found.rows[kept] = std::move(found.rows[i]);
            found.numbers[kept++] = found.numbers[i];
        }
        found.rows.resize(kept);
        found.numbers.resize(kept);
        if (kept == 0)
            throw SuiteError(
                fmt::format("{}: {}: there is no row whose \"{}\" is '{}'", split.task, found.file, field, wanted));
    }
}

}  // namespace

bool is_embedded(std::string_view file) {
    return file.starts_with(kDemo) || file.starts_with(kSet);
}

std::optional<std::string> find_file(const Folders& folders, const std::string& file) {
    for (const std::string& folder : folders) {
        const std::string path = fmt::format("{}/{}", folder, file);
        if (std::filesystem::exists(path)) return path;
        if (std::filesystem::exists(path + ".gz")) return path + ".gz";
    }
    return std::nullopt;
}

bool has_original(const std::string& file) {
    static const nlohmann::json kSources = json_or_null(source_files().front().content);
    for (const auto& [of, originals] : kSources.items()) {
        if (file == of || file.starts_with(of + "/")) return true;
    }
    return false;
}

void fail_missing(const std::string& task, const Folders& folders, const std::vector<std::string>& files) {
    std::vector<std::string> paths;
    for (const std::string& folder : folders) paths.push_back(fmt::format("{}/{}", folder, fmt::join(files, " or ")));
    const bool is_public = std::any_of(files.begin(), files.end(), has_original);
    throw SuiteError(fmt::format(
        "{}: no data: {} {} missing; {}", task, fmt::join(paths, " and "), paths.size() == 1 ? "is" : "are",
        is_public
            ? fmt::format("'bellwether suites fetch {}' downloads it, with --from DIR it takes files you have", task)
            : "put the file there, or name the folder that has it with --data"));
}

Documents load_documents(const Split& split, const std::vector<std::string>& files, const Folders& folders) {
    Found found = load_rows(split, files, folders);
    if (found.rows.empty()) throw SuiteError(fmt::format("{}: no documents in {}", split.task, found.file));
    select(split, found);
    Documents documents{.file = found.file, .rows = {}, .row_numbers = {}, .originals = {}};
    if (split.document == nullptr) {
        documents.rows = std::move(found.rows);
        documents.row_numbers = std::move(found.numbers);
        return documents;
    }
    for (std::size_t row = 0; row < found.rows.size(); ++row) {
        try {
            std::string original = row_text(found.rows[row]);
            std::vector<Row> made = split.document(std::move(found.rows[row]));
            if (made.size() != 1) original.clear();
            documents.originals.insert(documents.originals.end(), made.size(), original);
            documents.row_numbers.insert(documents.row_numbers.end(), made.size(), found.numbers[row]);
            std::move(made.begin(), made.end(), std::back_inserter(documents.rows));
        } catch (const std::exception& error) {
            throw SuiteError(
                fmt::format("{}: {}: row {}: {}", split.task, found.file, found.numbers[row], reason(error)));
        }
    }
    if (documents.rows.empty())
        throw SuiteError(fmt::format("{}: no documents in {}: its rows make none", split.task, found.file));
    return documents;
}

struct ExampleDraws::State {
    const std::vector<Row>& pool;
    Sampling sampling;
    bool extra;
    PythonRandom random;
};

ExampleDraws::ExampleDraws(const Sampling& sampling, const std::vector<Row>& pool)
    : state_(std::make_unique<State>(
          State{pool, sampling, sampling.extra_draw.value_or(sampling.same_split), PythonRandom(sampling.seed)})) {
    const std::size_t needed = sampling.shots + (state_->extra && sampling.sampler == Sampler::Random ? 1U : 0U);
    if (sampling.shots > 0 && pool.size() < needed) {
        throw SuiteError(
            fmt::format("{}: needs {} few-shot examples, the data has {}", sampling.task, needed, pool.size()));
    }
}

ExampleDraws::~ExampleDraws() = default;

std::vector<std::size_t> ExampleDraws::next(const Row& document) {
    std::vector<std::size_t> drawn;
    if (state_->sampling.shots == 0) return drawn;
    if (state_->sampling.sampler == Sampler::FirstN) {
        drawn.resize(std::min<std::size_t>(state_->pool.size(),
                                           state_->sampling.shots + (state_->sampling.same_split ? 1U : 0U)));
        std::iota(drawn.begin(), drawn.end(), std::size_t{0});
    } else {
        drawn = state_->random.sample(state_->pool.size(), state_->sampling.shots + (state_->extra ? 1U : 0U));
    }
    // When it samples one more, lm-evaluation-harness drops the document itself, whatever the pool is.
    if (state_->extra) std::erase_if(drawn, [&](std::size_t index) { return same(state_->pool[index], document); });
    if (drawn.size() > state_->sampling.shots) drawn.resize(state_->sampling.shots);
    return drawn;
}

}  // namespace suites::data
