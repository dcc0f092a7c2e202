#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace harness::interchange {

/// "arc_easy" for "some/where/samples_arc_easy_2024-05-01T10-11-12.123456.jsonl.gz".
std::string lm_eval_task_name(const std::string& path);

/// The aggregate results that lm-evaluation-harness writes beside a sample log. Every field in them is optional.
class LmEvalResults {
public:
    /// Reads the results beside the log at `path`: `results_DATE.json` (`NAME_DATE.json` where --output_path named a
    /// file), or `results.json` for a log without a date, as before 0.4.3. Throws InterchangeError and base::JsonError
    /// when the file of the log's date is not a JSON object.
    explicit LmEvalResults(const std::string& path);

    /// Task of the log. Before 0.4.3 the log's file name begins with the model's arguments, so the task is read from
    /// the results.
    const std::string& task() const { return task_; }
    std::string model() const;  ///< empty: unknown
    std::uint32_t version() const { return count("versions"); }
    std::uint32_t fewshot() const { return count("n-shot"); }
    /// Profile in a Bellwether export; logs of lm-evaluation-harness itself have none.
    std::string profile() const;
    /// By metric; an empty object when unknown.
    nlohmann::json higher_is_better() const;
    /// In the order of the log's rows. Empty: unknown.
    std::vector<std::string> filters() const;
    /// How many documents were evaluated.
    std::optional<std::uint64_t> documents() const;

private:
    /// `first[task]` if it exists.
    nlohmann::json of_task(const char* first) const;
    std::uint32_t count(const char* name) const;

    nlohmann::json results_ = nlohmann::json::object();
    std::string task_;
};

}  // namespace harness::interchange
