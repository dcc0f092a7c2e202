#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "peer.hpp"
#include "speed_rows.hpp"

namespace bench {

/// What is measured, and where its parts are.
struct Setup {
    std::string bellwether;                     ///< program
    std::string tools;                          ///< folder of random_model and store_bench
    std::string folder = "speed_table";         ///< for models, databases and caches; kept
    std::map<std::string, std::string> models;  ///< by type in lower case
    std::string vocabulary;                     ///< GGUF file whose tokenizer the random models get
    std::string shape = "1.1b";
    std::uint32_t layers = 0;  ///< 0: all of the shape
    std::string mmlu = "mmlu_high_school_geography";
    std::string arc = "arc_easy";
    std::string hellaswag = "hellaswag";
    std::uint32_t questions = 24;  ///< 5-shot, and of the zero-shot tasks
    std::uint32_t sequences = 32;  ///< to generate at once
    std::uint32_t tokens = 64;     ///< of each
    std::uint64_t items = kGoalItems;
    PeerPrograms peer;

    std::string file(const std::string& name) const;
    /// The model file of a type; made when it is not there.
    std::string model(const std::string& type) const;
};

/// Takes the values that a job measured, by key of the row or, for the peer, of its values.
using Record = std::function<void(const std::string& key, double value)>;

/// Commands that give the values of some rows at once.
struct Job {
    std::string name;
    std::vector<std::string> keys;  ///< of the rows
    std::function<void(const Setup&, const Record&)> ours;
    std::function<void(const Setup&, const Record&)> peer;  ///< empty: there is none
};

std::vector<Job> all_jobs();

}  // namespace bench
