#pragma once

#include <optional>
#include <vector>

#include "engine/licence.hpp"
#include "harness/store/run_store.hpp"
#include "reports/data/terms.hpp"

namespace harness::results {

/// The licence of a run's model: what the record of the model says, or for records of earlier builds, which say
/// nothing, what the names of model and run say.
engine::Licence run_licence(const store::RunStore& runs, const store::RunRow& run);

/// Whether people are shown the terms of Llama 2's licence where they bind.
enum class LicenceNotice { Shown, Silenced };

/// Llama 2's terms for the runs of models under its licence; nullopt when there is none.
std::optional<reports::data::Terms> licence_terms(const store::RunStore& runs, const std::vector<store::RunRow>& rows);

}  // namespace harness::results
