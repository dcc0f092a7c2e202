#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/engine/shared_data.hpp"
#include "tests/support/temporary.hpp"

/// Result of a call of the binary.
struct Result {
    int code = -1;
    std::string out;
    std::string err;
};

/// A group of its own gets signals as a terminal sends them to the command in front.
enum class ProcessGroup { Shared, Own };

/// Starts the binary with output into files; returns the child.
inline pid_t start(const std::vector<std::string>& arguments, const std::string& out, const std::string& err,
                   ProcessGroup group = ProcessGroup::Shared) {
    std::vector<char*> argv = {const_cast<char*>("bellwether")};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        if (group == ProcessGroup::Own) setpgid(0, 0);
        dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
        dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
        execv(BELLWETHER_BINARY, argv.data());
        _exit(127);
    }
    if (group == ProcessGroup::Own) setpgid(child, child);  // whichever of the two is first
    return child;
}

/// Calls the binary and waits for its end.
inline Result run(const std::vector<std::string>& arguments) {
    const Temporary folder;
    int status = 0;
    waitpid(start(arguments, folder / "out", folder / "err"), &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_all(folder / "out"), read_all(folder / "err")};
}
