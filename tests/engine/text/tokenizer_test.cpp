#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <iterator>
#include <sstream>

#include "engine/formats/gguf/model.hpp"
#include "engine/language_model.hpp"
#include "engine/text/tokenizer.hpp"
#include "tests/engine/gguf_writer.hpp"
#include "tests/engine/shared_data.hpp"

using engine::Bos;
using engine::EngineError;
using engine::TokenId;
using engine::Tokenizer;
using gguf_test::SmallVocabulary;
using gguf_test::TemporaryFile;
using Ids = std::vector<TokenId>;

namespace {

std::unique_ptr<Tokenizer> open(const gguf_test::Writer& writer) {
    const TemporaryFile file(writer.str());
    return engine::open_tokenizer(file.path());
}

/// The error on opening; empty if it opens.
std::string complaint(const gguf_test::Writer& writer) {
    try {
        open(writer);
        return "";
    } catch (const EngineError& error) {
        CHECK(error.kind() == EngineError::Kind::Input);
        return error.what();
    }
}

/// A protobuf field of bytes, for sentencepiece models with short contents.
std::string field(int number, const std::string& bytes) {
    return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string model_complaint(const std::string& bytes) {
    const TemporaryFile file(bytes);
    try {
        engine::open_tokenizer(file.path());
        return "";
    } catch (const EngineError& error) {
        CHECK(error.kind() == EngineError::Kind::Input);
        return error.what();
    }
}

std::vector<std::string> lines(const std::string& text, const std::string& separator) {
    std::vector<std::string> result;
    std::size_t start = 0;
    for (std::size_t at = 0; (at = text.find(separator, start)) != std::string::npos; start = at + separator.size()) {
        result.push_back(text.substr(start, at - start));
    }
    if (start < text.size()) result.push_back(text.substr(start));
    return result;
}

}  // namespace

TEST_SUITE("engine.text.tokenizer") {
    TEST_CASE("the reference cases of the Llama 2 vocabulary are exact") {
        const auto folder = shared_data("data/llama2-tokenizer");
        if (!folder) return;
        const auto cases = lines(read_all(*folder / "ggml-vocab-llama-spm.gguf.inp"), "\n__ggml_vocab_test__\n");
        const auto expected = lines(read_all(*folder / "ggml-vocab-llama-spm.gguf.out"), "\n");
        REQUIRE(cases.size() == expected.size());
        CHECK(cases.size() == 46);
        for (const char* name : {"tokenizer.model", "ggml-vocab-llama-spm.gguf"}) {
            CAPTURE(name);
            const auto tokenizer = engine::open_tokenizer((*folder / name).string());
            CHECK(tokenizer->vocab_size() == 32000);
            CHECK(tokenizer->bos_id() == 1);
            CHECK(tokenizer->eos_id() == 2);
            CHECK(tokenizer->adds_bos());
            for (std::size_t i = 0; i < cases.size(); ++i) {
                CAPTURE(cases[i]);
                std::istringstream numbers(expected[i]);
                const Ids ids{std::istream_iterator<TokenId>(numbers), {}};
                CHECK(tokenizer->encode(cases[i], Bos::No) == ids);
                CHECK(tokenizer->decode(ids) == cases[i]);
            }
        }
    }

    TEST_CASE("the published ids of Llama 2 are exact") {
        const auto folder = shared_data("data/llama2-tokenizer");
        if (!folder) return;
        const std::vector<std::pair<std::string, Ids>> published = {
            {"[INST]", {518, 25580, 29962}},
            {"[/INST]", {518, 29914, 25580, 29962}},
            {"[INST] <<SYS>>", {518, 25580, 29962, 3532, 14816, 29903, 6778}},
            {"<</SYS>>", {529, 829, 14816, 29903, 6778}},
            {"[INST] hello [/INST]", {518, 25580, 29962, 22172, 518, 29914, 25580, 29962}},
            {"[INST] hello [/INST] Hi. ", {518, 25580, 29962, 22172, 518, 29914, 25580, 29962, 6324, 29889, 29871}},
            {"[/INST] Sure", {518, 29914, 25580, 29962, 18585}},
            {"[/INST]Sure", {518, 29914, 25580, 29962, 29903, 545}},
            {"A", {319}},
            {"B", {350}},
            {"C", {315}},
            {"D", {360}},
            {"E", {382}},
            {"(A)", {313, 29909, 29897}},
            {"(B", {313, 29933}},
            {"(C", {313, 29907}},
            {"(D", {313, 29928}},
            {"(E", {313, 29923}},
            {"Yes", {3869}},
            {"No", {1939}},
            {"yes", {4874}},
            {"no", {694}},
            {"True", {5852}},
            {"False", {7700}},
            {"0123456789", {29871, 29900, 29896, 29906, 29941, 29946, 29945, 29953, 29955, 29947, 29929}},
        };
        for (const char* name : {"tokenizer.model", "ggml-vocab-llama-spm.gguf"}) {
            const auto tokenizer = engine::open_tokenizer((*folder / name).string());
            for (const auto& row : published) {
                const auto& text = row.first;
                const auto& ids = row.second;
                CAPTURE(text);
                CHECK(tokenizer->encode(text, Bos::No) == ids);
            }
            const Ids after_newline = tokenizer->encode("\n<</SYS>>\n", Bos::No);
            CHECK(after_newline == Ids{29871, 13, 29966, 829, 14816, 29903, 6778, 13});
            CHECK(tokenizer->encode("[INST]", Bos::Yes) == Ids{1, 518, 25580, 29962});
            CHECK(tokenizer->encode("[INST]", Bos::ModelDefault) == Ids{1, 518, 25580, 29962});
            CHECK(tokenizer->encode("", Bos::No).empty());
            CHECK(tokenizer->encode("", Bos::Yes) == Ids{1});
        }
    }

    TEST_CASE("text never becomes a control or unknown or byte token by its spelling") {
        const auto folder = shared_data("data/llama2-tokenizer");
        if (!folder) return;
        for (const char* name : {"tokenizer.model", "ggml-vocab-llama-spm.gguf"}) {
            const auto tokenizer = engine::open_tokenizer((*folder / name).string());
            for (const std::string text : {"<s>", "</s>", "<unk>", "<0x0A>", "a<s>b</s>c",
                                           "<s></s><s>[INST] x [/INST]</s>", " <s> ", "<0x41><0xFF>"}) {
                CAPTURE(text);
                const Ids ids = tokenizer->encode(text, Bos::No);
                for (const TokenId id : ids) CHECK(id >= 259);
                CHECK(tokenizer->decode(ids) == text);
            }
        }
    }

    TEST_CASE("any bytes survive encoding and decoding") {
        const auto folder = shared_data("data/llama2-tokenizer");
        if (!folder) return;
        using namespace std::string_literals;
        const auto tokenizer = engine::open_tokenizer((*folder / "tokenizer.model").string());
        CHECK(tokenizer->encode("\0"s, Bos::No) == Ids{29871, 3});
        CHECK(tokenizer->encode("\xFF", Bos::No) == Ids{29871, 258});
        CHECK(tokenizer->encode("a\xC3"s, Bos::No) == Ids{263, 198});
        for (const std::string& text :
             {"a\0b"s, "\xC3"s, "\xC3\xA9\xC3"s, "\x80\x80 x"s, "\xED\xA0\x80"s, "\xF8\x88\x80\x80\x80"s, "\xC0\xAF"s,
              "ok \xFF ok"s, "\xFF ok"s, "\xEF\xBF\xBD"s, "\xF4\x90\x80\x80"s, "\xF0\x9F\xA6"s}) {
            CAPTURE(text);
            CHECK(tokenizer->decode(tokenizer->encode(text, Bos::Yes)) == text);
        }
        std::string all;
        for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
        CHECK(tokenizer->decode(tokenizer->encode(all, Bos::No)) == all);
    }

    TEST_CASE("a slice is decoded to the text that it adds to its prompt") {
        const auto folder = shared_data("data/llama2-tokenizer");
        if (!folder) return;
        const auto tokenizer = engine::open_tokenizer((*folder / "tokenizer.model").string());
        const Ids prompt = tokenizer->encode("[INST] hello [/INST]", Bos::Yes);
        CHECK(tokenizer->decode_after(prompt, Ids{18585}) == " Sure");
        CHECK(tokenizer->decode(Ids{18585}) == "Sure");
        CHECK(tokenizer->decode(Ids{1, 18585}) == "Sure");
        CHECK(tokenizer->decode_after(Ids{1}, Ids{18585, 18585}) == "Sure Sure");
        CHECK(tokenizer->decode_after(prompt, Ids{18585, 2, 1, 18585}) == " Sure Sure");
        CHECK(tokenizer->decode_after(prompt, Ids{}).empty());
        // U+1F999 in byte tokens, cut anywhere.
        const Ids llama = {243, 162, 169, 156};
        for (std::size_t cut = 0; cut <= llama.size(); ++cut) {
            const std::span<const TokenId> ids = llama;
            CHECK(tokenizer->decode(ids.first(cut)) + tokenizer->decode_after(ids.first(cut), ids.subspan(cut)) ==
                  "\xF0\x9F\xA6\x99");
        }
        // Both parts of every split give the whole text.
        const std::string text = "  two  spaces \xF0\x9F\xA6\x99 and\n\nlines \xE2\x9C\x85 ";
        const Ids ids = tokenizer->encode(text, Bos::Yes);
        for (std::size_t cut = 0; cut <= ids.size(); ++cut) {
            const std::span<const TokenId> all = ids;
            CHECK(tokenizer->decode(all.first(cut)) + tokenizer->decode_after(all.first(cut), all.subspan(cut)) ==
                  text);
        }
    }

    TEST_CASE("pieces are the vocabulary's own spelling") {
        const auto tokenizer = open(SmallVocabulary().writer());
        CHECK(tokenizer->piece(0) == "<unk>");
        CHECK(tokenizer->piece(3 + 10) == "<0x0A>");
        CHECK(tokenizer->piece(263) == "\u2581ab");
        CHECK(tokenizer->vocab_size() == 264);
        CHECK_THROWS_AS(tokenizer->piece(-1), std::out_of_range);
        CHECK_THROWS_AS(tokenizer->piece(264), std::out_of_range);
        CHECK_THROWS_AS(tokenizer->decode(Ids{264}), std::out_of_range);
        CHECK_THROWS_AS(tokenizer->decode_after(Ids{-5}, Ids{}), std::out_of_range);
    }

    TEST_CASE("the better score is merged first") {
        // ▁ a b c with ab before bc or the other way round; ids follow 259 in order.
        const std::vector<std::string> normal = {"\xE2\x96\x81", "a", "b", "c", "ab", "bc"};
        SmallVocabulary vocabulary(normal);
        CHECK(open(vocabulary.writer())->encode("abc", Bos::No) == Ids{259, 263, 262});
        std::swap(vocabulary.scores[263], vocabulary.scores[264]);
        CHECK(open(vocabulary.writer())->encode("abc", Bos::No) == Ids{259, 260, 264});
    }

    TEST_CASE("the leading space and BOS follow the file's settings") {
        const SmallVocabulary vocabulary;
        CHECK(open(vocabulary.writer())->encode("ab", Bos::ModelDefault) == Ids{1, 263});
        auto bare = vocabulary.writer();
        bare.key("tokenizer.ggml.add_space_prefix", 7, false).key("tokenizer.ggml.add_bos_token", 7, false);
        const auto tokenizer = open(bare);
        CHECK(tokenizer->encode("ab", Bos::ModelDefault) == Ids{262});
        CHECK(tokenizer->encode("ab", Bos::Yes) == Ids{1, 262});
        CHECK(tokenizer->encode(" ab", Bos::No) == Ids{263});
        CHECK(tokenizer->decode(Ids{263}) == " ab");
        CHECK_FALSE(tokenizer->adds_bos());
    }

    TEST_CASE("text never becomes BOS or EOS whatever type the file gives them") {
        SmallVocabulary vocabulary({"\xE2\x96\x81", "<", "s", ">", "<s", "\xE2\x96\x81<"});
        vocabulary.types[1] = 1;
        vocabulary.types[2] = 4;
        const auto tokenizer = open(vocabulary.writer());
        for (const TokenId id : tokenizer->encode("<s></s>", Bos::No)) CHECK(id > 2);
        CHECK(tokenizer->decode(Ids{1, 264, 2}) == "<");
    }

    TEST_CASE("a damaged vocabulary is refused") {
        using Change = void (*)(SmallVocabulary&);
        struct Damage {
            const char* fragment;
            Change change;
        };
        const Damage damages[] = {
            {"264 tokens, 263 scores", [](SmallVocabulary& v) { v.scores.pop_back(); }},
            {"263 types", [](SmallVocabulary& v) { v.types.pop_back(); }},
            {"0 tokens", [](SmallVocabulary& v) { v.tokens.clear(); }},
            {"token 260 has the unknown type 7", [](SmallVocabulary& v) { v.types[260] = 7; }},
            {"token 260 has the unknown type", [](SmallVocabulary& v) { v.types[260] = -1; }},
            {"token 260 is empty", [](SmallVocabulary& v) { v.tokens[260].clear(); }},
            {"token 260 is not UTF-8", [](SmallVocabulary& v) { v.tokens[260] = "\xC3"; }},
            {"token 260 is not UTF-8", [](SmallVocabulary& v) { v.tokens[260] = std::string("a\0", 2); }},
            {"token 260 has 1025 bytes", [](SmallVocabulary& v) { v.tokens[260] = std::string(1025, 'a'); }},
            {"token 260 has the score nan", [](SmallVocabulary& v) { v.scores[260] = NAN; }},
            {"token 262 duplicates the spelling 'a'", [](SmallVocabulary& v) { v.tokens[262] = "a"; }},
            {"token 262 duplicates the spelling '<s>'", [](SmallVocabulary& v) { v.tokens[262] = "<s>"; }},
            {"token 260 is of type control but a single character", [](SmallVocabulary& v) { v.types[260] = 3; }},
            {"2 tokens are of type unknown", [](SmallVocabulary& v) { v.types[263] = 2; }},
            {"token 263 is of type byte but not", [](SmallVocabulary& v) { v.types[263] = 6; }},
            {"1 of the 256 byte tokens are missing", [](SmallVocabulary& v) { v.types[7] = 1; }},
            {"BOS is token 1, which is of type byte", [](SmallVocabulary& v) { v.types[1] = 6; }},
        };
        for (const Damage& damage : damages) {
            SmallVocabulary vocabulary;
            damage.change(vocabulary);
            const std::string message = complaint(vocabulary.writer());
            CAPTURE(message);
            CHECK(message.find(damage.fragment) != std::string::npos);
        }
        auto far = SmallVocabulary().writer();
        far.key("tokenizer.ggml.bos_token_id", 4, 264U);
        CHECK(complaint(far).find("bos_token_id is 264, outside the vocabulary of 264") != std::string::npos);
        gguf_test::Writer other;
        other.key_text("tokenizer.ggml.model", "gpt2");
        CHECK(complaint(other).find("is 'gpt2'; Llama 2 files have 'llama'") != std::string::npos);
        gguf_test::Writer none;
        none.key_text("tokenizer.ggml.model", "llama");
        CHECK(complaint(none).find("tokenizer.ggml.tokens is missing") != std::string::npos);
        none.key("tokenizer.ggml.tokens", 4, 7U);
        CHECK(complaint(none).find("tokenizer.ggml.tokens: expected a list of strings") != std::string::npos);
    }

    TEST_CASE("other files than a sentencepiece model of this kind are refused") {
        CHECK(model_complaint("hello, this is a text").find("sentencepiece") != std::string::npos);
        CHECK(model_complaint("GGU").find("not a sentencepiece model") != std::string::npos);
        CHECK(model_complaint("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").find("not a sentencepiece model") !=
              std::string::npos);
        const std::string piece = field(1, field(1, "<unk>") + std::string("\x18\x02", 2));
        CHECK(model_complaint(piece).find("type 1; Llama 2 has type 2") != std::string::npos);
        const std::string bpe = piece + field(2, std::string("\x18\x02", 2));
        CHECK(model_complaint(bpe).find("rewrites text") != std::string::npos);
        const std::string plain = bpe + field(3, std::string("\x20\x00", 2));
        CHECK(model_complaint(plain).find("no token '<s>'") != std::string::npos);
        CHECK(model_complaint(plain + field(3, field(2, "rules"))).find("rewrites text") != std::string::npos);
    }

    TEST_CASE("user-defined pieces are found first and split the text") {
        // ▁ a b ab ▁ab <|x|> <|x|>y, ids from 259.
        SmallVocabulary vocabulary({"\u2581", "a", "b", "ab", "\u2581ab", "<|x|>", "<|x|>b"});
        vocabulary.types[264] = 4;
        vocabulary.types[265] = 4;
        const auto tokenizer = open(vocabulary.writer());
        CHECK(tokenizer->encode("ab<|x|>ab", Bos::No) == Ids{263, 264, 263});
        CHECK(tokenizer->encode("<|x|>", Bos::Yes) == Ids{1, 264});
        CHECK(tokenizer->encode("<|x|><|x|>b", Bos::No) == Ids{264, 265});  // the longest wins
        CHECK(tokenizer->encode("a<|x|", Bos::No).back() == 3 + '|');
        CHECK(tokenizer->encode("\xFF<|x|>\xFF", Bos::No) == Ids{259, 3 + 255, 264, 259, 3 + 255});
        CHECK(tokenizer->decode(Ids{1, 264, 263}) == "<|x|> ab");
        auto bare = vocabulary.writer();
        bare.key("tokenizer.ggml.add_space_prefix", 7, false);
        CHECK(open(bare)->encode("ab<|x|>ab", Bos::No) == Ids{262, 264, 262});
        CHECK(tokenizer->special_id("<|x|>") == 264);
        CHECK(tokenizer->special_id("</s>") == 2);
        CHECK_FALSE(tokenizer->special_id("ab"));
        CHECK_FALSE(tokenizer->special_id("<unk>"));
    }

    TEST_CASE("generation ends with EOS and with the end-of-turn tokens that the file names") {
        const auto plain = open(SmallVocabulary().writer());
        CHECK(plain->is_end(2));
        CHECK_FALSE(plain->is_end(261));
        auto writer = SmallVocabulary().writer();
        writer.key("tokenizer.ggml.eot_token_id", 4, 261U).key("tokenizer.ggml.eom_token_id", 4, 262U);
        const auto tokenizer = open(writer);
        for (const TokenId id : {2, 261, 262}) CHECK(tokenizer->is_end(id));
        CHECK_FALSE(tokenizer->is_end(260));
        auto outside = SmallVocabulary().writer();
        outside.key("tokenizer.ggml.eot_token_id", 4, 264U);
        CHECK(complaint(outside).find("eot_token_id is 264, outside the vocabulary of 264") != std::string::npos);
    }

    TEST_CASE("a setting that would change the ids is refused by its key and accepted with a value without effect") {
        using Writer = gguf_test::Writer;
        const auto said = [](const std::function<void(Writer&)>& change) {
            auto writer = SmallVocabulary().writer();
            change(writer);
            return complaint(writer);
        };
        for (const auto& setting : std::vector<std::pair<std::string, bool>>{{"add_eos_token", false},
                                                                             {"add_sep_token", false},
                                                                             {"remove_extra_whitespaces", false},
                                                                             {"escape_whitespaces", true}}) {
            const std::string key = "tokenizer.ggml." + setting.first;
            const bool harmless = setting.second;
            CHECK(said([&](Writer& w) { w.key(key, 7, harmless); }) == "");
            CHECK(said([&](Writer& w) { w.key(key, 7, !harmless); }).find(key + " is ") != std::string::npos);
            CHECK(said([&](Writer& w) { w.key(key, 4, 1U); }).find(key + ": expected true or false") !=
                  std::string::npos);
        }
        CHECK(said([](Writer& w) { w.key_text("tokenizer.ggml.pre", "default"); }) == "");
        CHECK(said([](Writer& w) { w.key_text("tokenizer.ggml.pre", "llama-bpe"); }).find("pre is 'llama-bpe'") !=
              std::string::npos);
        const char* charsmap = "tokenizer.ggml.precompiled_charsmap";
        CHECK(said([&](Writer& w) { w.key_array<std::uint8_t>(charsmap, 0, {}); }) == "");
        CHECK(said([&](Writer& w) {
                  w.key_array<std::uint8_t>(charsmap, 0, {1, 2});
              }).find("rewrites characters") != std::string::npos);
        const char* added = "tokenizer.ggml.added_tokens";
        CHECK(said([&](Writer& w) { w.key_texts(added, {"</s>"}); }) == "");
        CHECK(said([&](Writer& w) { w.key_texts(added, {"ab"}); }).find("has 'ab'") != std::string::npos);
        CHECK(said([&](Writer& w) { w.key_texts(added, {"absent"}); }).find("has 'absent'") != std::string::npos);
    }

    TEST_CASE("a truncated sentencepiece model is refused") {
        const auto folder = shared_data("data/llama2-tokenizer");
        if (!folder) return;
        const std::string model = read_all(*folder / "tokenizer.model");
        int refused = 0;
        for (std::size_t cut = 1; cut < model.size(); cut += 25013)
            refused += model_complaint(model.substr(0, cut)).empty() ? 0 : 1;
        CHECK(refused == 20);
    }

    TEST_CASE("the vocabulary of stories260K is usable") {
        const auto file = shared_data("models/stories260K.gguf");
        if (!file) return;
        const auto tokenizer = engine::open_tokenizer(file->string());
        CHECK(tokenizer->vocab_size() == 512);
        const std::string golden = read_all(file->parent_path() / "golden-stories260K-200.txt");
        const Ids ids = tokenizer->encode(golden, Bos::Yes);
        CHECK(tokenizer->decode(ids) == golden);
        CHECK(tokenizer->decode_after(Ids{1}, std::span(ids).subspan(1)) == golden);
    }
}
