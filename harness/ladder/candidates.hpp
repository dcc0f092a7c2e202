#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/model_source.hpp"

namespace harness::ladder {

/// A model file that was looked at and not opened yet.
struct Candidate {
    std::string name;  ///< the variant, or the MODEL argument where several have the same variant
    std::unique_ptr<model::ModelSource> source;
    std::unique_ptr<engine::Tokenizer> tokenizer;
    std::uint64_t file_bytes = 0;
    std::uint64_t weight_bytes = 0;
    std::uint64_t parameters = 0;
    std::uint32_t context_length = 0;

    double bits_per_weight() const;
};

/// Models to compare, the reference first, the others by size, the largest first. `reference`: a MODEL argument; empty:
/// of `models` the one with the most bits per weight, the first of equals. A model that is named twice is there once.
/// Reads no weights. Throws base::UsageError with a line for each model that the engine refuses, and for one that
/// differs from the reference in its vocabulary; then nothing has been computed. `context` as in engine::refusal_of().
std::vector<Candidate> candidates(const std::vector<std::string>& models, const std::string& reference,
                                  std::uint32_t context);

/// Throws base::UsageError for a model that cuts `text` into other tokens than the first.
void check_same_tokens(const std::vector<Candidate>& models, const std::string& text);

}  // namespace harness::ladder
