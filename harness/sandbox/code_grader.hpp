#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sandbox/sandbox.hpp"
#include "suites/task.hpp"

namespace harness::sandbox {

/// Grades program texts (a task's `submission`: the model's code with its tests) by running them: 1 when a program runs
/// to its end. A grader is asked for one text at a time; to run several at once, grade twice: first with
/// `collecting()`, which takes programs in and whose scores mean nothing, then `run()`, then with `graders()`.
class CodeGrader {
public:
    /// `parallel`: programs at a time, 0 for as many as there are processors. Throws SandboxError where there can be no
    /// sandbox.
    explicit CodeGrader(const Limits& limits = {}, unsigned parallel = 0);

    /// The grader under the name that code tasks give, "python". It must not outlive this object.
    suites::Graders graders();
    /// Under the same name, takes the programs for `run`.
    suites::Graders collecting();
    /// Runs what was collected, each text once. Throws SandboxError.
    void run();
    /// Forgets outcomes, to be called when the items they belong to are stored.
    void clear();

    /// The last known outcome of a program; nullptr when it was not run. For reports of what went wrong.
    const Outcome* outcome(std::string_view program) const;

private:
    Sandbox sandbox_;
    unsigned parallel_;
    mutable std::mutex mutex_;
    std::vector<std::string> waiting_;
    std::map<std::string, Outcome, std::less<>> known_;
};

}  // namespace harness::sandbox
