#include "harness/results/licence.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

// The licence demands these words, in §1.b.iii.
constexpr const char* kNotice =
    "Llama 2 is licensed under the LLAMA 2 Community License, Copyright (c) Meta Platforms, Inc. All Rights Reserved.";

/// §2 and §1.b.v of the licence, in our words.
const std::vector<std::string> kRules = {
    "Who had products with more than 700 million monthly active users in the calendar month before Llama 2's release "
    "on 18 July 2023 needs a licence from Meta.",
    "The model, its outputs and these results are not to be used to improve other large language models than Llama 2 "
    "and models made from it.",
    "These lines only point to the licence; its text decides."};

}  // namespace

engine::Licence run_licence(const store::RunStore& runs, const store::RunRow& run) {
    const nlohmann::json card = base::json_or_null(runs.model(run.model_fingerprint).card_json);
    const nlohmann::json& stored = base::member_of(card, "licence");
    if (stored.is_object()) return {base::text_member(stored, "name"), base::text_member(stored, "basis")};
    const engine::Licence licence = engine::licence_of_name(run.model_name);
    return licence.name.empty() ? engine::licence_of_name(run.variant) : licence;
}

std::optional<reports::data::Terms> licence_terms(const store::RunStore& runs, const std::vector<store::RunRow>& rows) {
    reports::data::Terms terms{.notice = kNotice, .rules = kRules, .runs = {}};
    for (const store::RunRow& row : rows) {
        const engine::Licence licence = run_licence(runs, row);
        if (licence.is_llama2())
            terms.runs.push_back(fmt::format("{} (run {}): {}", row.variant, row.id, licence.basis));
    }
    return terms.runs.empty() ? std::nullopt : std::optional(std::move(terms));
}

}  // namespace harness::results
