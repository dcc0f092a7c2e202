#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "harness/sandbox/descriptor.hpp"

namespace harness::sandbox {

/// Starts a command in a session of its own with `placed` as its descriptors 0, 1, 2 ... and nothing else inherited.
/// The kernel ends it first when memory is short. Throws std::system_error.
pid_t spawn(const std::vector<std::string>& command, const std::vector<const Descriptor*>& placed);

/// Waits for the end of a child; its status, as waitpid has it.
int wait_for(pid_t process);

/// Ends and reaps a process whose parent has ended. One that its parent reaped is no child of ours, and its number may
/// be another's by now.
void reap_orphan(pid_t process);

}  // namespace harness::sandbox
