#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Numbers that others published, as constants to compare a run with: suites/reference/*.json.
namespace suites {

/// What is known about a published number beyond its value.
enum class PublishedMark {
    None,
    Note,   ///< it stands, with the remark
    Error,  ///< the publication is wrong there; the remark says why
};

/// One cell of a published table.
struct PublishedValue {
    std::string model;  ///< "llama-2-7b", "llama-2-70b-chat"
    /// A task's or group's name in this harness without "paper_" before it, or that of a part ("bold_judaism").
    std::string task;
    std::string profile;  ///< numbers of different profiles are not comparable
    std::string metric;
    std::optional<std::uint32_t> shots;  ///< none: not stated, or mixed
    double value = 0;      ///< in the harness's unit: rates from 0 to 1, perplexities and sentiments as they are
    bool percent = false;  ///< printed as 100 times `value`
    std::string source;
    std::string table;  ///< its number in the source
    PublishedMark mark = PublishedMark::None;
    std::string remark;
    std::optional<double> corrected;  ///< what an erroneous cell should say, in the unit of `value`
};

/// Every cell, in the order of the tables.
const std::vector<PublishedValue>& published_values();

/// The models with published numbers, each once.
std::vector<std::string> published_models();

/// The cells of a model, in the order of the tables. Upper and lower case are the same. Throws SuiteError, naming near
/// misses, when nothing is published for that name.
std::vector<PublishedValue> published_for(std::string_view model);

/// The cells of a model and a task or group, in the order of the tables; "paper_" before its name is passed over.
/// Throws SuiteError as above; empty when the model is known and the task is known, but there is no number for the two.
std::vector<PublishedValue> published_for(std::string_view model, std::string_view task);

}  // namespace suites
