#include "harness/sandbox/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <string_view>
#include <system_error>

#include "harness/sandbox/descriptor.hpp"
#include "harness/sandbox/process_tree.hpp"
#include "harness/sandbox/spawn.hpp"

namespace harness::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kKept = 1024;
constexpr std::size_t kKeptReport = 4096;
constexpr milliseconds kTick{100};
/// Max total time of a program that is always runnable, as a multiple of its wall-time limit: on a machine with twenty
/// times more work than CPUs, 10 seconds of CPU time take 200.
constexpr int kBusyFactor = 40;
constexpr int kStopsAllowed = 200;

/// Reads the bytes available now. Keeps the first ones, and the last ones if requested.
class Reader {
public:
    Reader(Descriptor from, std::size_t first, std::size_t last = 0)
        : from_(std::move(from)), first_(first), last_(last) {
        fcntl(from_.get(), F_SETFL, O_NONBLOCK);
    }
    pollfd waiting() const { return {open_ ? from_.get() : -1, POLLIN, 0}; }
    void take() {
        std::array<char, 65536> buffer;
        const ssize_t got = read(from_.get(), buffer.data(), buffer.size());
        open_ = got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
        if (got <= 0) return;
        const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
        head_.append(text.substr(0, first_ - head_.size()));
        tail_.append(text.substr(text.size() - std::min(text.size(), last_)));
        tail_.erase(0, tail_.size() - std::min(tail_.size(), last_));
    }
    /// Reads everything that an ended process has left.
    void take_rest() {
        while (open_) {
            pollfd ready = waiting();
            if (poll(&ready, 1, 0) <= 0) return;
            take();
        }
    }
    const std::string& head() const { return head_; }
    const std::string& tail() const { return tail_; }

private:
    Descriptor from_;
    std::size_t first_, last_;
    std::string head_, tail_;
    bool open_ = true;
};

/// The process that the command named in its notice; -1 if none yet.
pid_t named_child(const std::string& notice) {
    constexpr std::string_view kKey = "\"child-pid\":";
    const std::size_t at = notice.find(kKey);
    if (at == std::string::npos || notice.find_first_of(",}\n", at) == std::string::npos) return -1;
    return std::atoi(notice.c_str() + at + kKey.size());
}

/// One command while it runs.
class Running {
public:
    explicit Running(const Job& job)
        : job_(job),
          errors_(pipe_to(2), kKept, kKept),
          result_(pipe_to(3), job.result_bytes),
          notice_(pipe_to(5), kKeptReport),
          report_(pipe_to(7), kKeptReport) {
        if (job.cgroups != nullptr) cgroup_ = job.cgroups->make(job.limits);
        const Descriptor program = memory_file(job.program);
        const Descriptor filter = memory_file(job.filter);
        const Descriptor null = null_file();
        child_ = spawn(job.command, {&program, &null, &written_[2], &written_[3], &filter, &written_[5], &release_.read,
                                     &written_[7]});
        for (Descriptor& written : written_) written = {};
        process_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child_, 0)));
        if (process_.get() < 0) {
            const int error = errno;
            end();
            throw std::system_error(error, std::generic_category(), "pidfd_open");
        }
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { end(); }

    Ended wait() {
        Clock::time_point last = Clock::now();
        // Closed pipes do not mean that it ended: a program may close them and continue.
        while (!gone_) {
            const auto since = std::chrono::duration_cast<milliseconds>(Clock::now() - last);
            if (since >= kTick) {
                last = Clock::now();
                if (cut_ == Cut::None) look(since);
            }
            listen(cut_ == Cut::None ? std::max(milliseconds(1), kTick - since) : kTick);
        }
        Ended ended;
        ended.status = wait_for(child_);
        child_ = -1;
        for (Reader* reader : {&errors_, &result_, &notice_, &report_}) reader->take_rest();
        reap_orphans();
        ended.cut = cut_;
        ended.errors = errors_.head();
        ended.last_errors = errors_.tail();
        ended.result = result_.head();
        ended.report = report_.head();
        ended.out_of_memory = cgroup_ && cgroup_->out_of_memory();
        return ended;
    }

