#include "child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t kErrorTail = 600;  // bytes of standard error that a message repeats

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

[[noreturn]] void become(const Command& command, const std::map<std::string, std::string>& environment) {
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
}

struct Pipe {
    std::array<int, 2> ends = {-1, -1};
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe can be made");
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        ::close(ends[0]);
        if (ends[1] >= 0) ::close(ends[1]);
    }
    void keep_reading_end() {
        ::close(ends[1]);
        ends[1] = -1;
    }
};

/// Appends what there is; false at the end.
bool read_some(int from, std::string& to) {
    std::array<char, 65536> bytes = {};
    const ssize_t count = ::read(from, bytes.data(), bytes.size());
    if (count > 0) to.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
}

void read_both(const Pipe& output, const Pipe& errors, std::string& written, std::string& said) {
    std::array<pollfd, 2> watched = {{{output.ends[0], POLLIN, 0}, {errors.ends[0], POLLIN, 0}}};
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        if (::poll(watched.data(), watched.size(), -1) < 0) continue;
        if (watched[0].revents != 0 && !read_some(output.ends[0], written)) watched[0].fd = -1;
        if (watched[1].revents != 0 && !read_some(errors.ends[0], said)) watched[1].fd = -1;
    }
}

}  // namespace

double now_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Waited wait_for(int child, double start) {
    Waited waited;
    rusage used = {};
    ::wait4(child, &waited.status, 0, &used);
    waited.cost = {seconds_of(used.ru_utime) + seconds_of(used.ru_stime), now_seconds() - start,
                   static_cast<double>(used.ru_maxrss) * 1024};
    return waited;
}

std::string text_of(const Command& command) {
    return fmt::format("{}", fmt::join(command, " "));
}

Finished run_child(const Command& command, const std::map<std::string, std::string>& environment) {
    Pipe output;
    Pipe errors;
    const double start = now_seconds();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error(text_of(command) + ": no process can be started");
    if (child == 0) {
        ::dup2(output.ends[1], STDOUT_FILENO);
        ::dup2(errors.ends[1], STDERR_FILENO);
        become(command, environment);
    }
    output.keep_reading_end();
    errors.keep_reading_end();
    Finished finished;
    std::string said;
    read_both(output, errors, finished.output, said);
    const auto [status, cost] = wait_for(child, start);
    finished.cost = cost;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        if (said.size() > kErrorTail) said = said.substr(said.size() - kErrorTail);
        throw std::runtime_error(fmt::format("{}: failed with status {}: {}", text_of(command), status, said));
    }
    return finished;
}

Background::Background(const Command& command) : what_(text_of(command)), start_(now_seconds()) {
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error(what_ + ": no process can be started");
    if (pid_ == 0) {
        const int nowhere = ::open("/dev/null", O_RDWR);
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // it must not outlive this program
        become(command, {});
    }
}

Background::~Background() {
    end();
}

bool Background::is_running() {
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
}

Cost Background::end() {
    if (pid_ <= 0) return {};
    ::kill(pid_, SIGTERM);
    const Cost cost = wait_for(pid_, start_).cost;
    pid_ = -1;
    return cost;
}

}  // namespace bench
