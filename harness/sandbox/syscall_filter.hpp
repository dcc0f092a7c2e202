#pragma once

#include <string>

namespace harness::sandbox {

enum class Signals {
    Allowed,
    /// Refuses signals that end or stop a process without an error of its own, whether sent, timed or tied to a
    /// parent's death: a process that still dies of SIGKILL was killed from outside.
    Refused,
};

/// A filter of system calls for programs in the sandbox, as the bytes of a classic BPF program (for bubblewrap's
/// --seccomp). It refuses access to other processes' memory and descriptors, new namespaces and mounts, memory that no
/// limit counts (memfd_create, System V shared memory), keys, sockets outside the network namespace (AF_VSOCK), and
/// kernel interfaces that benchmarks do not need. Refused calls fail with EPERM; calls of another architecture kill the
/// program. Throws SandboxError if libseccomp cannot build the filter.
std::string syscall_filter(Signals signals);

}  // namespace harness::sandbox
