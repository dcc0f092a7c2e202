#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "harness/sandbox/judge.hpp"
#include "suites/grader.hpp"

namespace harness::run {

/// Nothing is known of a program: the sandbox failed, or somebody ended it from outside. Its item is to be asked again.
class NotJudgedError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Grades program texts (a task's `submission`: the model's code with its tests) by running them: 1 when a program runs
/// to its end and is no forgery. A grader is asked for one text at a time; to run several at once, grade twice: first
/// with `collecting()`, which takes programs in and whose scores mean nothing, then `run()`, then with `grader()`.
class CodeGrader {
public:
    /// `parallel`: programs at a time, 0 for as many as there are processors. Throws sandbox::SandboxError where there
    /// can be no sandbox.
    explicit CodeGrader(const sandbox::Limits& limits = {}, unsigned parallel = 0);
    CodeGrader(const CodeGrader&) = delete;
    CodeGrader& operator=(const CodeGrader&) = delete;

    /// Asked while programs run; false ends them, and `run` and the grader throw EngineError (Stopped). Not to be
    /// called while programs run.
    void keep_on_while(std::function<bool()> keep_on) { keep_on_ = std::move(keep_on); }

    /// Must not outlive this object. Throws NotJudgedError.
    suites::Grader grader();
    /// Takes the programs for `run`.
    suites::Grader collecting();
    /// Runs what was collected, each text once.
    void run();
    /// Forgets outcomes, to be called when the items they belong to are stored.
    void clear();

    /// How programs are confined here, for people.
    const std::string& confinement() const { return judge_.sandbox().confinement(); }

private:
    std::function<bool()> keep_on_;
    sandbox::Judge judge_;
    std::mutex mutex_;
    std::vector<sandbox::Program> waiting_;
    std::map<sandbox::Program, sandbox::Outcome> known_;
};

}  // namespace harness::run
