#pragma once

#include <cstdint>

namespace harness::store {

class Database;

/// What merge_studies() added.
struct MergedStudies {
    std::uint64_t studies = 0;  ///< of the source
    std::uint64_t raters = 0;   ///< new here
    std::uint64_t events = 0;   ///< new here
};

/// Adds all studies of another site's database with their raters, assignments and events; those that are here already
/// are kept. Sessions and invitations stay where they are: their secrets are of that site. Throws StoreError, and
/// changes nothing, when both have different studies of one name, or different events of one assignment and moment.
MergedStudies merge_studies(const Database& source, const Database& target);

}  // namespace harness::store
