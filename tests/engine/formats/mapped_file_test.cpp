#include "engine/formats/mapped_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/sha256.hpp"
#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/gguf_writer.hpp"

using engine::EngineError;
using engine::formats::MappedFile;
using gguf_test::TemporaryFile;

namespace {

std::string complaint(const MappedFile& file) {
    try {
        file.check();
        return "";
    } catch (const EngineError& error) {
        CHECK(error.kind() == EngineError::Kind::Device);
        return error.what();
    }
}

}  // namespace

TEST_SUITE("engine.formats.mapped_file") {
    TEST_CASE("a file that is shortened while it is read gives zeros and then an error") {
        const TemporaryFile content(std::string(5'000'000, 'x'));
        const MappedFile file(content.path());
        CHECK(file.bytes()[4'999'999] == std::byte{'x'});
        CHECK(complaint(file) == "");
        std::filesystem::resize_file(content.path(), 100'000);
        // Through OpenSSL, byte by byte and backwards: every reader survives.
        CHECK(engine::base::sha256_hex(file.bytes()).size() == 64);
        CHECK(file.bytes()[4'999'999] == std::byte{0});
        CHECK(file.bytes()[0] == std::byte{'x'});
        CHECK(complaint(file).find("changed while it was in use") != std::string::npos);
    }

    TEST_CASE("a shortened file is an error before and after its pages are read") {
        const TemporaryFile content(std::string(100'000, 'x'));
        const MappedFile file(content.path());
        std::filesystem::resize_file(content.path(), 10);
        CHECK(complaint(file) != "");
        CHECK(file.bytes()[99'999] == std::byte{0});
        // Extended again: the size alone would not show the change.
        std::filesystem::resize_file(content.path(), 100'000);
        CHECK(complaint(file) != "");
    }

    TEST_CASE("an overwritten file is an error but a new file of the same name is not") {
        const TemporaryFile content(std::string(100, 'x'));
        const MappedFile file(content.path());
        const TemporaryFile other(std::string(50, 'y'));
        std::filesystem::rename(other.path(), content.path());
        CHECK(complaint(file) == "");
        const MappedFile second(content.path());
        content.write(std::string(50, 'z'));
        std::filesystem::last_write_time(content.path(),
                                         std::filesystem::file_time_type::clock::now() + std::chrono::seconds(2));
        CHECK(complaint(second) != "");
        CHECK(complaint(file) == "");
    }

    TEST_CASE("many files can be watched and a moved file stays watched") {
        const TemporaryFile content(std::string(100'000, 'x'));
        std::vector<MappedFile> files;
        files.reserve(200);
        for (int i = 0; i < 200; ++i) files.emplace_back(content.path());
        MappedFile moved(std::move(files[7]));
        files[7] = MappedFile(content.path());
        std::swap(moved, files[9]);
        std::filesystem::resize_file(content.path(), 10);
        for (const MappedFile& file : files) {
            CHECK(file.bytes()[99'999] == std::byte{0});
            CHECK(complaint(file) != "");
        }
    }

    TEST_CASE("a bus error outside a watched file still ends the process") {
        const TemporaryFile content("x");
        const MappedFile file(content.path());  // installs the handler
        const pid_t child = ::fork();
        if (child == 0) {
            ::raise(SIGBUS);
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == SIGBUS);
    }

    TEST_CASE("a header that is cut off while it is parsed is an error of the file") {
        const TemporaryFile content(gguf_test::SmallVocabulary().writer().str());
        const engine::formats::gguf::File file(content.path());
        std::filesystem::resize_file(content.path(), 100);
        CHECK_THROWS_AS(file.check_unchanged(), EngineError);
    }
}
