#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "harness/store/database.hpp"
#include "tests/harness/cli/call.hpp"
#include "tests/harness/study/small_study.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

/// A folder with the study "small" in bellwether.sqlite.
struct SmallStudyFolder {
    SmallStudyFolder() {
        const harness::store::Database database(folder / "bellwether.sqlite", harness::store::OpenMode::Create);
        small_study::add(database, small_study::pairwise(), 3);
    }
    Result serve(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"rate", "serve"});
        return Call(std::move(arguments)).in(folder.path()).run();
    }
    Temporary folder;
};

}  // namespace

TEST_SUITE("harness.rate_verbs") {
    TEST_CASE("a server that cannot be started as asked is a wrong call with what to do") {
        const SmallStudyFolder place;
        put(place.folder / "short", "1234");
        put(place.folder / "good", "correct horse battery\n");
        put(place.folder / "not.pem", "no certificate");
        for (const auto& call : std::vector<std::pair<std::vector<std::string>, std::string>>{
                 {{"no such study"}, "no such study"},
                 {{"small", "--listen", "here"}, "expected ADDRESS:PORT"},
                 {{"small", "--listen", "127.0.0.1:99999"}, "expected ADDRESS:PORT"},
                 {{"small", "--listen", "nowhere.example:0"}, "--tls-cert"},
                 {{"small", "--listen", "0.0.0.0:0"}, "--plain-http"},
                 {{"small", "--listen", "[::]:0"}, "--behind-proxy"},
                 {{"small", "--tls-cert", "not.pem"}, "--tls-key"},
                 {{"small", "--tls-cert", "not.pem", "--tls-key", "not.pem", "--listen", "127.0.0.1:0"}, "PEM file"},
                 {{"small", "--lead-passphrase-file", "short", "--listen", "127.0.0.1:0"}, "use 8 or more"},
                 {{"small", "--lead-passphrase-file", "missing", "--listen", "127.0.0.1:0"}, "missing"},
                 {{"small", "--db", "none.sqlite"}, "none.sqlite"}}) {
            const auto& said = call.second;
            const Result result = place.serve(call.first);
            CAPTURE(said);
            CAPTURE(result.err);
            CHECK(result.code == 2);
            CHECK(has(result.err, said));
            CHECK(result.out.empty());
        }
    }

    TEST_CASE("a server says where it is and ends at SIGTERM with its log on standard output") {
        const SmallStudyFolder place;
        const std::string out = place.folder / "out";
        const std::string err = place.folder / "err";
        const pid_t child =
            start({"rate", "serve", "small", "--db", place.folder / "bellwether.sqlite", "--listen", "127.0.0.1:0"},
                  out, err);
        for (int i = 0; i < 600 && !has(content_of(err), "Ctrl-C"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        kill(child, SIGTERM);
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
        const std::string said = content_of(err);
        CHECK(has(said, "passphrase, until this server ends: "));
        CHECK(has(said, "Raters open http://127.0.0.1:"));
        CHECK(has(content_of(out), "\"event\":\"stopping\""));
    }
}
