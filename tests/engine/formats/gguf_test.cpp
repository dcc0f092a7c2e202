#include <doctest/doctest.h>

#include <functional>

#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"
#include "tests/engine/gguf_writer.hpp"

using engine::EngineError;
using GgufFile = engine::formats::gguf::File;
using gguf_test::Bytes;
using gguf_test::TemporaryFile;
using gguf_test::Writer;

namespace {

/// Two tensors in 128 bytes of data.
Writer sound() {
    Writer writer;
    writer.key_text("general.architecture", "llama").key("llama.block_count", 4, std::uint32_t{2});
    writer.tensor("token_embd.weight", {4, 3}, 0, 0).tensor("output.weight", {32, 1}, 8, 64);
    writer.data(std::string(64 + 34, '\1'));
    return writer;
}

/// The error on opening; empty if it opens.
std::string gguf_complaint(const std::string& bytes) {
    const TemporaryFile file(bytes);
    try {
        const GgufFile opened(file.path());
        return "";
    } catch (const EngineError& error) {
        CHECK(error.kind() == EngineError::Kind::Input);
        CHECK(std::string(error.what()).starts_with(file.path()));
        return error.what();
    }
}

struct Damage {
    const char* what;
    const char* fragment;
    std::function<std::string()> bytes;
};

std::string keyed(const std::function<void(Writer&)>& change) {
    Writer writer;
    change(writer);
    return writer.str();
}

std::string tensors(const std::function<void(Writer&)>& change) {
    Writer writer;
    change(writer);
    writer.data(std::string(256, '\0'));
    return writer.str();
}

std::vector<Damage> damages() {  // NOLINT(readability-function-size): a list
    constexpr std::uint64_t kGiant = std::uint64_t{1} << 62;
    return {
        {"no GGUF", "not a GGUF file", [] { return std::string(64, 'x'); }},
        {"three bytes", "cut short", [] { return std::string("GGU"); }},
        {"version 1", "GGUF version 1; versions 2 and 3",
         [] {
             auto w = sound();
             w.version = 1;
             return w.str();
         }},
        {"version 4", "GGUF version 4; versions 2 and 3",
         [] {
             auto w = sound();
             w.version = 4;
             return w.str();
         }},
        {"big-endian", "big-endian",
         [] {
             auto w = sound();
             w.version = 3U << 24;
             return w.str();
         }},
        {"a giant key count", "the metadata needs",
         [] {
             auto w = sound();
             w.key_count = kGiant;
             return w.str();
         }},
        {"a giant tensor count", "the tensor list needs",
         [] {
             auto w = sound();
             w.tensor_count = kGiant;
             return w.str();
         }},
        {"one key too many", "",
         [] {
             auto w = sound();
             w.key_count += 1;
             return w.str();
         }},
        {"no data", "token_embd.weight needs 48 bytes from 0", [] { return sound().header(); }},
        {"one byte short", "output.weight needs 34 bytes from 64",
         [] {
             auto b = sound().str();
             b.pop_back();
             return b;
         }},
        {"a giant key length", "a metadata key needs",
         [] { return keyed([](Writer& w) { w.raw_key(Bytes().add(kGiant).raw(std::string(32, 'k'))); }); }},
        {"an empty key", "a metadata key is empty",
         [] { return keyed([](Writer& w) { w.key("", 0, std::uint64_t{0}); }); }},
        {"a key of 65536 bytes", "a metadata key has 65536 bytes",
         [] { return keyed([](Writer& w) { w.key(std::string(65536, 'k'), 0, std::uint64_t{0}); }); }},
        {"an unknown value type", "key k has the unknown value type 13",
         [] { return keyed([](Writer& w) { w.key("k", 13, std::uint64_t{0}); }); }},
        {"a key with control characters", "key ?[31m has the unknown value type 13",
         [] { return keyed([](Writer& w) { w.key("\x1b[31m", 13, std::uint64_t{0}); }); }},
        {"a boolean of 2", "k: expected true or false, found the number 2",
         [] { return keyed([](Writer& w) { w.key("k", 7, std::uint64_t{2}); }); }},
        {"a key twice", "duplicate key k", [] { return keyed([](Writer& w) { w.key("k", 4, 1U).key("k", 4, 1U); }); }},
        {"a giant text", "k needs", [] { return keyed([](Writer& w) { w.key("k", 8, kGiant); }); }},
        {"a giant array", "k needs 4611686018427387904 x 8 bytes",
         [] { return keyed([](Writer& w) { w.raw_key(Bytes().text("k").add(9U).add(10U).add(kGiant)); }); }},
        {"an array whose size overflows", "k needs 2305843009213693952 x 8",
         [] { return keyed([](Writer& w) { w.raw_key(Bytes().text("k").add(9U).add(12U).add(kGiant / 2)); }); }},
        {"a giant array of texts", "k needs",
         [] { return keyed([](Writer& w) { w.raw_key(Bytes().text("k").add(9U).add(8U).add(kGiant)); }); }},
        {"an array of arrays", "key k is an array of the unsupported type 9",
         [] {
             return keyed([](Writer& w) {
                 w.raw_key(Bytes().text("k").add(9U).add(9U).add(std::uint64_t{1}).add(9U).add(std::uint64_t{0}));
             });
         }},
        {"an integer beyond 63 bits", "key k holds 18446744073709551615",
         [] { return keyed([](Writer& w) { w.key_array("k", 10, std::vector<std::uint64_t>{~std::uint64_t{0}}); }); }},
        {"alignment 24", "alignment 24 is not a power of two",
         [] { return keyed([](Writer& w) { w.key("general.alignment", 4, 24U); }); }},
        {"alignment 0", "alignment 0 is not a power of two",
         [] { return keyed([](Writer& w) { w.key("general.alignment", 4, 0U); }); }},
        {"alignment 2^31", "alignment 2147483648 is not",
         [] { return keyed([](Writer& w) { w.key("general.alignment", 4, 1U << 31); }); }},
        {"alignment as text", "key general.alignment: expected a non-negative integer",
         [] { return keyed([](Writer& w) { w.key_text("general.alignment", "32"); }); }},
        {"an empty tensor name", "a tensor's name is empty",
         [] { return tensors([](Writer& w) { w.tensor("", {4}, 0, 0); }); }},
        {"a tensor twice", "duplicate tensor t",
         [] { return tensors([](Writer& w) { w.tensor("t", {4}, 0, 0).tensor("t", {4}, 0, 32); }); }},
        {"no dimension", "tensor t has 0 dimensions",
         [] { return tensors([](Writer& w) { w.tensor("t", {}, 0, 0); }); }},
        {"five dimensions", "tensor t has 5 dimensions",
         [] { return tensors([](Writer& w) {
                  w.tensor("t", {1, 1, 1, 1, 1}, 0, 0);
              }); }},
        {"an extent of 0", "tensor t has the invalid shape 4x0",
         [] { return tensors([](Writer& w) {
                  w.tensor("t", {4, 0}, 0, 0);
              }); }},
        {"extents that overflow", "invalid shape 4294967296x4294967296",
         [] {
             return tensors([](Writer& w) { w.tensor("t", {std::uint64_t{1} << 32, std::uint64_t{1} << 32}, 0, 0); });
         }},
        {"a large tensor", "tensor t needs 4398046511104 bytes",
         [] { return tensors([](Writer& w) {
                  w.tensor("t", {1 << 20, 1 << 20}, 0, 0);
              }); }},
        {"type IQ3_S", "tensor t has type 21 (IQ3_S), which is not supported; supported: F32, F16, BF16, Q8_0, Q4_0",
         [] { return tensors([](Writer& w) { w.tensor("t", {256}, 21, 0); }); }},
        {"type 99", "tensor t has type 99, which is not supported",
         [] { return tensors([](Writer& w) { w.tensor("t", {256}, 99, 0); }); }},
        {"rows of 33 in Q4_0", "tensor t has rows of 33 values, Q4_0 needs a multiple of 32",
         [] { return tensors([](Writer& w) {
                  w.tensor("t", {33, 2}, 2, 0);
              }); }},
        {"an unaligned offset", "tensor t starts at 16, which is not a multiple of 32",
         [] { return tensors([](Writer& w) { w.tensor("t", {4}, 0, 16); }); }},
        {"a giant offset", "tensor t needs 16 bytes from 18446744073709551584",
         [] { return tensors([](Writer& w) { w.tensor("t", {4}, 0, ~std::uint64_t{31}); }); }},
        {"tensors over one another", "tensors a and b overlap",
         [] { return tensors([](Writer& w) { w.tensor("b", {16}, 0, 32).tensor("a", {16}, 0, 0); }); }},
    };
}

}  // namespace

