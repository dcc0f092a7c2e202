#include "suites/fetch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>

#include "suites/fetch/data_sets.hpp"
#include "suites/rows.hpp"
#include "suites/task_definition.hpp"
#include "suites/transforms/vader_lexicon.hpp"

namespace suites {
namespace {

namespace fs = std::filesystem;
using fetch::Converted;
using nlohmann::json;

/// No SuiteError: nothing is wrong with what was asked for.
[[noreturn]] void fail_write(const fs::path& path, const std::string& why) {
    throw std::runtime_error(fmt::format("{}: cannot be written: {}; nothing was put in place", path.string(), why));
}

/// A folder, locked while this lives. Locks end with their process however that ends.
class LockedFolder {
public:
    explicit LockedFolder(const fs::path& path, int how = LOCK_EX)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
        locked_ = descriptor_ >= 0 && ::flock(descriptor_, how) == 0;
    }
    LockedFolder(const LockedFolder&) = delete;
    LockedFolder& operator=(const LockedFolder&) = delete;
    ~LockedFolder() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    bool locked() const { return locked_; }

private:
    int descriptor_;
    bool locked_ = false;
};

/// Files being made, in a folder of their own inside the data folder until all are right. Removes what is left of it,
/// and what fetches left that were killed.
class Staging {
public:
    explicit Staging(const std::string& data_dir) : data_dir_(data_dir) {
        std::random_device random;
        folder_ = data_dir_ / fmt::format("{}{:08x}{:08x}", kPrefix, random(), random());
        std::error_code error;
        fs::create_directories(data_dir_, error);
        if (error) fail_write(data_dir_, error.message());
        // Held so that nobody takes a folder that is not locked yet for one that is left over.
        const LockedFolder all(data_dir_);
        if (all.locked()) remove_left_over();
        fs::create_directory(folder_, error);
        if (error) fail_write(data_dir_, error.message());
        lock_.emplace(folder_);
    }
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;
    ~Staging() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    std::string folder() const { return folder_.string(); }

    void add(const std::string& file, const Converted& converted) {
        const fs::path path = folder_ / file;
        std::error_code error;
        fs::create_directories(path.parent_path(), error);
        if (error) fail_write(data_dir_ / file, error.message());
        errno = 0;
        std::ofstream out(path, std::ios::binary | std::ios::trunc);
        out << converted.text;
        for (const Row& row : converted.rows) out << row.dump(-1, ' ', false, Row::error_handler_t::replace) << '\n';
        out.close();
        if (!out) fail_write(data_dir_ / file, errno != 0 ? std::strerror(errno) : "no space?");
        files_.push_back(file);
    }

    /// Moves everything to its place.
    void finish() {
        for (const std::string& file : files_) {
            const fs::path goal = data_dir_ / file;
            std::error_code error;
            fs::create_directories(goal.parent_path(), error);
            fs::rename(folder_ / file, goal, error);
            if (error)
                throw std::runtime_error(fmt::format("{}: cannot be written: {}", goal.string(), error.message()));
        }
    }

private:
    static constexpr const char* kPrefix = ".fetch-";

    void remove_left_over() const {
        std::error_code error;
        std::vector<fs::path> left;
        for (const auto& entry : fs::directory_iterator(data_dir_, error)) {
            const fs::path path = entry.path();
            if (path.filename().string().starts_with(kPrefix) && LockedFolder(path, LOCK_EX | LOCK_NB).locked())
                left.push_back(path);
        }
        for (const fs::path& path : left) fs::remove_all(path, error);
    }

    fs::path data_dir_;
    fs::path folder_;
    std::optional<LockedFolder> lock_;
    std::vector<std::string> files_;
};

/// One task's or group's data, each file once.
class Fetch {
public:
    Fetch(const std::string& from, const std::string& data_dir)
        : source_(from), data_dir_(data_dir), staging_(data_dir) {}

    void add(const Task& wanted) {
        // Of a sample, every row is still checked.
        const Task task = wanted.parsed().sample ? wanted.with({{"sample", nullptr}}) : wanted;
        const Task::Definition& parsed = task.parsed();
        if (parsed.test_files.front().starts_with("demo:"))
            throw SuiteError(fmt::format("{}: the data are in the program; there is nothing to fetch", task.name()));
        const bool brought = bring_lexicon(task);
        const auto test = std::find_if(parsed.test_files.begin(), parsed.test_files.end(),
                                       [this](const std::string& file) { return make(file); });
        const auto there = [this](const std::string& file) { return exists(file); };
        // Ratings may be brought alone, after the rows.
        if (test == parsed.test_files.end() && brought &&
            std::any_of(parsed.test_files.begin(), parsed.test_files.end(), there))
            return;
        if (test == parsed.test_files.end()) throw SuiteError(missing(task, parsed.test_files));
        if (test != parsed.test_files.begin()) {
            notes_.insert(fmt::format("note: {} is not there; {} stands in for it", parsed.test_files.front(), *test));
        }
        if (!parsed.preamble_file.empty() && !make(parsed.preamble_file))
            throw SuiteError(missing(task, {parsed.preamble_file}));
        const auto shots = std::find_if(parsed.shot_files.begin(), parsed.shot_files.end(),
                                        [this](const std::string& file) { return make(file); });
        if (!parsed.shot_files.empty() && shots == parsed.shot_files.end()) {
            notes_.insert(fmt::format("note: {}, of which examples are taken, is not there: only --fewshot 0 will run",
                                      parsed.shot_files.front()));
        }
        check(task, *test);
        // Examples that look like questions are checked like them.
        const bool alike = parsed.shot_prompt.empty() && parsed.shot_answer.empty();
        if (shots != parsed.shot_files.end() && alike && checked_.insert(*shots).second) {
            const json as_test = {{"data", {{"test", {*shots}}, {"shots", nullptr}, {"documents", nullptr}}},
                                  {"fewshot", 0}};
            check(task.with(as_test), *shots);
        }
    }

