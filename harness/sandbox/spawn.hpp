#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "harness/sandbox/descriptor.hpp"

namespace harness::sandbox {

/// Starts a command in a session of its own, with `placed` as its descriptors 0, 1, 2 ...; it inherits nothing else.
/// Throws std::system_error.
pid_t spawn(const std::vector<std::string>& command, const std::vector<const Descriptor*>& placed);

/// Makes the kernel kill a process, and processes that it starts later, before all others when memory is short.
void end_first(pid_t process);

/// Waits for a process that `spawn` started; returns its status as from waitpid.
int wait_for(pid_t process);

/// Kills and reaps orphaned processes of sandboxes: this process adopts them (PR_SET_CHILD_SUBREAPER).
void reap_orphans();

}  // namespace harness::sandbox