private:
    /// Kills and reaps a command that was not waited for.
    void end() {
        if (child_ < 0) return;
        kill(child_, SIGKILL);
        wait_for(child_);
        child_ = -1;
        reap_orphans();
    }

    Descriptor pipe_to(std::size_t number) {
        Pipe made = make_pipe();
        written_.at(number) = std::move(made.write);
        return std::move(made.read);
    }

    /// Waits for output of the command and for its end.
    void listen(milliseconds timeout) {
        std::array<pollfd, 5> ends = {pollfd{process_.get(), POLLIN, 0}, errors_.waiting(), result_.waiting(),
                                      notice_.waiting(), report_.waiting()};
        if (poll(ends.data(), ends.size(), static_cast<int>(timeout.count())) <= 0) return;
        const std::array<Reader*, 4> readers = {&errors_, &result_, &notice_, &report_};
        for (std::size_t i = 0; i < readers.size(); ++i) {
            if (ends.at(i + 1).revents != 0) readers.at(i)->take();
        }
        gone_ = ends[0].revents != 0;
        if (!released_ && named_child(notice_.head()) > 1) let_begin();
    }

    /// The command's child waits until it is in its cgroup, so that all it does is counted.
    void let_begin() {
        released_ = true;
        const pid_t inside = named_child(notice_.head());
        if (cgroup_) cgroup_->add(inside);
        end_first(inside);
        const char byte = 1;
        if (write(release_.write.get(), &byte, 1) != 1) cut(Cut::Stopped);
    }

    void cut(Cut why) {
        cut_ = why;
        kill(child_, SIGKILL);
    }

    /// `since`: time since the last check, which is long if this process was stopped or the machine asleep.
    void look(milliseconds since) {
        const Limits& limits = job_.limits;
        if (job_.keep_on && !job_.keep_on()) return cut(Cut::Interrupted);
        const milliseconds passed = std::min(since, 2 * kTick);
        const ProcessTree tree = process_tree(child_);
        for (const pid_t stopped : tree.stopped) kill(stopped, SIGCONT);
        if (!tree.stopped.empty()) {
            if (++stops_ > kStopsAllowed) cut(Cut::Stopped);
            return;
        }
        const milliseconds before = cpu_;
        // Both counts can miss something, so the larger one is used: a child that nobody waits for is not among the
        // reaped, and a short-lived one was not there at any check.
        for (const auto& [process, own] : tree.own_cpu) seen_cpu_[process] = std::max(seen_cpu_[process], own);
        milliseconds seen{0};
        for (const auto& [process, own] : seen_cpu_) seen += own;
        cpu_ = std::max({cpu_, tree.cpu, seen});
        if (const auto counted = cgroup_ ? cgroup_->cpu() : std::nullopt) cpu_ = std::max(cpu_, *counted);
        total_ += passed;
        // Less than a fifth of the time is typical of a program that only polls.
        const bool began = !report_.head().empty();
        if (began && !tree.runnable && (cpu_ - before) * 5 < passed) waited_ += passed;
        if (waited_ > limits.wall || total_ > kBusyFactor * limits.wall) return cut(Cut::Wall);
        // One second more than the limit of one process, so that the kernel's own limit, which is exact, applies first.
        if (cpu_ > std::chrono::seconds(limits.cpu_seconds + 1)) return cut(Cut::Cpu);
        // A cgroup's limit is preferred: it does not count Python's own files, which other programs share.
        const bool bounded = job_.cgroups != nullptr && job_.cgroups->bounds_memory();
        if (!bounded && tree.resident_bytes > limits.memory_bytes &&
            proportional_bytes(tree.members) > limits.memory_bytes)
            return cut(Cut::Memory);
        // Before the program began, it may still see the machine's /tmp.
        if (began && files_of(named_child(notice_.head()), "/tmp") > limits.scratch_files) cut(Cut::Files);
    }

    const Job& job_;
    std::array<Descriptor, 8> written_;
    Reader errors_, result_, notice_, report_;
    Pipe release_ = make_pipe();  ///< keeps the reading end, so that writing to an ended command raises no SIGPIPE
    std::unique_ptr<Cgroup> cgroup_;
    pid_t child_ = -1;
    Descriptor process_;
    Cut cut_ = Cut::None;
    bool gone_ = false;
    bool released_ = false;
    int stops_ = 0;
    std::map<pid_t, milliseconds> seen_cpu_;
    milliseconds cpu_{0}, waited_{0}, total_{0};
};

}  // namespace

Ended run_process(const Job& job) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    return Running(job).wait();
}

}  // namespace harness::sandbox
