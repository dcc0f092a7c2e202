#include "harness/run/merge_output.hpp"

namespace harness::run {
namespace {

constexpr mode_t kOwnerAlone = 0600;  // as for any new database

/// Checks the final name here, since opening the new database checks only its temporary name.
const std::string& checked(const std::string& out) {
    store::check_database_name(out);
    return out;
}

}  // namespace

MergeOutput::MergeOutput(const std::string& out)
    : file_(checked(out), {.existing = base::PendingRules::Existing::Refuse,
                           .busy = base::PendingRules::Busy::Refuse,
                           .mode = kOwnerAlone}),
      database_(std::in_place, file_.temporary_path(), store::OpenMode::Create),
      runs_(*database_),
      scores_(*database_) {}

void MergeOutput::finish() {
    scores_.reset();
    runs_.reset();
    database_.reset();  // closing moves everything from the log into the file
    file_.publish();
}

}  // namespace harness::run
