#include "harness/ladder/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

#include "engine/model_summary.hpp"
#include "harness/base/usage_error.hpp"

namespace harness::ladder {
namespace {

using base::UsageError;

/// Each source of a demo model has a copy of its own in memory.
bool is_same(const model::ModelSource& a, const model::ModelSource& b) {
    if (a.variant().starts_with("demo:") || b.variant().starts_with("demo:")) return a.variant() == b.variant();
    std::error_code error;
    return std::filesystem::equivalent(a.path(), b.path(), error);
}

/// Until then, a name is the MODEL argument.
void shorten_names(std::vector<Candidate>& models) {
    std::map<std::string, int> times;
    for (const Candidate& model : models) ++times[model.source->variant()];
    for (Candidate& model : models) {
        if (times[model.source->variant()] == 1) model.name = model.source->variant();
    }
}

/// Throws UsageError and engine::EngineError (Input).
Candidate look_at(const std::string& name, std::unique_ptr<model::ModelSource> source, std::uint32_t context) {
    const engine::ModelSummary summary = engine::summarise_model(source->path(), context);
    if (!summary.refusal.empty()) throw UsageError(summary.refusal);
    Candidate found{.name = name,
                    .source = std::move(source),
                    .tokenizer = nullptr,
                    .weight_bytes = summary.weight_bytes,
                    .parameters = summary.parameters,
                    .context_length = context != 0 ? context : summary.context_length};
    found.tokenizer = engine::open_tokenizer(found.source->path());
    found.file_bytes = std::filesystem::file_size(found.source->path());
    return found;
}

/// Why the vocabularies cannot be compared; empty: they are equal.
std::string difference_of(const engine::Tokenizer& reference, const engine::Tokenizer& other) {
    if (reference.vocab_size() != other.vocab_size())
        return fmt::format("a vocabulary of {} tokens, the reference of {}", other.vocab_size(),
                           reference.vocab_size());
    for (engine::TokenId id = 0; id < reference.vocab_size(); ++id) {
        if (reference.piece(id) != other.piece(id))
            return fmt::format("token {} '{}', the reference '{}'", id, other.piece(id), reference.piece(id));
    }
    if (reference.bos_id() != other.bos_id())
        return fmt::format("BOS token {}, the reference {}", other.bos_id(), reference.bos_id());
    return "";
}

void check_vocabularies(const std::vector<Candidate>& models) {
    std::vector<std::string> mistakes;
    for (const Candidate& model : models) {
        const std::string difference = difference_of(*models.front().tokenizer, *model.tokenizer);
        if (difference.empty()) continue;
        mistakes.push_back(fmt::format("{} has {} ({}): distributions over different vocabularies cannot be compared",
                                       model.name, difference, models.front().name));
    }
    if (!mistakes.empty()) throw UsageError(mistakes);
}

}  // namespace

double Candidate::bits_per_weight() const {
    return parameters == 0 ? 0 : 8 * static_cast<double>(weight_bytes) / static_cast<double>(parameters);
}

std::vector<Candidate> candidates(const std::vector<std::string>& models, const std::string& reference,
                                  std::uint32_t context) {
    std::vector<std::string> names;
    if (!reference.empty()) names.push_back(reference);
    names.insert(names.end(), models.begin(), models.end());
    std::vector<Candidate> found;
    std::vector<std::string> mistakes;
    for (const std::string& name : names) {
        try {
            auto source = std::make_unique<model::ModelSource>(name);
            const bool is_known = std::any_of(found.begin(), found.end(),
                                              [&](const Candidate& other) { return is_same(*other.source, *source); });
            if (!is_known) found.push_back(look_at(name, std::move(source), context));
        } catch (const UsageError& error) {
            mistakes.insert(mistakes.end(), error.mistakes().begin(), error.mistakes().end());
        } catch (const engine::EngineError& error) {
            if (error.kind() != engine::EngineError::Kind::Input) throw;
            mistakes.emplace_back(error.what());
        }
    }
    if (!mistakes.empty()) throw UsageError(mistakes);
    if (reference.empty()) {
        const auto most = std::max_element(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
            return a.bits_per_weight() < b.bits_per_weight();
        });
        std::rotate(found.begin(), most, std::next(most));
    }
    std::stable_sort(std::next(found.begin()), found.end(),
                     [](const Candidate& a, const Candidate& b) { return a.weight_bytes > b.weight_bytes; });
    shorten_names(found);
    check_vocabularies(found);
    return found;
}

void check_same_tokens(const std::vector<Candidate>& models, const std::string& text) {
    const std::vector<engine::TokenId> expected = models.front().tokenizer->encode(text, engine::Bos::No);
    for (const Candidate& model : models) {
        const std::vector<engine::TokenId> ids = model.tokenizer->encode(text, engine::Bos::No);
        if (ids == expected) continue;
        const auto place = std::mismatch(ids.begin(), ids.end(), expected.begin(), expected.end()).first - ids.begin();
        throw UsageError(
            fmt::format("{} cuts the text into other tokens than {} from token {} on: their predictions cannot be "
                        "compared",
                        model.name, models.front().name, place));
    }
}

}  // namespace harness::ladder
