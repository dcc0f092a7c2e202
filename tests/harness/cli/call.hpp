#pragma once

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/harness/binary.hpp"
#include "tests/support/files.hpp"

/// A call of the binary in its own environment: a home folder without configuration, and no BELLWETHER variables.
class Call {
public:
    explicit Call(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
        variables_["HOME"] = home_.path();
        variables_["MESA_SHADER_CACHE_DIR"] = shader_cache();
    }

    Call& with(const std::string& name, const std::string& value) {
        variables_[name] = value;
        return *this;
    }
    /// The working folder.
    Call& in(const std::string& folder) {
        folder_ = folder;
        return *this;
    }

    /// Runs it with output to files.
    Result run() const {
        const pid_t child = fork();
        if (child == 0) {
            dup2(open((home_ / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
            dup2(open((home_ / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
            become();
        }
        const int code = end_of(child);
        return {code, content_of(home_ / "out"), content_of(home_ / "err")};
    }

    /// Runs it on a terminal with this many columns; both streams are in `out`.
    Result run_on_terminal(unsigned short columns) const {
        const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
        if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) throw std::runtime_error("no terminal");
        const std::string name = ptsname(terminal);
        // Without it the last bytes may be lost when the child ends.
        const int kept = open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        const pid_t child = fork();
        if (child == 0) {
            setsid();
            const int end = open(name.c_str(), O_RDWR);
            const winsize size = {24, columns, 0, 0};
            ioctl(end, TIOCSWINSZ, &size);
            for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(end, stream);
            become();
        }
        Result result;
        std::optional<int> code;
        for (;;) {
            constexpr int kMilliseconds = 5;
            pollfd ready = {terminal, POLLIN, 0};
            if (poll(&ready, 1, kMilliseconds) > 0) {
                char buffer[4096];
                const ssize_t got = read(terminal, buffer, sizeof buffer);
                if (got > 0) result.out.append(buffer, static_cast<std::size_t>(got));
            } else if (code) {
                break;
            } else if (int status = 0; waitpid(child, &status, WNOHANG) == child) {
                code = code_in(status);
            }
        }
        close(kept);
        close(terminal);
        result.code = *code;
        return result;
    }

private:
    static std::string value_of(const char* name) {
        const char* value = getenv(name);
        return value == nullptr ? "" : value;
    }

    /// The software driver's usual folder. In an empty home folder every call would compile all shaders again, which
    /// takes most of the time of a test.
    static std::string shader_cache() {
        for (const char* name : {"MESA_SHADER_CACHE_DIR", "XDG_CACHE_HOME"}) {
            if (std::string folder = value_of(name); !folder.empty()) return folder;
        }
        const std::string home = value_of("HOME");
        return home.empty() ? "" : home + "/.cache";
    }

    static int end_of(pid_t child) {
        int status = 0;
        waitpid(child, &status, 0);
        return code_in(status);
    }

    static int code_in(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

    [[noreturn]] void become() const {
        if (!folder_.empty() && chdir(folder_.c_str()) != 0) _exit(126);
        std::vector<std::string> variables;
        for (const auto& [name, value] : variables_) {
            if (value.empty() && name != "COLUMNS") continue;
            variables.push_back(name);
            variables.back().append("=").append(value);
        }
        std::vector<char*> environment;
        environment.reserve(variables.size() + 1);
        for (std::string& variable : variables) environment.push_back(variable.data());
        environment.push_back(nullptr);
        std::string program = "bellwether";
        std::vector<char*> arguments = {program.data()};
        for (const std::string& argument : arguments_) arguments.push_back(const_cast<char*>(argument.c_str()));
        arguments.push_back(nullptr);
        execve(BELLWETHER_BINARY, arguments.data(), environment.data());
        _exit(127);
    }

    Temporary home_;
    std::vector<std::string> arguments_;
    std::map<std::string, std::string> variables_;
    std::string folder_;
};

/// A folder of its own to call the binary in.
struct CallFolder {
    Result call(std::vector<std::string> arguments) const { return Call(std::move(arguments)).in(folder.path()).run(); }

    Temporary folder;
};