TEST_SUITE("engine.formats.gguf") {
    TEST_CASE("a sound file gives its metadata and tensors") {
        auto writer = sound();
        writer.key("u8", 0, std::uint8_t{200}).key("i8", 1, std::int8_t{-3}).key("u16", 2, std::uint16_t{60000});
        writer.key("i16", 3, std::int16_t{-5}).key("i32", 5, std::int32_t{7}).key("f32", 6, 0.5F).key("yes", 7, true);
        writer.key("u64", 10, ~std::uint64_t{0}).key("i64", 11, std::int64_t{-9}).key("f64", 12, 0.1);
        writer.key_array("ints", 5, std::vector<std::int32_t>{-1, 2}).key_array("floats", 6, std::vector<float>{1.5F});
        writer.key_texts("texts", {"one", "", "three"}).key_array("none", 4, std::vector<std::uint32_t>{});
        const TemporaryFile file(writer.str());
        const GgufFile gguf(file.path());
        CHECK(gguf.version() == 3);
        CHECK(gguf.text("general.architecture") == "llama");
        CHECK(gguf.unsigned_integer("llama.block_count") == 2);
        CHECK(gguf.unsigned_integer("u8") == 200);
        CHECK(gguf.unsigned_integer("u16") == 60000);
        CHECK(gguf.unsigned_integer("i32") == 7);
        CHECK(gguf.unsigned_integer("u64") == ~std::uint64_t{0});
        CHECK(gguf.number("i8") == -3.0);
        CHECK(gguf.number("i16") == -5.0);
        CHECK(gguf.number("i64") == -9.0);
        CHECK(gguf.number("f32") == 0.5);
        CHECK(gguf.number("f64") == 0.1);
        CHECK(gguf.boolean("yes") == true);
        CHECK(std::get<std::vector<std::int64_t>>(gguf.metadata().at("ints")) == std::vector<std::int64_t>{-1, 2});
        CHECK(std::get<std::vector<double>>(gguf.metadata().at("floats")) == std::vector<double>{1.5});
        CHECK(std::get<std::vector<std::string>>(gguf.metadata().at("texts")) ==
              std::vector<std::string>{"one", "", "three"});
        CHECK(std::get<std::vector<std::int64_t>>(gguf.metadata().at("none")).empty());
        CHECK_FALSE(gguf.text("absent"));
        CHECK_THROWS_AS(gguf.text("u8"), EngineError);
        CHECK_THROWS_AS(gguf.unsigned_integer("i64"), EngineError);
        CHECK_THROWS_AS(gguf.boolean("u8"), EngineError);
        REQUIRE(gguf.tensors().size() == 2);
        const auto* embedding = gguf.find("token_embd.weight");
        REQUIRE(embedding != nullptr);
        CHECK(embedding->columns() == 4);
        CHECK(embedding->rows() == 3);
        CHECK(gguf.data(*embedding).size() == 48);
        const auto* output = gguf.find("output.weight");
        REQUIRE(output != nullptr);
        CHECK(output->offset == embedding->offset + 64);
        CHECK(gguf.data(*output).size() == 34);
        CHECK(gguf.data(*output)[33] == std::byte{1});
        CHECK(gguf.find("absent") == nullptr);
    }

    TEST_CASE("version 2 and another alignment are read") {
        Writer writer;
        writer.version = 2;
        writer.alignment = 64;
        writer.key("general.alignment", 4, 64U).tensor("t", {3}, 0, 64);
        writer.data(std::string(64, '\0') + std::string(12, '\7'));
        const TemporaryFile file(writer.str());
        const GgufFile gguf(file.path());
        CHECK(gguf.version() == 2);
        CHECK(gguf.data(*gguf.find("t"))[0] == std::byte{7});
    }

    TEST_CASE("a damaged file is refused with its place") {
        REQUIRE(gguf_complaint(sound().str()).empty());
        for (const Damage& damage : damages()) {
            CAPTURE(damage.what);
            const std::string message = gguf_complaint(damage.bytes());
            CAPTURE(message);
            CHECK_FALSE(message.empty());
            CHECK(message.find(damage.fragment) != std::string::npos);
        }
    }

    TEST_CASE("every truncation is refused") {
        const std::string bytes = sound().str();
        for (std::size_t length = 1; length < bytes.size(); ++length)
            CHECK_FALSE(gguf_complaint(bytes.substr(0, length)).empty());
    }

    TEST_CASE("small values that need too much memory when widened are refused") {
        // 2 GiB of single bytes would take 16 GiB once widened. The file is sparse.
        constexpr std::uint64_t kCount = std::uint64_t{2} << 30;
        const TemporaryFile file(keyed([](Writer& w) { w.raw_key(Bytes().text("k").add(9U).add(0U).add(kCount)); }));
        std::filesystem::resize_file(file.path(), kCount + 4096);
        CHECK_THROWS_WITH_AS(GgufFile(file.path()), doctest::Contains("the header takes more than 256 MiB"),
                             EngineError);
    }

    TEST_CASE("a path that is not a file is refused") {
        CHECK_THROWS_WITH_AS(GgufFile("/nonexistent/model.gguf"), doctest::Contains("cannot be opened"), EngineError);
        CHECK_THROWS_WITH_AS(GgufFile(Temporary().path()), doctest::Contains("not a regular file"), EngineError);
        const TemporaryFile empty;
        CHECK_THROWS_WITH_AS(GgufFile(empty.path()), doctest::Contains("the file is empty"), EngineError);
    }
}
