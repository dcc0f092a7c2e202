#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "engine/language_model.hpp"
#include "harness/base/standard_streams.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/parse.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/interchange/error.hpp"
#include "harness/store/run_store.hpp"
#include "safety/error.hpp"
#include "suites/task.hpp"

namespace {

using harness::cli::Block;
using harness::cli::ExitCode;
using harness::cli::parse;
using harness::cli::print_error;
using harness::cli::Stream;
using harness::cli::Style;
using harness::cli::styled;
using harness::cli::Trusted;
using harness::cli::visible_lines;

template <class Message>
ExitCode fail(ExitCode code, const Message& what) {
    print_error("{} {}\n", Trusted{styled("bellwether:", Style::Red, Stream::Error)}, what);
    return code;
}

ExitCode run(int argc, char** argv) {
    try {
        return parse({argv + std::min(argc, 1), argv + argc})();
    } catch (const harness::interchange::InterchangeError& error) {
        return fail(ExitCode::BadInput, Block{error.what()});  // one mistake per line
    } catch (const harness::base::UsageError& error) {
        return fail(ExitCode::BadInput, Trusted{visible_lines(error.mistakes())});
    } catch (const harness::store::WrongFileError& error) {
        return fail(ExitCode::BadInput, error.what());
    } catch (const suites::SuiteError& error) {
        return fail(ExitCode::BadInput, Block{error.what()});  // one mistake per line
    } catch (const safety::PromptError& error) {
        return fail(ExitCode::BadInput, Block{error.what()});  // one mistake per line
    } catch (const engine::EngineError& error) {
        return fail(error.kind() == engine::EngineError::Kind::Input ? ExitCode::BadInput : ExitCode::WorkFailed,
                    error.what());
    } catch (const harness::base::ReaderGoneError&) {
        return ExitCode::WorkFailed;
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(ExitCode::WorkFailed, fmt::format("{}: {}", error.path1().string(), error.code().message()));
    } catch (const std::bad_alloc&) {
        return fail(ExitCode::WorkFailed,
                    "the memory of this machine is not enough; --memory and --batch limit the use");
    } catch (const std::runtime_error& error) {
        return fail(ExitCode::WorkFailed, error.what());
    } catch (const std::exception& error) {
        // An unexpected exception is a bug of ours; its text comes from the library that threw it.
        return fail(ExitCode::WorkFailed,
                    fmt::format("internal error ({}); please report it with the command", error.what()));
    }
}

}  // namespace

int main(int argc, char** argv) {
    harness::base::StandardStreams streams;
    ExitCode code = run(argc, argv);
    if (const std::error_code lost = streams.finish(); lost && code == ExitCode::Done) {
        code = ExitCode::WorkFailed;
        // A reader that closed the pipe, such as head, needs no message.
        if (lost != std::errc::broken_pipe)
            fail(code, fmt::format("standard output cannot be written: {}", lost.message()));
    }
    return static_cast<int>(code);
}
