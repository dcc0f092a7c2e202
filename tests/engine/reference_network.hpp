#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/formats/gguf/file.hpp"
#include "engine/language_model.hpp"

/// A Llama network in double precision, written for these tests from the formulas alone: one token after the other, no
/// batches, no cache layout. Biases and frequency factors where the file has them.
class ReferenceNetwork {
public:
    struct Shape {
        std::size_t dim, heads, kv_heads, ffn, layers;
        double position_scale = 1;
    };
    using Values = std::vector<double>;

    ReferenceNetwork(const std::string& path, const Shape& shape) : file_(path), shape_(shape) {}

    /// The log-probability of each id but the first, after the ids before it.
    Values logprobs(const std::vector<engine::TokenId>& ids) {
        keys_.assign(shape_.layers, {});
        values_.assign(shape_.layers, {});
        Values result;
        for (std::size_t position = 0; position + 1 < ids.size(); ++position) {
            const Values logits = step(ids[position], position);
            const double top = *std::max_element(logits.begin(), logits.end());
            double sum = 0;
            for (const double logit : logits) sum += std::exp(logit - top);
            result.push_back(logits[static_cast<std::size_t>(ids[position + 1])] - top - std::log(sum));
        }
        return result;
    }

private:
    Values tensor(const std::string& name) const {
        const engine::formats::TensorInfo* info = file_.find(name);
        if (info == nullptr) return {};
        std::vector<float> values(info->columns() * info->rows());
        engine::formats::layout_of(info->type).unpack(file_.data(*info), values);
        return {values.begin(), values.end()};
    }

    /// W x + b
    Values linear(const std::string& name, const Values& x) const {
        const Values weight = tensor(name + ".weight");
        const Values bias = tensor(name + ".bias");
        Values y(weight.size() / x.size());
        for (std::size_t row = 0; row < y.size(); ++row) {
            for (std::size_t i = 0; i < x.size(); ++i) y[row] += weight[row * x.size() + i] * x[i];
            if (!bias.empty()) y[row] += bias[row];
        }
        return y;
    }

    Values norm(const std::string& name, const Values& x) const {
        const Values weight = tensor(name + ".weight");
        double squares = 0;
        for (const double value : x) squares += value * value;
        Values y(x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            y[i] = x[i] / std::sqrt(squares / static_cast<double>(x.size()) + 1e-5F) * weight[i];
        return y;
    }

    void rotate(Values& x, std::size_t position) const {
        const Values factors = tensor("rope_freqs.weight");
        const std::size_t pairs = shape_.dim / shape_.heads / 2;
        for (std::size_t at = 0; at + 1 < x.size(); at += 2) {
            const std::size_t pair = at / 2 % pairs;
            double angle = static_cast<double>(position) * shape_.position_scale *
                           std::pow(10000.0, -static_cast<double>(pair) / static_cast<double>(pairs));
            if (!factors.empty()) angle /= factors[pair];
            const double a = x[at];
            x[at] = a * std::cos(angle) - x[at + 1] * std::sin(angle);
            x[at + 1] = a * std::sin(angle) + x[at + 1] * std::cos(angle);
        }
    }

    Values attend(std::size_t layer, const Values& q) const {
        const std::size_t size = shape_.dim / shape_.heads;
        Values out(shape_.dim);
        for (std::size_t head = 0; head < shape_.heads; ++head) {
            const std::size_t kv = head / (shape_.heads / shape_.kv_heads) * size;
            Values weight;
            for (const Values& key : keys_[layer]) {
                double dot = 0;
                for (std::size_t i = 0; i < size; ++i) dot += q[head * size + i] * key[kv + i];
                weight.push_back(dot / std::sqrt(static_cast<double>(size)));
            }
            const double top = *std::max_element(weight.begin(), weight.end());
            double sum = 0;
            for (double& one : weight) sum += one = std::exp(one - top);
            for (std::size_t p = 0; p < weight.size(); ++p) {
                for (std::size_t i = 0; i < size; ++i)
                    out[head * size + i] += weight[p] / sum * values_[layer][p][kv + i];
            }
        }
        return out;
    }

    Values step(engine::TokenId id, std::size_t position) {
        const Values table = tensor("token_embd.weight");
        const auto row = table.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(id) * shape_.dim);
        Values x(row, row + static_cast<std::ptrdiff_t>(shape_.dim));
        const auto add = [&x](const Values& more) {
            for (std::size_t i = 0; i < x.size(); ++i) x[i] += more[i];
        };
        for (std::size_t layer = 0; layer < shape_.layers; ++layer) {
            const std::string at = "blk." + std::to_string(layer) + ".";
            const Values in = norm(at + "attn_norm", x);
            Values q = linear(at + "attn_q", in);
            Values k = linear(at + "attn_k", in);
            rotate(q, position);
            rotate(k, position);
            keys_[layer].push_back(k);
            values_[layer].push_back(linear(at + "attn_v", in));
            add(linear(at + "attn_output", attend(layer, q)));
            const Values ffn_in = norm(at + "ffn_norm", x);
            Values gate = linear(at + "ffn_gate", ffn_in);
            const Values up = linear(at + "ffn_up", ffn_in);
            for (std::size_t i = 0; i < gate.size(); ++i) gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
            add(linear(at + "ffn_down", gate));
        }
        return linear("output", norm("output_norm", x));
    }

    engine::formats::gguf::File file_;
    Shape shape_;
    std::vector<std::vector<Values>> keys_, values_;  // [layer][position]
};
