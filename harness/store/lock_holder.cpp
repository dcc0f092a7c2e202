#include "harness/store/lock_holder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

namespace harness::store {
namespace {

std::set<std::uint64_t> inodes_of(const std::string& path) {
    std::set<std::uint64_t> inodes;
    for (const char* end : {"", "-shm", "-wal"}) {
        struct stat seen = {};
        if (stat((path + end).c_str(), &seen) == 0) inodes.insert(seen.st_ino);
    }
    return inodes;
}

std::string program(long process) {
    std::ifstream file(fmt::format("/proc/{}/comm", process));
    std::string name;
    std::getline(file, name);
    return name;
}

}  // namespace

std::string lock_holder(const std::string& path) {
    const std::set<std::uint64_t> inodes = inodes_of(path);
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        // "1: POSIX  ADVISORY  WRITE 4711 08:01:123456 120 120"; for a waiting process "->" precedes POSIX.
        std::istringstream fields(line);
        std::string number, type, kind, access, file;
        long process = 0;
        if (!(fields >> number >> type >> kind >> access >> process >> file) || access != "WRITE") continue;
        const std::size_t colon = file.rfind(':');
        if (process <= 0 || process == getpid() || colon == std::string::npos) continue;
        if (!inodes.contains(std::strtoull(file.c_str() + colon + 1, nullptr, 10))) continue;
        const std::string name = program(process);
        return name.empty() ? fmt::format("process {}", process) : fmt::format("process {} ({})", process, name);
    }
    return "another process";
}

}  // namespace harness::store
