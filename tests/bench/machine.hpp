#pragma once

#include <string>

namespace bench {

/// Processor time of this process so far, of all its threads. [s]
double processor_seconds();
/// Processes that ran or waited in the last minute, on average, as the system says it; "unknown" where it does not.
std::string load_average();
/// The processor's name; "unknown processor" where the system tells none.
std::string processor_name();

}  // namespace bench
