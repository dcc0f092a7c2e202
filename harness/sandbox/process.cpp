#include "harness/sandbox/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace harness::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptOutput = 1024;
constexpr std::size_t kKeptMark = 64;
constexpr std::size_t kKeptNotice = 4096;
constexpr int kPlaced = 6;  // descriptors 0 to 5

[[noreturn]] void fail(const char* what, int error = errno) {
    throw std::system_error(error, std::generic_category(), what);
}

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { reset(); }
    void reset() {
        if (number_ >= 0) close(std::exchange(number_, -1));
    }
    int number() const { return number_; }

private:
    int number_;
};

struct Pipe {
    Descriptor read, write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A file in memory, at its beginning.
Descriptor memory_file(const std::string& content) {
    Descriptor file(memfd_create("program", MFD_CLOEXEC));
    if (file.number() < 0) fail("memfd_create");
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t written = write(file.number(), content.data() + done, content.size() - done);
        if (written < 0) fail("write to a file in memory");
        done += static_cast<std::size_t>(written);
    }
    lseek(file.number(), 0, SEEK_SET);
    return file;
}

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

/// A descriptor above those that are placed, so that placing others cannot overwrite it first.
Descriptor out_of_the_way(Descriptor descriptor) {
    if (descriptor.number() >= kPlaced) return descriptor;
    Descriptor moved(fcntl(descriptor.number(), F_DUPFD_CLOEXEC, kPlaced));
    if (moved.number() < 0) fail("fcntl");
    return moved;
}

/// `placed`: what the child has as descriptors 0, 1, 2 ...
pid_t spawn(const std::vector<std::string>& command, const std::array<const Descriptor*, kPlaced>& placed) {
    Actions actions;
    for (int i = 0; i < kPlaced; ++i) actions.duplicate(placed.at(static_cast<std::size_t>(i))->number(), i);
    actions.close_from(kPlaced);
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::array<char*, 1> environment = {nullptr};
    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);  // the caller's thread may block what the child needs
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = -1;
    const int error =
        posix_spawn(&child, arguments[0], actions.all(), &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    if (error != 0) fail(arguments[0], error);
    // The kernel takes the sandbox first when memory is short. Inherited by all that runs in it.
    std::ofstream("/proc/" + std::to_string(child) + "/oom_score_adj") << 1000;
    return child;
}

/// Reads what is there now. Keeps the first bytes, counts all.
class Reader {
public:
    Reader(const Descriptor& from, std::size_t most) : from_(from), most_(most) {
        fcntl(from.number(), F_SETFL, O_NONBLOCK);
    }
    pollfd waiting() const { return {open_ ? from_.number() : -1, POLLIN, 0}; }
    void take() {
        std::array<char, 65536> buffer;
        const ssize_t got = read(from_.number(), buffer.data(), buffer.size());
        open_ = got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
        if (got <= 0) return;
        count_ += static_cast<std::uint64_t>(got);
        kept_.append(buffer.data(), std::min(static_cast<std::size_t>(got), most_ - kept_.size()));
    }
    std::string take_kept() { return std::move(kept_); }
    std::uint64_t count() const { return count_; }

private:
    const Descriptor& from_;
    std::size_t most_;
    std::string kept_;
    std::uint64_t count_ = 0;
    bool open_ = true;
};

/// The process that the command named in its notice; -1 when it named none.
pid_t named_child(const std::string& notice) {
    constexpr std::string_view kKey = "\"child-pid\":";
    const std::size_t at = notice.find(kKey);
    return at == std::string::npos ? -1 : std::atoi(notice.c_str() + at + kKey.size());
}

int wait_for(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

/// Ends and reaps a process whose parent has ended. One that the parent reaped is no child of ours, and its number may
/// be another's by now.
void reap_orphan(pid_t process) {
    if (process <= 1 || waitpid(process, nullptr, WNOHANG) != 0) return;
    kill(process, SIGKILL);
    wait_for(process);
}

}  // namespace

Ended run_process(const std::vector<std::string>& command, const Inputs& inputs, std::chrono::milliseconds wall,
                  std::uint64_t output_bytes) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    Pipe output = make_pipe();
    Pipe mark = make_pipe();
    Pipe notice = make_pipe();
    pid_t child = -1;
    {
        const Descriptor program = out_of_the_way(memory_file(inputs.program));
        const Descriptor filter = out_of_the_way(memory_file(inputs.filter));
        for (Pipe* pipe : {&output, &mark, &notice}) pipe->write = out_of_the_way(std::move(pipe->write));
        child = spawn(command, {&program, &output.write, &output.write, &mark.write, &filter, &notice.write});
        for (Pipe* pipe : {&output, &mark, &notice}) pipe->write.reset();
    }
    const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    if (process.number() < 0) {
        const int error = errno;
        kill(child, SIGKILL);
        wait_for(child);
        fail("pidfd_open", error);
    }
    Ended ended;
    Reader written(output.read, kKeptOutput);
    Reader marked(mark.read, kKeptMark);
    Reader noticed(notice.read, kKeptNotice);
    const Clock::time_point deadline = Clock::now() + wall;
    // Its pipes say nothing of its end: a program may close them and go on.
    for (bool killed = false, gone = false; !gone;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        ended.output_limit = written.count() > output_bytes;
        ended.wall_limit = !ended.output_limit && left <= 0;
        if (ended.output_limit || ended.wall_limit) {
            kill(child, SIGKILL);
            killed = true;
        }
        std::array<pollfd, 4> ends = {pollfd{process.number(), POLLIN, 0}, written.waiting(), marked.waiting(),
                                      noticed.waiting()};
        const int timeout = killed ? -1 : static_cast<int>(std::min<long long>(left, 60000));
        if (poll(ends.data(), killed ? 1 : ends.size(), timeout) < 0) continue;
        if (ends[1].revents != 0) written.take();
        if (ends[2].revents != 0) marked.take();
        if (ends[3].revents != 0) noticed.take();
        gone = ends[0].revents != 0;
    }
    written.take();
    marked.take();
    ended.output_limit = written.count() > output_bytes;
    ended.output = written.take_kept();
    ended.mark = marked.take_kept();
    const int status = wait_for(child);
    noticed.take();
    reap_orphan(named_child(noticed.take_kept()));
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended;
}

}  // namespace harness::sandbox
