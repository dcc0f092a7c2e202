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

/// Rules that score a generation when comparing strings is not enough. Task files name them. Each folder registers its
/// own: text rules by suites, refusals by safety, programs by the sandbox.
namespace suites {

/// Input of a grader: a raw generation, or the task's `submission` filled with the generation.
struct GradedText {
    std::string_view text;
    /// Position in `text` at which the generation ends; the rest comes from the task. 0: unknown.
    std::size_t answer_end = 0;
    /// The accepted answers of the document; may be empty.
    std::span<const std::string> references = {};
};

/// Result of a grader.
struct Grade {
    std::optional<double> value = {};           ///< nullopt: unscored
    std::string explanation = {};               ///< reason for the value, for people; may be empty
    std::map<std::string, double> counts = {};  ///< the grader's counters, each 0 or 1
};

using Grader = std::function<Grade(const GradedText&)>;

/// A grader with its data.
struct PreparedGrader {
    Grader grade = {};      ///< empty: outputs are kept without a score
    std::string data = {};  ///< identifies the data: changes when they change; empty: no data
};

/// A file that a grader reads.
struct GraderFile {
    std::string name;          ///< name in task files, such as "lexicon"
    bool required = true;      ///< must be given in task files
    std::string without = {};  ///< consequence when the file is missing, for messages
};

/// Registration of a grader.
struct GraderEntry {
    std::string name;
    std::uint32_t version = 1;               ///< increased with every change that can change a score
    Interval interval = Interval::Share;     ///< kind of interval of its scores
    std::vector<std::string> counters = {};  ///< all names that `Grade::counts` may have
    std::vector<GraderFile> files = {};
    bool runs_programs = false;  ///< grading runs the model's programs: the caller supplies the grader
    /// Makes the grader from the files that exist (name -> path). Throws SuiteError naming file and line. Empty:
    /// outputs are kept without a score.
    std::function<PreparedGrader(const std::map<std::string, std::string>& paths)> prepare = {};
};

/// The graders that task files may name.
class Graders {
public:
    /// Throws std::logic_error for a duplicate name.
    void add(GraderEntry entry);
    /// nullptr when the name is unknown.
    const GraderEntry* find(std::string_view name) const;
    std::set<std::string> names() const;

private:
    std::map<std::string, GraderEntry, std::less<>> entries_;
};

/// Makes an entry for a rule without data.
GraderEntry simple_grader(std::string name, Grader grade);

/// The graders of this folder.
Graders builtin_graders();

/// Metric name -> reason for its value, for metrics whose grader gives one.
using Explanations = std::map<std::string, std::string, std::less<>>;

}  // namespace suites
