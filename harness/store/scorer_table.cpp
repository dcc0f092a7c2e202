#include "harness/store/scorer_table.hpp"

namespace harness::store {

std::int64_t ScorerTable::id_of(const ScorerRow& scorer) {
    const auto bound = [&scorer](Statement& statement) -> Statement& {
        return statement.bind(scorer.kind, scorer.name, scorer.version, scorer.model_fingerprint, scorer.prompt_hash,
                              scorer.settings_json);
    };
    bound(add_).run();
    return bound(find_).run_for_integer().value();
}

ScorerRow ScorerTable::row(const Statement& read) {
    return {.id = read.integer(0),
            .kind = read.text(1),
            .name = read.text(2),
            .version = static_cast<std::uint32_t>(read.count(3)),
            .model_fingerprint = read.text(4),
            .prompt_hash = read.text(5),
            .settings_json = read.text(6)};
}

}  // namespace harness::store
