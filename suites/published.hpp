#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Scores published by others, to compare a run with: suites/reference/*.json.
namespace suites {

/// Remark about a published number.
enum class PublishedMark {
    None,
    Note,   ///< the number is valid; see the remark
    Error,  ///< the published number is wrong; the remark says why
};

/// One cell of a published table.
struct PublishedValue {
    std::string model;  ///< "llama-2-7b", "llama-2-70b-chat"
    /// Name of a task or group without "paper_", or of a part ("bold_judaism").
    std::string task;
    std::string profile;  ///< numbers of different profiles are not comparable
    std::string metric;
    std::optional<std::uint32_t> shots;  ///< nullopt: not stated, or mixed
    double value = 0;                    ///< rates from 0 to 1; perplexities and sentiments as published
    bool percent = false;                ///< published as 100 * `value`
    std::string source;
    std::string table;  ///< number of the table in the source
    PublishedMark mark = PublishedMark::None;
    std::string remark;
    std::optional<double> corrected;  ///< correct value of a wrong cell, in the unit of `value`
};

/// Every cell, in the order of the tables.
const std::vector<PublishedValue>& published_values();

/// The models with published numbers, without duplicates.
std::vector<std::string> published_models();

/// The cells of a model, in the order of the tables; ignores case. Throws SuiteError, with similar names, when nothing
/// is published for that name.
std::vector<PublishedValue> published_for(std::string_view model);

/// The cells of a model and a task or group, in the order of the tables; ignores "paper_" before the name. Throws
/// SuiteError as above for an unknown model or task; empty when both are known but have no common cell.
std::vector<PublishedValue> published_for(std::string_view model, std::string_view task);

}  // namespace suites
