#include "engine/base/bus_errors.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace engine::base {
namespace {

struct sigaction before = {};

void on_asked(int signal, siginfo_t* info, void* context) {
    if (info->si_code == SI_TKILL) {
        // This mask becomes the thread's signal mask when the handler returns.
        sigdelset(&static_cast<ucontext_t*>(context)->uc_sigmask, SIGBUS);
        return;
    }
    // Sent by a system call filter (seccomp): restore the earlier handler and send the signal again.
    ::sigaction(signal, &before, nullptr);
    ::raise(signal);
}

/// Whether the thread with the folder /proc/self/task/N blocks SIGBUS; false when it has ended.
bool blocks_bus_errors(const std::filesystem::path& thread) {
    std::ifstream status(thread / "status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("SigBlk:")) continue;
        const std::uint64_t blocked = std::strtoull(line.c_str() + sizeof("SigBlk:"), nullptr, 16);
        return (blocked >> (SIGBUS - 1) & 1U) != 0;
    }
    return false;
}

std::vector<pid_t> blocking_threads() {
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
        if (blocks_bus_errors(thread.path())) found.push_back(std::atoi(thread.path().filename().c_str()));
    }
    return found;
}

}  // namespace

bool unblock_bus_errors() {
    constexpr int kLooks = 1000;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    std::vector<pid_t> blocking = blocking_threads();
    if (blocking.empty()) return true;
    static std::once_flag installed;
    std::call_once(installed, [] {
        struct sigaction action = {};
        action.sa_sigaction = on_asked;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        ::sigaction(SIGSYS, &action, &before);
    });
    for (const pid_t thread : blocking) ::syscall(SYS_tgkill, ::getpid(), thread, SIGSYS);
    for (int look = 0; look < kLooks && !blocking.empty(); ++look) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        blocking = blocking_threads();
    }
    return blocking.empty();
}

}  // namespace engine::base
