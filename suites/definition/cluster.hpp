#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "suites/definition/template.hpp"
#include "suites/transforms/registry.hpp"

namespace suites::definition {

/// What the documents of a cluster share, and how a document says which cluster it is of.
struct Cluster {
    std::string name;
    Template value;  ///< of a row with what the task's `document` adds to it, but not its `fields`
    transforms::DocumentTransform document = nullptr;  ///< nullptr: none
};

/// Parses {"passage": "{{context}}"}, without the transform. Throws SuiteError with only the reason.
Cluster parse_cluster(const nlohmann::json& object);

}  // namespace suites::definition
