#pragma once

#include <cstdint>
#include <string>

namespace bench {

/// Tasks of a generated run.
enum class Shape {
    OneTask,  ///< one choice task of two choices
    Several,  ///< half of the items in choice tasks of two and four choices, half in generation tasks, one of prompts
              ///< whose refusals `rescore --with refusal` counts
};

struct GeneratedRuns {
    std::uint64_t items = 0;  ///< of each run
    Shape shape = Shape::OneTask;
    std::uint64_t seed = 1;
};

/// Writes a database of two finished runs over the same documents: documents and prompts of about 500 bytes each, some
/// equal, tokens with log-probabilities, items that differ in one in eight verdicts, failed items in the second run.
/// The same arguments give the same rows, except for dates. Replaces the file.
void generate_runs(const std::string& path, const GeneratedRuns& what);

/// The first run of generate_runs as two shards, in two databases.
void generate_shards(const std::string& first, const std::string& second, const GeneratedRuns& what);

}  // namespace bench
