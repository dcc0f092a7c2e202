#include "harness/results/run_cost.hpp"

#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "harness/base/json.hpp"
#include "harness/results/documents.hpp"

namespace harness::results {
namespace {

constexpr std::uint64_t kMaxCountedItems = 200'000;

std::optional<std::time_t> unix_seconds(const std::string& date) {
    std::tm utc = {};
    std::istringstream text(date);
    text >> std::get_time(&utc, "%Y-%m-%dT%H:%M:%SZ");
    if (text.fail()) return std::nullopt;
    return timegm(&utc);
}

std::optional<double> seconds_of(const store::RunStore& runs, const store::RunRow& run) {
    if (!runs.shards(run.id).empty()) return std::nullopt;
    const std::optional<std::time_t> from = unix_seconds(run.created);
    const std::optional<std::time_t> to = unix_seconds(run.finished);
    if (!from || !to || *to < *from) return std::nullopt;
    return static_cast<double>(*to - *from);
}

bool is_from_elsewhere(const store::RunStore& runs, const store::RunRow& run) {
    if (is_imported(run)) return true;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        if (is_imported(task)) return true;
    }
    return false;
}

std::uint64_t planned_items(const store::RunStore& runs, const store::RunRow& run) {
    std::uint64_t items = 0;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) items += task.planned_items;
    return items;
}

}  // namespace

reports::data::CostView run_cost(const store::RunStore& runs, const store::RunRow& run) {
    reports::data::CostView cost;
    if (is_from_elsewhere(runs, run)) return cost;
    cost.seconds = seconds_of(runs, run);
    if (planned_items(runs, run) <= kMaxCountedItems) {
        const store::TokenCounts tokens = runs.token_counts(run.id);
        cost.prompt_tokens = tokens.prompts;
        cost.answer_tokens = tokens.answers;
    }
    const nlohmann::json card = base::json_or_null(runs.model(run.model_fingerprint).card_json);
    const nlohmann::json& bytes = base::member_of(card, "weight_bytes");
    if (bytes.is_number_unsigned() && bytes != 0) cost.weight_bytes = bytes.get<std::uint64_t>();
    cost.quantisation = base::text_member(card, "quantisation");
    return cost;
}

}  // namespace harness::results
