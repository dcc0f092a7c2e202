#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "suites/data/embedded.hpp"
#include "suites/row.hpp"
#include "suites/transforms/registry.hpp"

namespace suites::data {

/// Which rows of a file become the documents of a task, and how.
struct Split {
    std::string task;                                             ///< for error messages
    std::vector<std::string> columns = {};                        ///< column names of tables without a header row
    std::vector<std::pair<std::string, std::string>> where = {};  ///< only rows with these field values
    transforms::DocumentTransform document = nullptr;             ///< nullptr: each row is a document
    std::vector<EmbeddedFile> embedded = {};                      ///< files "set:NAME" supplied by other folders
};

/// The documents of a split.
struct Documents {
    std::string file;                      ///< path of the file that was read
    std::vector<Row> rows;                 ///< after the task's transform
    std::vector<std::size_t> row_numbers;  ///< row of each document in the file, from 1
    /// Original row of each document as compact JSON; "" if several documents were made of the row. Empty without a
    /// transform.
    std::vector<std::string> originals;
};

using Folders = std::vector<std::string>;

/// Path of the file in the first folder that has it, also with .gz.
std::optional<std::string> find_file(const Folders& folders, const std::string& file);

/// Whether `suites fetch` can make this file or folder of the cache: sources.json has its original.
bool has_original(const std::string& file);

/// Throws SuiteError that says how to get one of the files, all of which are missing.
[[noreturn]] void fail_missing(const std::string& task, const Folders& folders, const std::vector<std::string>& files);

/// Reads the documents, at least one, from the first of `files` that exists below the folders, also with .gz;
/// "demo:NAME" is an embedded file, "set:NAME" one of the split. Throws SuiteError naming the task, file and row.
Documents load_documents(const Split& split, const std::vector<std::string>& files, const Folders& folders);

enum class Sampler {
    Random,  ///< as lm-evaluation-harness samples
    FirstN,  ///< the first rows of the pool
};

/// How the few-shot examples of each document are chosen.
struct Sampling {
    std::string task;         ///< for error messages
    std::uint32_t shots = 0;  ///< number of few-shot examples for each document
    std::uint64_t seed = 0;
    Sampler sampler = Sampler::Random;
    bool same_split = false;         ///< the pool contains the documents: a document is not its own example
    std::optional<bool> extra_draw;  ///< sample one more and drop the document itself; none: as `same_split`
};

/// Chooses the few-shot examples of each document, as indices in the pool.
class ExampleDraws {
public:
    ExampleDraws(const Sampling& sampling, const std::vector<Row>& pool);
    ~ExampleDraws();

    /// The examples of the next document. Must be called for every document in order, since the generator keeps its
    /// state.
    std::vector<std::size_t> next(const Row& document);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace suites::data
