#include "harness/sandbox/syscall_filter.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>

#include "harness/sandbox/descriptor.hpp"
#include "harness/sandbox/error.hpp"

namespace harness::sandbox {
namespace {

constexpr std::array kRefused = {
    // Other processes: the sandbox's first process has the program's text with its mark.
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
    // Namespaces and mounts: in a user namespace of its own a program could mount file systems of any size.
    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
    SCMP_SYS(open_tree), SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(fsconfig), SCMP_SYS(fsmount),
    SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(name_to_handle_at), SCMP_SYS(open_by_handle_at),
    // Memory that belongs to no process.
    SCMP_SYS(memfd_create), SCMP_SYS(memfd_secret), SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(msgget),
    SCMP_SYS(semget), SCMP_SYS(mq_open),
    // The rest of the kernel.
    SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl), SCMP_SYS(bpf), SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
    SCMP_SYS(personality), SCMP_SYS(syslog), SCMP_SYS(quotactl), SCMP_SYS(acct), SCMP_SYS(swapon), SCMP_SYS(swapoff),
    SCMP_SYS(reboot), SCMP_SYS(kexec_load), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module)};

constexpr std::array kOwnNamespaces = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                       CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};

// Socket families from <sys/socket.h>, which only harness/download may include: UNIX, INET, INET6, and NETLINK, which
// lists interfaces.
constexpr std::array kSockets = {1U, 2U, 10U, 16U};

/// The signals of Signals::Refused. Signals of errors (SIGSEGV, SIGABRT) are not among them.
constexpr std::array kEnding = {SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGTERM, SIGHUP};

/// System calls that send a signal, with the index of the argument that names it.
struct Sender {
    int call;
    unsigned argument;
};
constexpr std::array kSenders = {Sender{SCMP_SYS(kill), 1},
                                 Sender{SCMP_SYS(tkill), 1},
                                 Sender{SCMP_SYS(tgkill), 2},
                                 Sender{SCMP_SYS(rt_sigqueueinfo), 1},
                                 Sender{SCMP_SYS(rt_tgsigqueueinfo), 2},
                                 Sender{SCMP_SYS(pidfd_send_signal), 1}};

class Filter {
public:
    Filter() : context_(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release) {
        if (!context_) throw SandboxError("libseccomp makes no filter for this architecture");
        check(seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "the architecture");
    }

    void refuse(int call, int error = EPERM) {
        // Negative: a call that this architecture or this libseccomp does not have.
        if (call >= 0) check(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(error), call, 0), "a call");
    }
    void refuse_when(int call, const scmp_arg_cmp& condition) {
        if (call >= 0) check(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(EPERM), call, 1, condition), "a call");
    }
    void refuse_when(int call, const scmp_arg_cmp& one, const scmp_arg_cmp& other) {
        if (call >= 0) check(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(EPERM), call, 2, one, other), "a call");
    }

    std::string exported() const {
        const Descriptor file = memory_file("");
        check(seccomp_export_bpf(context_.get(), file.get()), "the export");
        return whole(file);
    }

private:
    static void check(int result, const char* what) {
        if (result < 0) throw SandboxError(fmt::format("libseccomp refuses {} of the filter: error {}", what, -result));
    }

    std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
};

void refuse_signals(Filter& filter) {
    for (const Sender& sender : kSenders) {
        for (const int signal : kEnding)
            filter.refuse_when(sender.call, SCMP_CMP32(sender.argument, SCMP_CMP_EQ, static_cast<unsigned>(signal)));
    }
    // A child's end sends the signal that its parent chose; a terminal's end sends SIGHUP to the leader of its session.
    for (const int signal : kEnding)
        filter.refuse_when(SCMP_SYS(clone), SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, CSIGNAL, static_cast<unsigned>(signal)));
    filter.refuse(SCMP_SYS(setsid));
    filter.refuse(SCMP_SYS(timer_create));
    filter.refuse_when(SCMP_SYS(prctl), SCMP_CMP32(0, SCMP_CMP_EQ, PR_SET_PDEATHSIG));
    constexpr unsigned kSetSignal = 10;  // F_SETSIG
    filter.refuse_when(SCMP_SYS(fcntl), SCMP_CMP32(1, SCMP_CMP_EQ, kSetSignal));
}

}  // namespace

std::string syscall_filter(Signals signals) {
    Filter filter;
    for (const int call : kRefused) filter.refuse(call);
    // Its flags are in memory, which a filter cannot read; the C library then falls back to clone.
    filter.refuse(SCMP_SYS(clone3), ENOSYS);
    for (const int flag : kOwnNamespaces) {
        const auto bit = static_cast<unsigned>(flag);
        filter.refuse_when(SCMP_SYS(clone), SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, bit, bit));
    }
    // Setting limits of another process could kill the sandbox's first one. Reading them is allowed.
    filter.refuse_when(SCMP_SYS(prlimit64), SCMP_CMP32(0, SCMP_CMP_NE, 0U), SCMP_CMP64(2, SCMP_CMP_NE, 0U));
    filter.refuse_when(SCMP_SYS(socket), SCMP_CMP32(0, SCMP_CMP_GT, kSockets.back()));
    for (unsigned family = 0, next = 0; family < kSockets.back(); ++family) {
        if (family == kSockets.at(next)) {
            ++next;
        } else {
            filter.refuse_when(SCMP_SYS(socket), SCMP_CMP32(0, SCMP_CMP_EQ, family));
        }
    }
    if (signals == Signals::Refused) refuse_signals(filter);
    return filter.exported();
}

}  // namespace harness::sandbox
