#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/catalog.hpp"
#include "suites/embedded_file.hpp"

/// Bellwether's own prompt sets.
namespace safety::prompts {

/// The files of this folder, embedded in the binary.
const std::vector<suites::EmbeddedFile>& set_files();

/// A prompt set of this project.
struct Set {
    std::string name;         ///< "safety"; its file is FILE.jsonl
    std::string file;         ///< "safety_2k"
    std::string description;  ///< one line
    std::string grader;       ///< of its task: "refusal" or "compliance"; all answers are kept
    std::uint32_t version = 1;
    std::string_view content;  ///< JSON lines
    /// SHA-256 of `content`, in hexadecimal.
    std::string sha256() const;
};

/// "helpfulness", "safety" and "borderline".
const std::vector<Set>& builtin_sets();

/// An answer to each prompt of the three samples, as `import --format outputs` reads them: written for the demo, as
/// what a helpful and careful assistant may say, and not by a model under test.
std::string_view reference_answers();

/// Adds each set as a task with its name, and 60 short prompts of it, which fit the demo models, as another
/// ("safety_60").
void add_tasks(suites::Catalog& catalog);

}  // namespace safety::prompts
