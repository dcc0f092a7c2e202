#include "harness/sandbox/cgroup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>

#include "harness/sandbox/descriptor.hpp"

namespace harness::sandbox {
namespace {

namespace fs = std::filesystem;

/// Writes in one call, as these files require. Returns the error number, 0 for success.
int put(const fs::path& file, std::string_view text) {
    const Descriptor opened(open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (opened.get() < 0) return errno;
    return write(opened.get(), text.data(), text.size()) < 0 ? errno : 0;
}

std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// The number after `key` in a file of lines "key number".
std::optional<std::uint64_t> number_of(const fs::path& file, std::string_view key) {
    std::istringstream lines(text_of(file));
    std::string name;
    for (std::uint64_t value = 0; lines >> name >> value;) {
        if (name == key) return value;
    }
    return std::nullopt;
}

bool has_word(const std::string& text, std::string_view word) {
    std::istringstream words(text);
    for (std::string one; words >> one;) {
        if (one == word) return true;
    }
    return false;
}

/// The mount point of cgroup version 2; empty if it is not mounted.
fs::path mount_point() {
    std::ifstream mounts("/proc/self/mounts");
    std::string device, folder, type, rest;
    while (mounts >> device >> folder >> type && std::getline(mounts, rest)) {
        if (type == "cgroup2") return folder;
    }
    return {};
}

/// This process's cgroup in that hierarchy; empty if there is none.
fs::path own_cgroup() {
    const fs::path mounted = mount_point();
    std::ifstream memberships("/proc/self/cgroup");
    for (std::string line; std::getline(memberships, line);) {
        if (!mounted.empty() && line.starts_with("0::/")) return mounted / line.substr(4);
    }
    return {};
}

std::string reason(int error) {
    return std::generic_category().message(error);
}

constexpr const char* kHarness = "bellwether";

}  // namespace

Cgroup::~Cgroup() {
    put(folder_ / "cgroup.kill", "1");
    // Killed processes disappear a moment later; a folder with processes in it cannot be removed.
    for (int attempt = 0; attempt < 50 && rmdir(folder_.c_str()) != 0 && errno == EBUSY; ++attempt)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

void Cgroup::add(pid_t process) const {
    const int error = put(folder_ / "cgroup.procs", std::to_string(process));
    if (error != 0) throw std::system_error(error, std::generic_category(), (folder_ / "cgroup.procs").string());
}

std::optional<std::chrono::milliseconds> Cgroup::cpu() const {
    const auto microseconds = number_of(folder_ / "cpu.stat", "usage_usec");
    if (!microseconds) return std::nullopt;
    return std::chrono::milliseconds(*microseconds / 1000);
}

bool Cgroup::out_of_memory() const {
    return number_of(folder_ / "memory.events", "oom_kill").value_or(0) > 0;
}

Cgroups::Cgroups(fs::path folder, bool memory, bool processes)
    : folder_(std::move(folder)), memory_(memory), processes_(processes) {}

Cgroups::~Cgroups() {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.path().filename().string().starts_with("program-")) rmdir(entry.path().c_str());
    }
}

std::unique_ptr<Cgroups> Cgroups::delegated(std::string& why_not) {
    const fs::path own = own_cgroup();
    if (own.empty()) {
        why_not = "no cgroup hierarchy of version 2 is mounted";
        return nullptr;
    }
    // An earlier call, or another sandbox of this process, has already moved it here.
    if (own.filename() == kHarness) return below(own.parent_path(), why_not);
    const std::string members = text_of(own / "cgroup.procs");
    if (members != std::to_string(getpid()) + "\n") {
        why_not = fmt::format("the cgroup {} has other processes in it", own.string());
        return nullptr;
    }
    const fs::path leaf = own / kHarness;
    if (mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) {
        why_not = fmt::format("no cgroup can be made in {}: {}", own.string(), reason(errno));
        return nullptr;
    }
    if (const int error = put(leaf / "cgroup.procs", std::to_string(getpid())); error != 0) {
        why_not = fmt::format("this process cannot move into {}: {}", leaf.string(), reason(error));
        rmdir(leaf.c_str());
        return nullptr;
    }
    std::unique_ptr<Cgroups> found = below(own, why_not);
    if (!found && put(own / "cgroup.procs", std::to_string(getpid())) == 0) rmdir(leaf.c_str());
    return found;
}

std::unique_ptr<Cgroups> Cgroups::below(const fs::path& folder, std::string& why_not) {
    if (!fs::exists(folder / "cgroup.controllers")) {
        why_not = fmt::format("{} is no cgroup of version 2", folder.string());
        return nullptr;
    }
    const std::string offered = text_of(folder / "cgroup.controllers");
    for (const char* controller : {"memory", "pids"}) {
        if (has_word(offered, controller)) put(folder / "cgroup.subtree_control", fmt::format("+{}", controller));
    }
    const std::string given = text_of(folder / "cgroup.subtree_control");
    return std::unique_ptr<Cgroups>(new Cgroups(folder, has_word(given, "memory"), has_word(given, "pids")));
}

std::unique_ptr<Cgroup> Cgroups::make(const Limits& limits) const {
    static std::atomic<std::uint64_t> next = 0;
    const fs::path folder = folder_ / fmt::format("program-{}-{}", getpid(), next++);
    if (mkdir(folder.c_str(), 0755) != 0) throw std::system_error(errno, std::generic_category(), folder.string());
    auto made = std::make_unique<Cgroup>(folder);
    const auto set = [&folder](const char* file, std::uint64_t value) {
        const int error = put(folder / file, std::to_string(value));
        if (error != 0) throw std::system_error(error, std::generic_category(), (folder / file).string());
    };
    if (memory_) {
        set("memory.max", limits.memory_bytes);
        put(folder / "memory.swap.max", "0");   // fails without swap
        put(folder / "memory.oom.group", "1");  // kills all processes of a program together
    }
    if (processes_) set("pids.max", limits.processes);
    return made;
}

std::string Cgroups::bounds() const {
    if (memory_ && processes_) return "memory, processes and CPU time";
    if (!memory_ && !processes_) return "CPU time";
    return memory_ ? "memory and CPU time" : "processes and CPU time";
}

}  // namespace harness::sandbox
