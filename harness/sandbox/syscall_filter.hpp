#pragma once

#include <string>

namespace harness::sandbox {

enum class Signals {
    Allowed,
    /// No signal that ends or stops a process without an error of its own, be it sent, timed or tied to a parent's
    /// death: a process that dies of SIGKILL all the same was killed from outside.
    Refused,
};

/// What a program in the sandbox may not ask of the kernel, as the bytes of a classic BPF program (what bubblewrap's
/// --seccomp reads): other processes' memory and descriptors, namespaces and mounts of its own, memory that no limit
/// counts (memfd_create, System V shared memory), keys, sockets that no network namespace holds (AF_VSOCK), and
/// interfaces to the kernel that a benchmark has no use for. Refused calls fail with EPERM; calls of another
/// architecture end the program. Throws SandboxError where libseccomp knows no such filter.
std::string syscall_filter(Signals signals);

}  // namespace harness::sandbox
