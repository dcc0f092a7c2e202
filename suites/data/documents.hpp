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

/// Where the documents of a task are, and what makes them of the rows of a file.
struct Split {
    std::string task;                                             ///< for messages
    std::vector<std::string> columns = {};                        ///< of tables without a first row of names
    std::vector<std::pair<std::string, std::string>> where = {};  ///< rows whose field (first) is this text (second)
    transforms::DocumentTransform document = nullptr;             ///< none: a row is a document
    std::vector<EmbeddedFile> embedded = {};                      ///< files "set:NAME" that a room above brings along
};

/// The documents of a split.
struct Documents {
    std::string file;                      ///< that was read
    std::vector<Row> rows;                 ///< after the task's transform
    std::vector<std::size_t> row_numbers;  ///< of each document: its row in the file, from 1
    /// The file's row of each, as compact JSON; "" where several documents were made of it. Empty without a transform.
    std::vector<std::string> originals;
};

using Folders = std::vector<std::string>;

/// The file below the first of the folders that has it, or its gzipped form there.
std::optional<std::string> find_file(const Folders& folders, const std::string& file);

/// For messages: what to do about files that are not there.
[[noreturn]] void fail_missing(const std::string& task, const Folders& folders, const std::string& files);

/// Documents of the first of `files` that exists below the folders (also with .gz; "demo:NAME" is
/// embedded here, "set:NAME" in the split); at
/// least one. Throws SuiteError naming the task, file and row.
Documents load_documents(const Split& split, const std::vector<std::string>& files, const Folders& folders);

enum class Sampler {
    Random,  ///< as the reference harness draws
    FirstN,  ///< the first of the pool
};

/// How the few-shot examples of each document are chosen.
struct Sampling {
    std::string task;         ///< for messages
    std::uint32_t shots = 0;  ///< few-shot examples for each document
    std::uint64_t seed = 0;
    Sampler sampler = Sampler::Random;
    bool same_split = false;         ///< the pool holds the documents themselves: each is left out of its own examples
    std::optional<bool> extra_draw;  ///< one more is drawn and the document itself left out; none: as `same_split`
};

/// Which examples stand before each document, as indices into the pool, in order: row d for document d.
class ExampleDraws {
public:
    ExampleDraws(const Sampling& sampling, const std::vector<Row>& pool);
    ~ExampleDraws();

    /// For the next document; to be called for each in order, since the generator's state goes on from one to the next.
    std::vector<std::size_t> next(const Row& document);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace suites::data
