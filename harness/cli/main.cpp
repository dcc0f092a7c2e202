#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>
#include <system_error>

#include "engine/language_model.hpp"
#include "harness/base/standard_streams.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/parse.hpp"
#include "harness/cli/print.hpp"
#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace {

using harness::cli::ExitCode;

ExitCode fail(ExitCode code, std::string_view what) {
    harness::cli::print_error("bellwether: {}\n", what);
    return code;
}

ExitCode run(int argc, char** argv) {
    try {
        return harness::cli::parse({argv + std::min(argc, 1), argv + argc})();
    } catch (const harness::base::UsageError& error) {
        return fail(ExitCode::BadInput, error.what());
    } catch (const harness::store::WrongFileError& error) {
        return fail(ExitCode::BadInput, error.what());
    } catch (const suites::SuiteError& error) {
        harness::cli::print_error("bellwether: {}\n", harness::cli::Block{error.what()});  // every mistake on its line
        return ExitCode::BadInput;
    } catch (const engine::EngineError& error) {
        return fail(error.kind() == engine::EngineError::Kind::Input ? ExitCode::BadInput : ExitCode::WorkFailed,
                    error.what());
    } catch (const harness::base::ReaderGoneError&) {
        return ExitCode::WorkFailed;
    } catch (const std::exception& error) {
        return fail(ExitCode::WorkFailed, error.what());
    }
}

}  // namespace

int main(int argc, char** argv) {
    harness::base::StandardStreams streams;
    ExitCode code = run(argc, argv);
    if (const std::error_code lost = streams.finish(); lost && code == ExitCode::Done) {
        code = ExitCode::WorkFailed;
        // A reader that has gone, such as head, has what it wanted.
        if (lost != std::errc::broken_pipe)
            fail(code, fmt::format("standard output cannot be written: {}", lost.message()));
    }
    return static_cast<int>(code);
}
