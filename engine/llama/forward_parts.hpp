#pragma once

namespace engine::llama {

/// Throws EngineError (Device) with the message that the network gave infinity or NaN.
[[noreturn]] void fail_for_numbers();

}  // namespace engine::llama
