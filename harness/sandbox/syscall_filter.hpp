#pragma once

#include <string>

namespace harness::sandbox {

/// What a program in the sandbox may not ask of the kernel, as the bytes of a classic BPF program (what bubblewrap's
/// --seccomp reads): other processes' memory and descriptors, namespaces and mounts of its own, memory that no limit
/// counts (memfd_create, System V shared memory), keys, sockets that no network namespace holds (AF_VSOCK), and
/// interfaces to the kernel that a benchmark has no use for. Refused calls fail with EPERM; calls of another
/// architecture end the program. Empty on architectures other than x86-64 and ARM64.
std::string syscall_filter();

}  // namespace harness::sandbox
