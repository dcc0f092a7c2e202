#include "engine/formats/read_guard.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace engine::formats {

/// A watched range. Entries are reused and never freed, because the handler may walk them at any time.
struct ReadGuard::Entry {
    std::atomic<bool> taken = true;
    std::atomic<std::uintptr_t> begin = 0;
    std::atomic<std::uintptr_t> end = 0;  // 0: not in use
    std::atomic<bool> failed = false;
    Entry* next = nullptr;
};

namespace {

std::atomic<ReadGuard::Entry*> entries = nullptr;
std::uintptr_t page_bytes = 4096;
struct sigaction before = {};

// Async-signal-safe: uses only atomics and mmap, which is a plain system call on Linux.
void on_bus_error(int signal, siginfo_t* info, void* /*context*/) {
    const int error = errno;
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (ReadGuard::Entry* entry = entries.load(); entry != nullptr; entry = entry->next) {
        const std::uintptr_t end = entry->end.load();
        if (info->si_code <= 0 || address < entry->begin.load() || address >= end) continue;
        // Replaces everything up to the end, so that a large truncated file faults once and not for each page.
        const std::uintptr_t within_page = address % page_bytes;
        void* const zeros = ::mmap(static_cast<std::byte*>(info->si_addr) - within_page, end - address + within_page,
                                   PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
        if (zeros == MAP_FAILED) break;
        entry->failed.store(true);
        errno = error;
        return;
    }
    // Not one of our mappings: restore the earlier handler, then the instruction runs again or the signal is sent
    // again.
    ::sigaction(signal, &before, nullptr);
    if (info->si_code <= 0) ::raise(signal);
    errno = error;
}

void install() {
    page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action = {};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigaction(SIGBUS, &action, &before);
}

ReadGuard::Entry* take_entry() {
    for (ReadGuard::Entry* entry = entries.load(); entry != nullptr; entry = entry->next) {
        bool free = false;
        if (entry->taken.compare_exchange_strong(free, true)) return entry;
    }
    auto* const entry = new ReadGuard::Entry;
    entry->next = entries.load();
    while (!entries.compare_exchange_weak(entry->next, entry)) {
    }
    return entry;
}

}  // namespace

ReadGuard::ReadGuard(std::span<const std::byte> mapping) {
    static std::once_flag installed;
    std::call_once(installed, install);
    entry_ = take_entry();
    entry_->failed.store(false);
    entry_->begin.store(reinterpret_cast<std::uintptr_t>(mapping.data()));
    entry_->end.store(reinterpret_cast<std::uintptr_t>(mapping.data()) + mapping.size());
}

ReadGuard::~ReadGuard() {
    entry_->end.store(0);
    entry_->taken.store(false);
}

bool ReadGuard::failed() const noexcept {
    return entry_->failed.load();
}

}  // namespace engine::formats
