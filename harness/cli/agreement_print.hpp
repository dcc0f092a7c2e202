#pragma once

#include <cstdint>
#include <string>

#include "harness/scoring/people_agreement.hpp"
#include "harness/store/database.hpp"

namespace harness::cli {

/// Prints, for each scorer that scored the outputs of a run afterwards, how far it agrees with people as far as that
/// was measured; nothing for a run without such scores.
void print_agreement(const store::Database& database, std::int64_t run);

/// How far a scorer agrees with people as far as that was measured, else that it was not and the command that measures
/// it.
std::string agreement_text(const store::Database& database, std::int64_t scorer, const std::string& measure);

/// Prints the coefficients of a measurement with those of people among themselves beside them.
void print_coefficients(const scoring::PeopleAgreement& agreement);

/// Prints how often each label was judged as what; nothing for a scorer that gives no classes.
void print_confusion(const scoring::PeopleAgreement& agreement, scoring::LabelScale scale);

}  // namespace harness::cli
