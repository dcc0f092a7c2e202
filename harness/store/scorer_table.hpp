#pragma once

#include <cstdint>

#include "harness/store/rows.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {

/// The rows of scorers; each set of properties is stored once. Part of RunStore and ScoreStore.
class ScorerTable {
public:
    explicit ScorerTable(const Database& database) : database_(database) {}

    /// The id of the scorer with these properties; creates it if there is none.
    std::int64_t id_of(const ScorerRow& scorer);
    /// Reads columns id, kind, name, version, model, prompt_hash, settings.
    static ScorerRow row(const Statement& read);

private:
    const Database& database_;
    Statement add_{database_, R"sql(
        INSERT INTO scorer (kind, name, version, model, prompt_hash, settings) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO NOTHING)sql"};
    Statement find_{database_, R"sql(
        SELECT id FROM scorer WHERE kind = ?1 AND name = ?2 AND version = ?3 AND model = ?4 AND prompt_hash = ?5
                                AND settings = ?6)sql"};
};

}  // namespace harness::store
