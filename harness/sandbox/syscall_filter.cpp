#include "harness/sandbox/syscall_filter.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace harness::sandbox {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

constexpr std::array kRefused = {
    // Other processes: the sandbox's first one holds the program text with its mark.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_open, SYS_pidfd_getfd, SYS_kcmp,
    // Namespaces and mounts: in a user namespace of its own a program could mount file systems of any size.
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount,
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_name_to_handle_at, SYS_open_by_handle_at,
    // Memory that belongs to no process.
    SYS_memfd_create, SYS_memfd_secret, SYS_shmget, SYS_shmat, SYS_msgget, SYS_semget, SYS_mq_open,
    // The rest of the kernel.
    SYS_add_key, SYS_request_key, SYS_keyctl, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup,
    SYS_io_uring_enter, SYS_io_uring_register, SYS_personality, SYS_syslog, SYS_quotactl, SYS_acct, SYS_swapon,
    SYS_swapoff, SYS_reboot, SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module};

constexpr std::uint32_t kOwnNamespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

// Families of sockets, as <sys/socket.h> has them, which stands in harness/download alone.
constexpr std::array<std::uint32_t, 4> kSockets = {1, 2, 10, 16};  // UNIX, INET, INET6; NETLINK lists interfaces

using Program = std::vector<sock_filter>;

constexpr std::uint32_t error(int number) {
    return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(number) & SECCOMP_RET_DATA);
}

void load(Program& program, std::size_t offset) {
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
}

void answer(Program& program, std::uint32_t result) {
    program.push_back(BPF_STMT(BPF_RET | BPF_K, result));
}

/// The low half of an argument; both architectures are little-endian.
void load_argument(Program& program, std::size_t index) {
    load(program, offsetof(seccomp_data, args) + 8 * index);
}

/// Goes over `skipped` instructions when what was loaded is not `value`.
void unless_equal_skip(Program& program, std::uint32_t value, std::uint8_t skipped) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

}  // namespace

std::string syscall_filter() {
    if (kArchitecture == 0) return "";
    Program program;
    load(program, offsetof(seccomp_data, arch));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(seccomp_data, nr));
#if defined(__x86_64__)
    constexpr std::uint32_t kX32 = 0x40000000;  // the same calls again under other numbers
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kX32, 0, 1));
    answer(program, SECCOMP_RET_KILL_PROCESS);
#endif
    for (const long call : kRefused) {
        unless_equal_skip(program, static_cast<std::uint32_t>(call), 1);
        answer(program, error(EPERM));
    }
    // Its flags lie in memory, which a filter cannot read; the C library goes on with clone.
    unless_equal_skip(program, SYS_clone3, 1);
    answer(program, error(ENOSYS));
    unless_equal_skip(program, SYS_clone, 4);
    load_argument(program, 0);
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kOwnNamespaces, 0, 1));
    answer(program, error(EPERM));
    answer(program, SECCOMP_RET_ALLOW);
    unless_equal_skip(program, SYS_socket, 6);
    load_argument(program, 0);
    for (std::size_t i = 0; i < kSockets.size(); ++i) {
        const auto over = static_cast<std::uint8_t>(kSockets.size() - i);  // the rest, and the refusal
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSockets.at(i), over, 0));
    }
    answer(program, error(EPERM));
    answer(program, SECCOMP_RET_ALLOW);
    return {reinterpret_cast<const char*>(program.data()), program.size() * sizeof(sock_filter)};
}

}  // namespace harness::sandbox
