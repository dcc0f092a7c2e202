#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/formats/model_file.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/small_model.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using engine::formats::open_model_file;
using gguf_test::Writer;

/// The error on opening a file; empty if it opens.
std::string complaint(const std::string& path) {
    try {
        open_model_file(path);
        return "";
    } catch (const engine::EngineError& error) {
        CHECK(error.kind() == engine::EngineError::Kind::Input);
        return error.what();
    }
}

/// The same for a file of this name and content, alone in a folder.
std::string complaint(const std::string& name, const std::string& bytes) {
    const Temporary folder;
    put(folder / name, bytes);
    return complaint(folder / name);
}

Writer part(std::uint16_t number, std::uint16_t count) {
    Writer writer;
    writer.key("split.no", 2, number).key("split.count", 2, count);
    return writer;
}

void put_parts(const Temporary& folder, const std::vector<Writer>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i)
        put(folder / ("m-0000" + std::to_string(i + 1) + "-of-00003.gguf"), parts[i].str());
}

/// The small model in three parts, after a change to them.
std::string split_complaint(const std::function<void(std::vector<Writer>&)>& change) {
    const Temporary folder;
    std::vector<Writer> parts = SmallModel().split(3);
    change(parts);
    put_parts(folder, parts);
    return complaint(folder / "m-00002-of-00003.gguf");
}

}  // namespace

TEST_SUITE("engine.formats.split") {
    TEST_CASE("a split model is complete whichever of its parts is named") {
        const Temporary folder;
        const SmallModel model;
        put(folder / "whole.gguf", model.writer.str());
        put_parts(folder, model.split(3));
        const auto whole = open_model_file(folder / "whole.gguf");
        const std::string fingerprint = open_model_file(folder / "m-00001-of-00003.gguf")->fingerprint();
        for (const char* name : {"m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf"}) {
            const auto split = open_model_file(folder / name);
            REQUIRE(split->tensors().size() == whole->tensors().size());
            for (const engine::formats::TensorInfo& tensor : whole->tensors()) {
                const engine::formats::TensorInfo* same = split->find(tensor.name);
                REQUIRE(same != nullptr);
                const auto expected = whole->data(tensor);
                const auto found = split->data(*same);
                CHECK(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
            }
            CHECK(split->vocabulary().pieces.size() == SmallModel::kVocab);
            CHECK(split->contents().size() == 3);
            CHECK(split->fingerprint() == fingerprint);
        }
        std::filesystem::resize_file(folder / "m-00003-of-00003.gguf", 64);
        CHECK(has(complaint(folder / "m-00001-of-00003.gguf"), "m-00003-of-00003.gguf"));
    }

    TEST_CASE("a part without its neighbours says which part it is and how to join them") {
        const std::string second = complaint("big-00002-of-00003.gguf", part(1, 3).str());
        CHECK(has(second, "part 2 of 3"));
        CHECK(has(second, "big-00001-of-00003.gguf is missing"));
        CHECK(has(second, "llama-gguf-split --merge"));
        CHECK(has(complaint("renamed.gguf", part(0, 2).str()), "part 1 of 2 of a split model, but not named so"));
        CHECK(has(complaint("m-00001-of-00005.gguf", part(0, 2).str()), "but not named so"));
        CHECK(has(complaint("named-00001-of-00002.gguf", Writer().str()), "has no split.count"));
        CHECK(has(complaint("m.gguf", part(0, 2000).str()), "split.count is 2000, at most 1000"));
    }

    TEST_CASE("parts that do not belong together are refused") {
        using Parts = std::vector<Writer>;
        CHECK(split_complaint([](Parts&) {}) == "");
        CHECK(has(split_complaint([](Parts& parts) { std::swap(parts[0], parts[2]); }),
                  "expected part 1 of 3 of a split model, the file says 3 of 3"));
        CHECK(has(split_complaint([](Parts& parts) { parts[0] = SmallModel().writer; }), "the file says 0 of 0"));
        CHECK(has(split_complaint([](Parts& parts) { parts[2] = part(2, 3); }), "tensors together, expected 21"));
        CHECK(has(split_complaint([](Parts& parts) { parts[2].key("llama.logit_scale", 6, 2.0F); }),
                  "key llama.logit_scale is not used"));
        CHECK(has(split_complaint([](Parts& parts) {
                      parts[2] = part(2, 3).tensor("token_embd.weight", {1}, 0, 0).data(std::string(32, 'x'));
                  }),
                  "duplicate tensor token_embd.weight"));
    }

    TEST_CASE("a file that was split into one part is complete") {
        CHECK(complaint("one-00001-of-00001.gguf", part(0, 1).str()) == "");
        CHECK(complaint("one.gguf", Writer().str()) == "");
        CHECK(complaint("some-00002-of-00003.txt.gguf", Writer().str()) == "");
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
