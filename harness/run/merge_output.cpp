#include "harness/run/merge_output.hpp"

namespace harness::run {
namespace {

constexpr mode_t kOwnerAlone = 0600;  // as any new database

/// The new database has another name until it is whole, so that opening it does not check this one.
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
    database_.reset();  // closing brings everything into the one file
    file_.publish();
}

}  // namespace harness::run
