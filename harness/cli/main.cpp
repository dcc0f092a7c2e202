#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <variant>

#include "engine/language_model.hpp"
#include "harness/cli/commands.hpp"
#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace {

using harness::cli::ExitCode;

int fail(ExitCode code, const char* what) {
    fmt::print(stderr, "bellwether: {}\n", what);
    return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const harness::cli::Options options = harness::cli::parse(argc, argv);
        const ExitCode code = std::visit([](const auto& verb) { return harness::cli::run_command(verb); }, options);
        if (std::fflush(stdout) != 0) return fail(ExitCode::WorkFailed, "standard output cannot be written");
        return static_cast<int>(code);
    } catch (const harness::cli::UsageError& error) {
        return fail(ExitCode::BadInput, error.what());
    } catch (const harness::store::NotOurStore& error) {
        return fail(ExitCode::BadInput, error.what());
    } catch (const suites::SuiteError& error) {
        return fail(ExitCode::BadInput, error.what());
    } catch (const engine::EngineError& error) {
        return fail(error.kind() == engine::EngineError::Kind::Input ? ExitCode::BadInput : ExitCode::WorkFailed,
                    error.what());
    } catch (const std::exception& error) {
        return fail(ExitCode::WorkFailed, error.what());
    }
}
