#pragma once

namespace harness::sandbox {

/// The sources of python/*.py, embedded.
extern const char* const kLaunchScript;
extern const char* const kFindTestsScript;

}  // namespace harness::sandbox
