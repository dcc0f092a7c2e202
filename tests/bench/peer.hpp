#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "child.hpp"

namespace bench {

/// Programs of llama.cpp to measure beside ours; empty: not measured.
struct PeerPrograms {
    std::string bench = {};       ///< llama-bench
    std::string perplexity = {};  ///< llama-perplexity
    std::string server = {};      ///< llama-server
    std::uint32_t threads = 2;
    std::uint16_t port = 18080;
};

struct PeerRates {
    double prefill = 0;  ///< tokens per second
    double decode = 0;
};

/// Rates in what `llama-bench -o json` prints. Throws std::runtime_error when one is missing.
PeerRates rates_in(const std::string& llama_bench_json);

/// Rates of `llama-bench` for a prompt of 256 tokens and 32 generated ones.
PeerRates peer_rates(const PeerPrograms& programs, const std::string& model);

/// A question with its choices, as `bellwether suites render --jsonl` prints them.
struct Question {
    std::string prompt;
    std::vector<std::string> choices;  ///< empty: to be answered in free text
    std::size_t correct = 0;
};

/// Requests of one document each become one question.
std::vector<Question> questions_in(const std::string& rendered_jsonl);

/// The file that `llama-perplexity --multiple-choice` reads: number of tasks, their places, and per task the question,
/// the answers and whether each is correct, twice. The program puts a space before an answer.
std::string multiple_choice_file(const std::vector<Question>& questions);

/// Time of a whole call of `llama-perplexity --multiple-choice` on the questions. `folder`: for its file.
Cost peer_choices(const PeerPrograms& programs, const std::string& model, const std::vector<Question>& questions,
                  const std::string& folder);

/// Calls of `llama-server`. Times include starting it.
struct ServerWork {
    std::vector<Question> questions;
    std::uint32_t slots = 1;
    std::uint32_t tokens = 1;  ///< to generate for each question
    std::uint32_t context = 2048;
};

/// Starts the server, asks everything, with as many requests at a time as it has slots, and ends it. The prompt cache
/// is on. Throws std::runtime_error when it does not answer.
Cost peer_server(const PeerPrograms& programs, const std::string& model, const ServerWork& work);

}  // namespace bench
