#pragma once

#include <map>
#include <string>
#include <vector>

namespace bench {

/// What one process took, its own children included.
struct Cost {
    double cpu_seconds = 0;  ///< user and system
    double wall_seconds = 0;
    double peak_bytes = 0;  ///< most memory at any time
};

struct Waited {
    int status = 0;  ///< as of waitpid()
    Cost cost;
};

/// Waits for the end of a child that was started at `start` (now_seconds).
Waited wait_for(int child, double start);

/// A program and its arguments, found as a shell finds it, without a shell.
using Command = std::vector<std::string>;

/// For messages.
std::string text_of(const Command& command);

struct Finished {
    std::string output;  ///< of the standard output
    Cost cost;
};

/// Runs a command to its end. `environment`: variables set for it. Throws std::runtime_error when it cannot be started
/// or exits with another code than 0; the message ends with what it wrote last on standard error.
Finished run_child(const Command& command, const std::map<std::string, std::string>& environment = {});

/// A process in the background, such as a server; ended with SIGTERM when the object goes.
class Background {
public:
    /// Its output is discarded. Throws std::runtime_error when it cannot be started.
    explicit Background(const Command& command);
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    ~Background();

    bool is_running();
    /// Ends it and says what it took.
    Cost end();

private:
    int pid_ = -1;
    std::string what_;
    double start_ = 0;
};

/// Seconds of a clock that only goes forward.
double now_seconds();

}  // namespace bench
