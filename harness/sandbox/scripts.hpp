#pragma once

namespace harness::sandbox {

/// The Python of python/*.py, embedded.
extern const char* const kLaunchScript;
extern const char* const kFindTestsScript;

}  // namespace harness::sandbox
