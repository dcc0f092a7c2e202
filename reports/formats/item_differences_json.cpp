// Renders the differences of two runs, item by item, as JSON.

#include <nlohmann/json.hpp>

#include "reports/formats/json_parts.hpp"
#include "reports/formats/render.hpp"

namespace reports::formats {
namespace {

using data::Both;
using data::ItemDifference;
using data::RequestDifference;
using data::RunDifference;
using data::TaskDifference;
using nlohmann::ordered_json;

ordered_json both_json(const Both<std::string>& both) {
    return {{"first", both.first ? ordered_json(*both.first) : ordered_json(nullptr)},
            {"second", both.second ? ordered_json(*both.second) : ordered_json(nullptr)}};
}

ordered_json both_json(const Both<double>& both) {
    // JSON has no infinity; it becomes null too.
    return {{"first", both.first ? ordered_json(*both.first) : ordered_json(nullptr)},
            {"second", both.second ? ordered_json(*both.second) : ordered_json(nullptr)}};
}

ordered_json item_json(const ItemDifference& item) {
    ordered_json result = {{"doc", item.doc},
                           {"second_doc", item.second_doc},
                           {"requests", ordered_json::array()},
                           {"verdicts", ordered_json::object()}};
    for (const RequestDifference& request : item.requests) {
        ordered_json entry = {{"position", request.position}};
        if (request.prompt) entry["prompt"] = both_json(*request.prompt);
        if (request.continuation) entry["continuation"] = both_json(*request.continuation);
        if (request.output) entry["output"] = both_json(*request.output);
        if (request.logprob) entry["logprob"] = both_json(*request.logprob);
        result["requests"].push_back(std::move(entry));
    }
    for (const auto& [metric, both] : item.verdicts) result["verdicts"][metric] = both_json(both);
    if (item.error) result["error"] = both_json(*item.error);
    return result;
}

}  // namespace

std::string render_json(const RunDifference& difference) {
    ordered_json result = {{"first", difference.first},
                           {"second", difference.second},
                           {"tolerance", difference.tolerance},
                           {"identical", difference.identical()},
                           {"settings_that_differ", setting_differences_json(difference.runs)},
                           {"tasks", ordered_json::array()},
                           {"only_first", difference.only_first},
                           {"only_second", difference.only_second}};
    for (const TaskDifference& task : difference.tasks) {
        ordered_json entry = {{"task", task.task},
                              {"compared", task.compared},
                              {"paired_by_number", task.by_number},
                              {"different", task.items.size()},
                              {"counts",
                               {{"prompt", task.prompts()},
                                {"continuation", task.continuations()},
                                {"output", task.outputs()},
                                {"logprob", task.logprobs()},
                                {"verdict", task.verdicts()}}},
                              {"outputs_same_as_kept", task.same_as_kept},
                              {"largest_logprob_difference", task.largest_logprob},
                              {"only_first", task.only_first},
                              {"only_second", task.only_second},
                              {"unshared_metrics", task.unshared_metrics},
                              {"items", ordered_json::array()}};
        for (const ItemDifference& item : task.items) entry["items"].push_back(item_json(item));
        result["tasks"].push_back(std::move(entry));
    }
    return result.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace reports::formats
