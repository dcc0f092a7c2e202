#pragma once

#include <string>
#include <string_view>

#include "harness/study/page.hpp"
#include "harness/study/state.hpp"

namespace harness::study {

/// Throws base::UsageError when there is no such study; the message names the nearest.
store::StudyRow find_study(const store::Database& database, const std::string& name);

/// The state of a study for its lead.
StudyStatus status_of(const StudyState& state, const store::StudyRow& study, store::UnixMs now);

/// The same, read from a database. Throws as find_study(), and store::StoreError. Imported studies have no leases.
StudyStatus read_status(const store::Database& database, const std::string& name, store::UnixMs now);

/// Whether the choice of an assignment in force is the item's right answer; false where the item has none.
bool is_right(std::string_view protocol, const store::StudyItemRow& item, const AssignmentState& one);

}  // namespace harness::study
