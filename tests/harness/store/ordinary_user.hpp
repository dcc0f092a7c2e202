#pragma once

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>

/// Whether `holds` is true in a separate process, as a user to whom file permissions apply: they do not apply to root.
inline bool holds_for_ordinary_user(const std::function<bool()>& holds) {
    const pid_t child = fork();
    if (child == 0) {
        constexpr unsigned kNobody = 65534;
        if (getuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0)) _exit(2);
        try {
            _exit(holds() ? 0 : 1);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            _exit(3);
        }
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
