#include "harness/sandbox/spawn.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <mutex>
#include <set>
#include <system_error>

#include "harness/sandbox/process_tree.hpp"

namespace harness::sandbox {
namespace {

class Actions {
public:
    Actions() { posix_spawn_file_actions_init(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
    void duplicate(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
    void close_from(int first) { posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
    const posix_spawn_file_actions_t* all() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
public:
    Attributes() {
        posix_spawnattr_init(&attributes_);
        // The caller may block or ignore signals that the child needs: nohup ignores SIGHUP, parents written in Python
        // SIGPIPE.
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setflags(
            &attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID));
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { posix_spawnattr_destroy(&attributes_); }
    const posix_spawnattr_t* all() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// Processes that `spawn` started and nobody has reaped.
std::mutex started_mutex;
std::set<pid_t> started;

/// Recognised by its name, which an ended process keeps: this process may have other children.
bool is_of_a_sandbox(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/comm");
    std::string name;
    std::getline(file, name);
    return name == "bwrap" || name == "setpriv" || name.starts_with("python3");
}

}  // namespace

pid_t spawn(const std::vector<std::string>& command, const std::vector<const Descriptor*>& placed) {
    const int count = static_cast<int>(placed.size());
    // Moved to high numbers first, so that placing one descriptor cannot overwrite another that is still to be placed.
    std::vector<Descriptor> sources;
    sources.reserve(placed.size());
    for (const Descriptor* descriptor : placed) sources.push_back(duplicate_above(*descriptor, count));
    Actions actions;
    for (int i = 0; i < count; ++i) actions.duplicate(sources[static_cast<std::size_t>(i)].get(), i);
    actions.close_from(count);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::array<char*, 1> environment = {nullptr};
    const Attributes attributes;
    pid_t child = -1;
    const std::lock_guard lock(started_mutex);
    const int error =
        posix_spawn(&child, arguments[0], actions.all(), attributes.all(), arguments.data(), environment.data());
    if (error != 0) throw std::system_error(error, std::generic_category(), command.front());
    started.insert(child);
    end_first(child);
    return child;
}

void end_first(pid_t process) {
    std::ofstream("/proc/" + std::to_string(process) + "/oom_score_adj") << 1000;
}

int wait_for(pid_t process) {
    int status = 0;
    // Waits for the end first and reaps under the lock, so that nobody takes this process, or the next one with its id,
    // for an orphan.
    siginfo_t ended{};
    while (waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR) continue;
    const std::lock_guard lock(started_mutex);
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
    started.erase(process);
    return status;
}

void reap_orphans() {
    const std::lock_guard lock(started_mutex);
    for (const pid_t child : children_of(getpid())) {
        if (started.contains(child) || !is_of_a_sandbox(child)) continue;
        kill(child, SIGKILL);
        while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
    }
}

}  // namespace harness::sandbox
