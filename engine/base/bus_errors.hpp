#pragma once

namespace engine::base {

/// Lets all threads of this process take SIGBUS; false when one still blocks it. A thread that reads a mapped file
/// which somebody shortens gets that signal, and where it blocks it the kernel ends the process without calling a
/// handler.
///
/// Threads of Mesa's software driver block every signal but SIGSEGV and SIGSYS. So each gets a SIGSYS, whose handler
/// changes what its thread blocks: nothing else can change another thread's signal mask. Call it when the driver has
/// started its threads. From any thread, any number of times.
bool unblock_bus_errors();

}  // namespace engine::base
