#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suites/metric.hpp"

/// Rules that judge a generation where comparing texts does not do. Task files name them; each is registered by the
/// room that knows how: text rules by suites, refusals by safety, programs by the sandbox.
namespace suites {

/// What a grader reads: a raw generation, or the task's `submission` with the generation in it.
struct GradedText {
    std::string_view text;
    /// Where the generation ends in `text`; what follows is the task's own. 0: not known.
    std::size_t answer_end = 0;
    /// The accepted answers of the document; may be empty.
    std::span<const std::string> references = {};
};

/// What a grader says of a text.
struct Grade {
    std::optional<double> value = {};           ///< none: unscored
    std::string explanation = {};               ///< for people: why it is this value; may be empty
    std::map<std::string, double> counts = {};  ///< of the grader's counters, 1 or 0 each
};

using Grader = std::function<Grade(const GradedText&)>;

/// A grader with the data that it needs.
struct PreparedGrader {
    Grader grade = {};      ///< empty: outputs are kept without a score
    std::string data = {};  ///< which data these are, as a text that changes with them; empty: it needs none
};

/// A file that a grader reads.
struct GraderFile {
    std::string name;          ///< as task files call it, "lexicon"
    bool required = true;      ///< task files must name it
    std::string without = {};  ///< for messages: what happens where it is not in the data folder
};

/// What is known of a grader by its name.
struct GraderEntry {
    std::string name;
    std::uint32_t version = 1;               ///< counted up with every change that can move a score
    Interval interval = Interval::Share;     ///< of its scores
    std::vector<std::string> counters = {};  ///< all that `Grade::counts` may have
    std::vector<GraderFile> files = {};
    bool runs_programs = false;  ///< grading runs what the model wrote: the caller supplies the grader of each run
    /// The grader for the files that are there, by their names: their paths. Throws SuiteError naming file and line.
    /// Empty: outputs are kept without a score.
    std::function<PreparedGrader(const std::map<std::string, std::string>& paths)> prepare = {};
};

/// The graders that task files may name.
class Graders {
public:
    /// Throws std::logic_error for a name that is taken.
    void add(GraderEntry entry);
    /// nullptr when there is none of the name.
    const GraderEntry* find(std::string_view name) const;
    std::set<std::string> names() const;

private:
    std::map<std::string, GraderEntry, std::less<>> entries_;
};

/// An entry for a rule without data.
GraderEntry simple_grader(std::string name, Grader grade);

/// Those of this folder.
Graders builtin_graders();

/// Metric name -> why it has its value, for the metrics whose grader explains itself.
using Explanations = std::map<std::string, std::string, std::less<>>;

}  // namespace suites
