#include "engine/licence.hpp"

#include <doctest/doctest.h>

#include "engine/formats/model_file.hpp"
#include "tests/engine/gguf_writer.hpp"

using engine::Descriptions;
using engine::kLlama2Licence;
using engine::licence_of;
using engine::licence_of_name;

namespace {

// As models and their files are called on Hugging Face.
const char* kLlama2Names[] = {"llama-2-70b-chat",
                              "meta-llama/Llama-2-7b-hf",
                              "LLaMA v2",
                              "llama2",
                              "Llama 2 13B Chat",
                              "llama2chat",
                              "xstest_v2_completions_llama2orig",
                              "ELYZA-japanese-Llama-2-7b",
                              "llama-2-7b.Q4_0.gguf",
                              "CodeLlama-7b-Instruct-hf",
                              "code-llama-34b",
                              "LlamaGuard-7b"};

const char* kOtherNames[] = {"",
                             "demo:chat",
                             "llama",
                             "LLaMA v1",
                             "Llama-3.2-1B",
                             "Meta-Llama-3-8B",
                             "llama-27b",
                             "llama-2b",
                             "llama-2.5",
                             "llama2.c",
                             "open_llama_3b_v2",
                             "open-llama-2-7b",
                             "OpenLLaMA 2",
                             "TinyLlama-1.1B-Chat-v1.0",
                             "TinyLlama2",
                             "Llama-Guard-2-8B",
                             "Llama-Guard-3-1B",
                             "gpt-4",
                             "collama2"};

}  // namespace

TEST_SUITE("engine.licence") {
    TEST_CASE("a name that says Llama 2 or a model made from it tells the licence") {
        for (const char* name : kLlama2Names) {
            CAPTURE(name);
            CHECK(licence_of_name(name).is_llama2());
        }
        for (const char* name : kOtherNames) {
            CAPTURE(name);
            CHECK(licence_of_name(name).name.empty());
        }
        CHECK(licence_of_name("llama-2-7b").basis == "the model's name is 'llama-2-7b'");
    }

    TEST_CASE("the licence that the file states is Llama 2's in all its spellings") {
        for (const char* value : {"llama2", "Llama 2", "LLAMA 2 Community License", "llama-2-community"}) {
            CAPTURE(value);
            CHECK(licence_of({{"general.license", value}}, "a.gguf").is_llama2());
        }
        const Descriptions by_name = {{"general.license", "other"}, {"general.license.name", "llama2"}};
        CHECK(licence_of(by_name, "a.gguf").is_llama2());
        CHECK(licence_of(by_name, "a.gguf").basis == "general.license.name is 'llama2'");
        CHECK(licence_of({{"general.license.link", "https://ai.meta.com/llama/license/"}}, "").is_llama2());
        CHECK_FALSE(licence_of({{"general.license.link", "https://llama.meta.com/llama3/license/"}}, "").is_llama2());
    }

    TEST_CASE("what is made from Llama 2 stays under its licence whatever the file states") {
        const Descriptions tuned = {{"general.license", "apache-2.0"},
                                    {"general.base_model.0.name", "Mistral 7B"},
                                    {"general.base_model.1.repo_url", "https://huggingface.co/meta-llama/Llama-2-7b"}};
        CHECK(licence_of(tuned, "a.gguf").is_llama2());
        CHECK(licence_of(tuned, "a.gguf").basis ==
              "general.base_model.1.repo_url is 'https://huggingface.co/meta-llama/Llama-2-7b'");
        CHECK(licence_of({{"general.source.huggingface.repository", "meta-llama/Llama-2-7b"}}, "").is_llama2());
    }

    TEST_CASE("another stated licence is kept and says more than a name") {
        const Descriptions small = {{"general.license", "mit"}, {"general.name", "llama-2-tiny-from-scratch"}};
        CHECK(licence_of(small, "llama-2.gguf").name == "mit");
        CHECK(licence_of(small, "llama-2.gguf").basis == "general.license is 'mit'");
        const Descriptions other = {{"general.license", "other"}, {"general.name", "llama-2-tiny"}};
        CHECK(licence_of(other, "a.gguf").is_llama2());
    }

    TEST_CASE("without a statement the names alone tell the licence") {
        CHECK(licence_of({{"general.name", "LLaMA v2"}}, "model.gguf").is_llama2());
        CHECK(licence_of({{"general.basename", "Llama-2"}}, "model.gguf").basis == "general.basename is 'Llama-2'");
        CHECK(licence_of({{"general.name", "models"}}, "llama-2-7b.Q4_0.gguf").basis ==
              "the file's name is 'llama-2-7b.Q4_0.gguf'");
        CHECK(licence_of({{"general.name", "demo-chat"}, {"general.description", "like llama-2"}}, "a.gguf")
                  .name.empty());
    }

    TEST_CASE("the basis of a hostile file is short and printable") {
        const std::string long_text = "llama2 \x1B[31m" + std::string(100000, 'x');
        const engine::Licence licence = licence_of({{"general.license", long_text}}, "a.gguf");
        CHECK(licence.is_llama2());
        CHECK(licence.basis.size() < 200);
        CHECK(licence.basis.find('\x1B') == std::string::npos);
    }

    TEST_CASE("a GGUF file's licence is read from its metadata") {
        gguf_test::Writer writer = gguf_test::SmallVocabulary().writer();
        writer.key_text("general.license", "llama2").key("general.license.count", std::uint32_t{4}, 1U);
        const gguf_test::TemporaryFile file(writer.str());
        CHECK(engine::formats::open_model_file(file.path())->licence().is_llama2());
        const gguf_test::TemporaryFile silent(gguf_test::SmallVocabulary().writer().str());
        CHECK(engine::formats::open_model_file(silent.path())->licence().name.empty());
    }
}
