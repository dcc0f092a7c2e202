#pragma once

#include <memory>
#include <string>
#include <vector>

#include "suites/row.hpp"
#include "suites/task.hpp"
#include "suites/transforms/vader_lexicon.hpp"

namespace suites {

/// The documents of a split.
struct Documents {
    std::vector<Row> rows;  ///< after the task's transform
    /// The file's row of each, as compact JSON; "" where several documents were made of it. Empty without a transform.
    std::vector<std::string> originals;
};

/// Rows of the first of `files` that exists below `folder` (also with .gz; "demo:NAME" is embedded), after the task's
/// `where` and document transform. Throws SuiteError naming the task, file and row.
Documents load_documents(const Task::Definition& task, const std::vector<std::string>& files,
                         const std::string& folder);

/// What the grader "vader" reads; nullptr where it is not below `folder`: outputs are then without a score. Throws
/// SuiteError naming file and line.
std::shared_ptr<const VaderLexicon> load_lexicon(const Task::Definition& task, const std::string& folder);

/// The text before the first example. Throws SuiteError.
std::string load_preamble(const Task::Definition& task, const std::string& folder);

/// Which examples stand before each document, as indices into the pool, in order: row d for document d. `pool` holds
/// the candidates; `same_split` says that they are the documents themselves, so that each is left out of its own
/// examples.
class ExampleDraws {
public:
    ExampleDraws(const Task::Definition& task, const std::vector<Row>& pool, bool same_split, std::uint32_t shots,
                 std::uint64_t seed);
    ~ExampleDraws();

    /// For the next document; to be called for each in order, since the generator's state goes on from one to the next.
    std::vector<std::size_t> next(const Row& document);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace suites
