#include "harness/cli/ladder_models.hpp"

#include <fmt/format.h>

#include <optional>

#include "harness/cli/interrupt.hpp"
#include "harness/cli/progress.hpp"
#include "harness/ladder/measurement.hpp"
#include "harness/ladder/rates.hpp"
#include "reports/statistics/divergence.hpp"

namespace harness::cli {
namespace {

using engine::EngineError;
using reports::data::LadderModel;

LadderModel described(const ladder::Candidate& candidate) {
    return {.variant = candidate.name,
            .fingerprint = "",
            .quantisation = "",
            .file_bytes = candidate.file_bytes,
            .weight_bytes = candidate.weight_bytes,
            .parameters = candidate.parameters};
}

class Measuring {
public:
    Measuring(const ladder::Text& text, const engine::EngineOptions& engine, reports::data::Ladder& found)
        : text_(text), engine_(engine), found_(found) {
        engine_.context = text.window_tokens;
        engine_.reuse = false;  // windows share nothing, and speeds must not come from the cache
    }

    void measure(const ladder::Candidate& candidate, LadderModel& row) {
        ProgressBar bar(candidate.name, "tokens");
        bar.phase("opening the model");
        const auto model = candidate.source->open(interruptible(engine_, bar));
        row.fingerprint = model->card().fingerprint;
        row.quantisation = model->card().quantisation;
        const auto progress = [&](std::size_t tokens) {
            bar.update("comparing with the reference", tokens, text_.tokens(), tokens);
        };
        bar.phase("first batch");
        if (!measurement_) {
            found_.device = model->card().device;
            found_.numerics = model->card().numerics;
            measurement_.emplace(text_, *model, progress);
            row.divergence = reports::statistics::summarise(measurement_->reference(), text_.window_of);
        } else {
            row.divergence = reports::statistics::summarise(measurement_->compare(*model, progress), text_.window_of);
        }
        bar.phase("measuring the speed");
        const ladder::Rates rates = ladder::measure_rates(*model, text_);
        row.prompt_rate = rates.prompt;
        row.answer_rate = rates.answer;
    }

private:
    const ladder::Text& text_;
    engine::EngineOptions engine_;
    reports::data::Ladder& found_;
    std::optional<ladder::Measurement> measurement_;
};

}  // namespace

reports::data::Ladder measure_ladder(const std::vector<ladder::Candidate>& models, const ladder::Text& text,
                                     const engine::EngineOptions& engine) {
    const InterruptWatch watch;
    reports::data::Ladder found{.text = text.name,
                                .text_fingerprint = text.fingerprint,
                                .tokens = text.tokens(),
                                .text_tokens = text.text_tokens,
                                .windows = text.windows.size(),
                                .window_tokens = text.window_tokens,
                                .device = "",
                                .numerics = "",
                                .models = {}};
    Measuring measuring(text, engine, found);
    for (const ladder::Candidate& candidate : models) {
        LadderModel row = described(candidate);
        try {
            measuring.measure(candidate, row);
        } catch (const EngineError& error) {
            if (error.kind() == EngineError::Kind::Stopped) {
                throw EngineError(EngineError::Kind::Stopped,
                                  candidate.name + ": interrupted; divergences are not kept, scores of runs are");
            }
            // Without the reference there is nothing to compare with.
            if (found.models.empty()) throw;
            row.divergence.reset();
            row.failure = error.what();
        }
        found.models.push_back(std::move(row));
    }
    return found;
}

}  // namespace harness::cli
