#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "harness/sandbox/judge.hpp"
#include "suites/grader.hpp"

namespace harness::run {

/// A program has no verdict: the sandbox failed, or somebody killed it from outside. Its item must be run again.
class NotJudgedError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Grades program texts (a task's `submission`: the model's code with its tests) by running them: 1 when a program runs
/// to its end and is no forgery. A grader gets one text at a time; to run several in parallel, grade twice: first with
/// `collecting()`, which only collects programs and whose scores are meaningless, then `run()`, then with `grader()`.
class CodeGrader {
public:
    /// `parallel`: max programs at a time; 0: number of processors. Throws sandbox::SandboxError if no sandbox can be
    /// created.
    explicit CodeGrader(const sandbox::Limits& limits = {}, unsigned parallel = 0);
    CodeGrader(const CodeGrader&) = delete;
    CodeGrader& operator=(const CodeGrader&) = delete;

    /// Sets a function that is polled while programs run; when it returns false, they are killed and `run` and the
    /// grader throw EngineError (Stopped). Must not be called while programs run.
    void keep_on_while(std::function<bool()> keep_on) { keep_on_ = std::move(keep_on); }

    /// The grader must not outlive this object. It throws NotJudgedError.
    suites::Grader grader();
    /// A grader that only collects programs for `run`.
    suites::Grader collecting();
    /// Runs the collected programs, each distinct text once.
    void run();
    /// Forgets outcomes; call it when their items are stored.
    void clear();

    /// Description of how programs are confined here, for display.
    const std::string& confinement() const { return judge_.sandbox().confinement(); }

private:
    std::function<bool()> keep_on_;
    sandbox::Judge judge_;
    std::mutex mutex_;
    std::vector<sandbox::Program> waiting_;
    std::map<sandbox::Program, sandbox::Outcome> known_;
};

}  // namespace harness::run
