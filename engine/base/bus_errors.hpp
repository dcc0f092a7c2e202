#pragma once

namespace engine::base {

/// Unblocks SIGBUS in all threads of this process; false when a thread still blocks it. A thread gets that signal when
/// it reads a mapped file that was shortened; if the thread blocks it, the kernel ends the process without calling a
/// handler.
///
/// Threads of Mesa's software driver block every signal except SIGSEGV and SIGSYS. So each thread is sent a SIGSYS,
/// whose handler unblocks SIGBUS in it: a thread's signal mask cannot be changed from outside. Call this after the
/// driver has started its threads; from any thread, any number of times.
bool unblock_bus_errors();

}  // namespace engine::base
