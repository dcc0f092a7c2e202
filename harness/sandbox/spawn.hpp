#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "harness/sandbox/descriptor.hpp"

namespace harness::sandbox {

/// Starts a command in a session of its own with `placed` as its descriptors 0, 1, 2 ... and nothing else inherited.
/// Throws std::system_error.
pid_t spawn(const std::vector<std::string>& command, const std::vector<const Descriptor*>& placed);

/// Has the kernel end a process, and what it starts from now on, before all others when memory is short.
void end_first(pid_t process);

/// Waits for the end of a process that `spawn` started; its status, as waitpid has it.
int wait_for(pid_t process);

/// Ends and reaps the sandboxes' processes whose parents have ended: this process adopts them (PR_SET_CHILD_SUBREAPER).
void reap_orphans();

}  // namespace harness::sandbox
