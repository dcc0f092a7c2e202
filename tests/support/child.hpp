#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

/// Runs `work` in a child process and returns the child's process number. The child ends without destructors or exit
/// handlers: with what `work` returns, or 99 when it throws.
template <class Work>
pid_t start_child(const Work& work) {
    std::fflush(nullptr);  // otherwise the child could print the parent's buffered text
    const pid_t child = fork();
    if (child != 0) return child;
    int code = 99;
    try {
        code = work();
    } catch (const std::exception&) {
    }
    _exit(code);
}

/// The exit code of a child, or minus the signal that ended it.
inline int end_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

template <class Work>
int in_child(const Work& work) {
    return end_of(start_child(work));
}
