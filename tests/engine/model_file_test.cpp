#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "engine/base/sha256.hpp"
#include "engine/formats/gguf/model.hpp"
#include "engine/llama/forward.hpp"
#include "engine/scheduler/scorer.hpp"
#include "tests/engine/small_model.hpp"

namespace {

using engine::formats::Hyperparameters;
using engine::formats::ModelFile;
using engine::formats::TensorInfo;
using engine::formats::Vocabulary;
using gguf_test::TemporaryFile;

/// Simulates another format: its tensors are in memory, in another order, and its bytes are two files.
class TwoPieces final : public ModelFile {
public:
    explicit TwoPieces(const std::string& path) : model_(path), tensors_(model_.tensors()) {
        std::reverse(tensors_.begin(), tensors_.end());
        for (TensorInfo& tensor : tensors_) {
            const std::span<const std::byte> data = model_.data(tensor);
            tensor.offset = bytes_.size();
            bytes_.insert(bytes_.end(), data.begin(), data.end());
        }
    }

    const std::string& path() const override { return model_.path(); }
    std::string format() const override { return "two pieces"; }
    std::string name() const override { return ""; }
    std::string architecture() const override { return "llama"; }
    engine::Descriptions descriptions() const override { return model_.descriptions(); }
    Hyperparameters declared_hyperparameters() const override { return model_.declared_hyperparameters(); }
    Hyperparameters hyperparameters(std::uint32_t context) const override { return model_.hyperparameters(context); }
    Vocabulary vocabulary() const override { return model_.vocabulary(); }
    const std::vector<TensorInfo>& tensors() const override { return tensors_; }
    std::span<const std::byte> data(const TensorInfo& tensor) const override {
        return std::span(bytes_).subspan(tensor.offset, tensor.size_bytes);
    }
    std::vector<std::span<const std::byte>> contents() const override {
        const std::span<const std::byte> all(bytes_);
        return {all.first(100), all.subspan(100)};
    }
    void check_unchanged() const override {}
    std::vector<std::string> warnings() const override { return {}; }

private:
    engine::formats::gguf::Model model_;
    std::vector<TensorInfo> tensors_;
    std::vector<std::byte> bytes_;
};

double logprob(const ModelFile& file) {
    engine::llama::Forward forward(file, {});
    engine::scheduler::PrefixCache cache(forward.cache_rows());
    const std::vector<engine::ScoreRequest> requests = {{{1, 5, 6}, {7, 8, 9}}};
    return engine::scheduler::score(forward, cache, requests, engine::scheduler::Reuse::SharedPrefixes).at(0).logprob();
}

}  // namespace

TEST_SUITE("engine.formats.model_file") {
    TEST_CASE("the network runs on any implementation of a model file with the same bits") {
        SmallModel small;
        const TemporaryFile file(small.writer.str());
        const TwoPieces pieces(file.path());
        CHECK(logprob(pieces) == logprob(engine::formats::gguf::Model(file.path())));
    }

    TEST_CASE("a model of several files has the fingerprint of their bytes one after the other") {
        SmallModel small;
        const TemporaryFile file(small.writer.str());
        const TwoPieces pieces(file.path());
        std::vector<std::byte> joined;
        for (const auto piece : pieces.contents()) joined.insert(joined.end(), piece.begin(), piece.end());
        CHECK(pieces.fingerprint() == engine::base::sha256_hex(joined));
    }

    TEST_CASE("a tensor is found only by its own name") {
        SmallModel small;
        const TemporaryFile file(small.writer.str());
        const auto model = engine::formats::open_model_file(file.path());
        REQUIRE(model->find("output_norm.weight") != nullptr);
        CHECK(model->find("output_norm.weight")->name == "output_norm.weight");
        CHECK(model->find("output_norm") == nullptr);
        CHECK(model->find("") == nullptr);
    }
}
