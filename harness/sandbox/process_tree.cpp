#include "harness/sandbox/process_tree.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace harness::sandbox {
namespace {

struct Stat {
    char state = '?';
    std::uint64_t own_ticks = 0;
    std::uint64_t child_ticks = 0;  ///< of reaped children
    std::uint64_t resident_pages = 0;
};

std::optional<Stat> stat_of(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/stat", process));
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    // The second field is a name in brackets, which may contain brackets and spaces.
    const std::size_t close = line.rfind(')');
    if (close == std::string::npos) return std::nullopt;
    std::istringstream fields(line.substr(close + 1));
    Stat stat;
    fields >> stat.state;
    std::string skipped;
    for (int field = 4; field < 14; ++field) fields >> skipped;
    for (int field = 14; field < 18; ++field) {
        std::uint64_t ticks = 0;
        fields >> ticks;
        (field < 16 ? stat.own_ticks : stat.child_ticks) += ticks;
    }
    for (int field = 18; field < 24; ++field) fields >> skipped;
    fields >> stat.resident_pages;
    return stat;
}

}  // namespace

std::vector<pid_t> children_of(pid_t process) {
    std::vector<pid_t> children;
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", process), error)) {
        std::ifstream file(thread.path() / "children");
        for (pid_t child = 0; file >> child;) children.push_back(child);
    }
    return children;
}

ProcessTree process_tree(pid_t root) {
    static const auto kTicksPerSecond = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    static const auto kPageBytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    ProcessTree tree;
    std::vector<pid_t> waiting = {root};
    std::uint64_t ticks = 0;
    while (!waiting.empty()) {
        const pid_t process = waiting.back();
        waiting.pop_back();
        const std::optional<Stat> stat = stat_of(process);
        if (!stat) continue;
        tree.members.push_back(process);
        if (stat->state == 'T') tree.stopped.push_back(process);
        tree.runnable = tree.runnable || stat->state == 'R';
        ticks += stat->own_ticks + stat->child_ticks;
        tree.own_cpu[process] = std::chrono::milliseconds(stat->own_ticks * 1000 / kTicksPerSecond);
        tree.resident_bytes += stat->resident_pages * kPageBytes;
        for (const pid_t child : children_of(process)) waiting.push_back(child);
    }
    tree.cpu = std::chrono::milliseconds(ticks * 1000 / kTicksPerSecond);
    return tree;
}

std::uint64_t proportional_bytes(const std::vector<pid_t>& processes) {
    std::uint64_t kibibytes = 0;
    for (const pid_t process : processes) {
        std::ifstream file(fmt::format("/proc/{}/smaps_rollup", process));
        for (std::string word; file >> word;) {
            if (word != "Pss:") continue;
            std::uint64_t share = 0;
            file >> share;
            kibibytes += share;
            break;
        }
    }
    return kibibytes * 1024;
}

std::uint64_t files_of(pid_t process, const char* path) {
    struct statvfs file_system = {};
    if (statvfs(fmt::format("/proc/{}/root{}", process, path).c_str(), &file_system) != 0) return 0;
    return file_system.f_files - file_system.f_ffree;
}

}  // namespace harness::sandbox