    std::vector<std::string> finish() {
        staging_.finish();
        std::vector<std::string> lines;
        for (const auto& [file, made] : made_) {
            if (!made.found) continue;
            const std::string what = made.rows == 0 ? "copied" : fmt::format("{} rows", made.rows);
            lines.push_back(fmt::format("{}/{}: {} from {}", data_dir_, file, what, made.origin));
        }
        lines.insert(lines.end(), notes_.begin(), notes_.end());
        return lines;
    }

private:
    struct Made {
        bool found = false;
        std::size_t rows = 0;
        std::string origin;
    };

    /// Whether the file could be made.
    bool make(const std::string& file) {
        if (const auto before = made_.find(file); before != made_.end()) return before->second.found;
        std::optional<Converted> converted;
        if (const auto ready = source_.find_path(file)) {
            if (file.ends_with(".jsonl")) {
                converted = fetch::convert_rows(*ready, [](const Row& row) { return row; });
            } else {
                converted = Converted{.origin = *ready, .text = read_text(*ready)};
            }
        } else if (const fetch::DataSet* set = fetch::data_set_of(file)) {
            converted = set->convert(source_, file);
        }
        Made made{.found = converted.has_value()};
        if (converted) {
            if (converted->rows.empty() && converted->text.empty())
                throw SuiteError(converted->origin + ": the file has no rows");
            staging_.add(file, *converted);
            made.rows = converted->rows.size();
            made.origin = converted->origin;
        }
        made_[file] = made;
        return made.found;
    }

    bool exists(const std::string& file) const {
        return fs::exists(fs::path(data_dir_) / file) || fs::exists(fs::path(data_dir_) / (file + ".gz"));
    }

    /// Whether the ratings that grading reads could be made; all their lines are right then. They have another origin
    /// than the rows, which are of use without them.
    bool bring_lexicon(const Task& task) {
        const std::string& words = task.parsed().lexicon_file;
        const std::string& emoji = task.parsed().emoji_file;
        if (words.empty()) return false;
        const bool made = make(words);
        const auto text_of = [this](const std::string& file) {
            return NamedText{made_[file].origin, read_text(made_[file].origin)};
        };
        if (made && checked_.insert(words).second) {
            const bool with_emoji = !emoji.empty() && make(emoji);
            VaderLexicon(text_of(words), with_emoji ? std::optional(text_of(emoji)) : std::nullopt);
            if (!emoji.empty() && !with_emoji && !exists(emoji))
                notes_.insert(fmt::format("note: {} is not there: emoji will have no sentiment", emoji));
        }
        if (!made && !exists(words))
            notes_.insert(
                fmt::format("note: {} is not there, so outputs will have no score: fetch again --from a "
                            "folder with vader_lexicon.txt of github.com/cjhutto/vaderSentiment",
                            words));
        return made;
    }

    std::string missing(const Task& task, const std::vector<std::string>& files) const {
        const fetch::DataSet* set = fetch::data_set_of(files.front());
        return fmt::format("{}: below {} is neither {} nor its original{}", task.name(), source_.folder(),
                           fmt::join(files, " or "), set == nullptr ? "" : fmt::format(" ({})", set->originals));
    }

    void check(const Task& task, const std::string& test) {
        std::size_t documents = 0;
        try {
            documents = task.render(staging_.folder(), {.fewshot = 0, .limit = {}, .seed = 0}).size();
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}: {}", made_[test].origin, error.what()));
        }
        const auto whole = task.documents();
        const bool stand_in = test != task.parsed().test_files.front();
        if (whole && !stand_in && documents < *whole)
            notes_.insert(
                fmt::format("note: {} has {} documents; the full split has {}", task.name(), documents, *whole));
    }

    fetch::Source source_;
    std::string data_dir_;
    Staging staging_;
    std::map<std::string, Made> made_;
    std::set<std::string> notes_;
    std::set<std::string> checked_;  ///< files of examples
};

}  // namespace

std::string default_data_dir() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
        return std::string(cache) + "/bellwether";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : ".") + "/.cache/bellwether";
}

std::vector<std::string> fetch_from(const std::string& name, const std::string& from, const std::string& data_dir) {
    Fetch fetch(from, data_dir);
    for (const Task& task : select_tasks(name)) fetch.add(task);
    return fetch.finish();
}

}  // namespace suites
