#include "harness/base/standard_streams.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::StandardStreams;

namespace {

/// Prints much to both streams and returns the error reported at the end.
int print_much() {
    StandardStreams streams;
    for (int i = 0; i < 3000; ++i) {
        fmt::print("result {} of a line that is long enough to fill a buffer now and then\n", i);
        fmt::print(stderr, "progress {}\n", i);
    }
    return streams.finish().value();
}

void redirect(int descriptor, const std::string& path) {
    dup2(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), descriptor);
}

/// The write end of a pipe that nobody reads.
int broken_pipe() {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    close(ends[0]);
    return ends[1];
}

}  // namespace

TEST_SUITE("harness.base.standard_streams") {
    TEST_CASE("prints arrive in order without an error") {
        const Temporary folder;
        CHECK(in_child([&] {
                  redirect(STDOUT_FILENO, folder / "out");
                  redirect(STDERR_FILENO, folder / "err");
                  return print_much();
              }) == 0);
        const std::string out = content_of(folder / "out");
        CHECK(out.starts_with("result 0 "));
        CHECK(out.ends_with("result 2999 of a line that is long enough to fill a buffer now and then\n"));
        CHECK(content_of(folder / "err").ends_with("progress 2999\n"));
    }

    TEST_CASE("a full disk behind standard output is reported at the end and stops nothing") {
        const Temporary folder;
        CHECK(in_child([&] {
                  redirect(STDOUT_FILENO, "/dev/full");
                  redirect(STDERR_FILENO, folder / "err");
                  return print_much();
              }) == ENOSPC);
        CHECK(content_of(folder / "err").ends_with("progress 2999\n"));
    }

    TEST_CASE("a standard error that fails or is closed or is not read loses only messages") {
        const Temporary folder;
        for (const char* how : {"full", "closed", "unread"}) {
            CAPTURE(how);
            const std::string out = folder / how;
            CHECK(in_child([&] {
                      redirect(STDOUT_FILENO, out);
                      if (std::string(how) == "full") redirect(STDERR_FILENO, "/dev/full");
                      if (std::string(how) == "closed") close(STDERR_FILENO);
                      if (std::string(how) == "unread") dup2(broken_pipe(), STDERR_FILENO);
                      return print_much();
                  }) == 0);
            CHECK(content_of(out).find("result 2999 ") != std::string::npos);
        }
    }

    TEST_CASE("a closed pipe and a closed output are errors instead of signals") {
        CHECK(in_child([] {
                  dup2(broken_pipe(), STDOUT_FILENO);
                  redirect(STDERR_FILENO, "/dev/null");
                  return print_much();
              }) == EPIPE);
        CHECK(in_child([] {
                  redirect(STDERR_FILENO, "/dev/null");
                  close(STDOUT_FILENO);
                  return print_much();
              }) == EBADF);
    }

    TEST_CASE("a file beyond the limit of the shell is an error instead of a signal") {
        const Temporary folder;
        CHECK(in_child([&] {
                  redirect(STDOUT_FILENO, folder / "out");
                  redirect(STDERR_FILENO, "/dev/null");
                  const rlimit limit{1000, 1000};
                  setrlimit(RLIMIT_FSIZE, &limit);
                  return print_much();
              }) == EFBIG);
        CHECK(content_of(folder / "out").size() == 1000);
    }

    TEST_CASE("a file that is opened later never gets the number of a closed output") {
        CHECK(in_child([] {
                  for (const int number : {0, 1, 2}) close(number);
                  const StandardStreams streams;
                  return open("/dev/null", O_RDONLY) > STDERR_FILENO ? 7 : 8;
              }) == 7);
    }
}
