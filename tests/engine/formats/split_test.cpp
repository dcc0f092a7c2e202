#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/gguf_writer.hpp"

namespace {

/// What opening a file of this name says, empty when it opens.
std::string complaint(const std::string& name, const std::string& bytes) {
    const gguf_test::TemporaryFile unique;
    const std::filesystem::path folder = unique.path() + "-folder";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    std::string message;
    try {
        const engine::formats::gguf::File file((folder / name).string());
    } catch (const engine::EngineError& error) {
        CHECK(error.kind() == engine::EngineError::Kind::Input);
        message = error.what();
    }
    std::filesystem::remove_all(folder);
    return message;
}

gguf_test::Writer part(std::uint16_t number, std::uint16_t count) {
    gguf_test::Writer writer;
    writer.key("split.no", 2, number).key("split.count", 2, count).key("split.tensors.count", 5, 12);
    return writer;
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_SUITE("engine.formats.split") {
    TEST_CASE("a part of a split file says which it is and how to join them") {
        const std::string second = complaint("big-00002-of-00003.gguf", part(1, 3).str());
        CHECK(has(second, "part 2 of 3"));
        CHECK(has(second, "llama-gguf-split --merge"));
        CHECK(has(second, "big-00001-of-00003.gguf WHOLE.gguf"));
        CHECK(has(complaint("renamed.gguf", part(0, 2).str()), "part 1 of 2"));
        CHECK(has(complaint("named-00001-of-00002.gguf", gguf_test::Writer().str()), "part 1 of 2"));
    }

    TEST_CASE("a file that was split into one part is whole") {
        CHECK(complaint("one-00001-of-00001.gguf", part(0, 1).str()) == "");
        CHECK(complaint("one.gguf", gguf_test::Writer().str()) == "");
        CHECK(complaint("some-00002-of-00003.txt.gguf", gguf_test::Writer().str()) == "");
    }

    TEST_CASE("a piece of a file that was cut by bytes says how to join it") {
        const std::string whole = gguf_test::SmallVocabulary().writer().str();
        const std::string first = whole.substr(0, whole.size() / 2);
        for (const char* name : {"m.gguf-split-a", "m.gguf.part1of2", "m.gguf-part-a", "m.gguf.part-1", "m.gguf.001"}) {
            CHECK(has(complaint(name, first), "cat PIECE... > WHOLE.gguf"));
            CHECK(has(complaint(name, whole.substr(whole.size() / 2)), "cat PIECE... > WHOLE.gguf"));
        }
        CHECK(has(complaint("m.gguf", first), "is it cut short?"));
        CHECK_FALSE(has(complaint("m.gguf", first), "cat PIECE"));
    }
}
