#pragma once

#include <string>
#include <utility>

#include "engine/language_model.hpp"

namespace harness::cli {

/// Does some work; where Ctrl-C stops a forward pass within it, throws EngineError (Stopped) that says what to do:
/// "interrupted; " and `then`.
template <class Work>
auto stoppable(const std::string& then, Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const engine::EngineError& error) {
        if (error.kind() != engine::EngineError::Kind::Stopped) throw;
        throw engine::EngineError(engine::EngineError::Kind::Stopped, "interrupted; " + then);
    }
}

}  // namespace harness::cli
