#include "harness/sandbox/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "harness/sandbox/error.hpp"

namespace harness::sandbox {
namespace {

constexpr const char* kBubblewrap = "/usr/bin/bwrap";
constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kSetpriv = "/usr/bin/setpriv";
constexpr const char* kNobody = "65534";

void require_program(const char* path, const char* package) {
    if (access(path, X_OK) != 0)
        throw SandboxError(
            fmt::format("code tasks run in a sandbox, which needs {}; install the Debian package {}", path, package));
}

void append(std::vector<std::string>& command, std::initializer_list<std::string> parts) {
    command.insert(command.end(), parts);
}

}  // namespace

std::vector<std::string> bubblewrap_command(const Limits& limits) {
    require_program(kBubblewrap, "bubblewrap");
    require_program(kPython, "python3");
    std::vector<std::string> command;
    if (geteuid() == 0) {
        require_program(kSetpriv, "util-linux");
        command = {kSetpriv, "--reuid", kNobody, "--regid", kNobody, "--clear-groups", "--no-new-privs"};
    }
    append(command, {kBubblewrap, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--as-pid-1",
                     "--cap-drop", "ALL", "--hostname", "sandbox"});
    // Python's options -I and -E would ignore the PYTHON* variables; there is no other way to fix the hash seed. Few
    // arenas, because each thread would reserve 64 MiB of address space for one.
    append(command,
           {"--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "LANG", "C.UTF-8", "--setenv", "HOME", "/tmp",
            "--setenv", "PYTHONHASHSEED", "0", "--setenv", "PYTHONSAFEPATH", "1", "--setenv", "MALLOC_ARENA_MAX", "4"});
    append(command, {"--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
                     "--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
                     "--dev", "/dev", "--remount-ro", "/dev"});
    // Packages beside Python's own library must not be found by path either.
    for (const char* folder : {"/usr/local", "/usr/lib/python3/dist-packages"}) {
        if (std::filesystem::is_directory(folder) && !std::filesystem::is_symlink(folder))
            append(command, {"--tmpfs", folder, "--remount-ro", folder});
    }
    append(command, {"--info-fd", "5", "--block-fd", "6", "--seccomp", "4", "--size",
                     std::to_string(limits.scratch_bytes), "--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/"});
    return command;
}

std::vector<std::string> python_command() {
    // -s -S: no user and no site packages; -B: no bytecode files; UTF-8 whatever the locale.
    return {kPython, "-s", "-S", "-B", "-X", "utf8"};
}

std::string advice(const std::string& said) {
    if (said.find("user namespace") != std::string::npos || said.find("uid map") != std::string::npos ||
        said.find("Operation not permitted") != std::string::npos ||
        said.find("Permission denied") != std::string::npos)
        return "user namespaces are not allowed here: see sysctl kernel.unprivileged_userns_clone (1), "
               "user.max_user_namespaces (above 0) and kernel.apparmor_restrict_unprivileged_userns (0); a container "
               "needs a seccomp profile and rights under which unshare and mount work";
    if (said.find("Resource temporarily unavailable") != std::string::npos ||
        said.find("ulimit") != std::string::npos || said.find("exceeds") != std::string::npos)
        return "the limit of processes (ulimit -u) is too low or the machine's process table is full";
    if (said.find("nown option") != std::string::npos) return "bubblewrap 0.8.0 or newer is needed";
    return "try 'bwrap --unshare-all --ro-bind / / true' to see what is missing";
}

}  // namespace harness::sandbox
