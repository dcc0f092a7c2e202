#pragma once

#include <string>
#include <vector>

#include "harness/store/rows.hpp"

/// Rows that tests store.
inline const harness::store::ModelRow kModel = {"f00d", "a model", "a.gguf", "{}"};

inline harness::store::RunRow plan(const std::string& hash) {
    return {.id = 0,
            .plan_hash = hash,
            .plan_json = "{}",
            .model_fingerprint = "f00d",
            .model_name = "",
            .variant = "a",
            .created = "",
            .finished = ""};
}

inline std::vector<harness::store::RunTaskRow> one_task() {
    return {{.id = 0,
             .task = "t",
             .version = 1,
             .profile = "p",
             .fewshot = 2,
             .definition_json = "{}",
             .planned_items = 3,
             .metrics = {{.name = "acc"}}}};
}

inline harness::store::ItemRow item(std::uint64_t doc) {
    return {.doc = doc,
            .document_json = "{\"a\":1}",
            .target = "x",
            .error = "",
            .requests = {},
            .scores = {{"acc", 1.0}, {"other", std::nullopt}}};
}
