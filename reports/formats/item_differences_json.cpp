// Renders the differences of two runs, item by item, as JSON.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/formats/item_differences.hpp"
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

std::string one_line(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// A task with an empty list of items, which is its last member.
ordered_json task_json(const TaskDifference& task, const data::DifferenceCounts& counts) {
    return {{"task", task.task},
            {"compared", task.compared},
            {"paired_by_number", task.by_number},
            {"different", counts.items},
            {"counts",
             {{"prompt", counts.prompts},
              {"continuation", counts.continuations},
              {"output", counts.outputs},
              {"logprob", counts.logprobs},
              {"verdict", counts.verdicts}}},
            {"outputs_same_as_kept", task.same_as_kept},
            {"largest_logprob_difference", task.largest_logprob},
            {"only_first", task.only_first},
            {"only_second", task.only_second},
            {"unshared_metrics", task.unshared_metrics},
            {"items", ordered_json::array()}};
}

}  // namespace

void write_json(const RunDifference& difference, const data::ItemStream& stream, const Write& write) {
    constexpr std::string_view kEndOfList = "]}";
    std::string head = one_line({{"first", difference.first},
                                 {"second", difference.second},
                                 {"tolerance", difference.tolerance},
                                 {"identical", difference.identical() && stream.is_empty()},
                                 {"settings_that_differ", setting_differences_json(difference.runs)},
                                 {"tasks", ordered_json::array()}});
    head.resize(head.size() - kEndOfList.size());
    write(head);
    for (std::size_t task = 0; task < difference.tasks.size(); ++task) {
        std::string entry = one_line(task_json(difference.tasks[task], stream.counts.at(task)));
        entry.resize(entry.size() - kEndOfList.size());
        write((task == 0 ? "" : ",") + entry);
        bool is_first = true;
        stream.items(task, [&](const ItemDifference& item) {
            write((is_first ? "" : ",") + one_line(item_json(item)));
            is_first = false;
        });
        write(kEndOfList);
    }
    write(fmt::format(R"(],"only_first":{},"only_second":{}}})", one_line(difference.only_first),
                      one_line(difference.only_second)));
}

std::string render_json(const RunDifference& difference) {
    std::string text;
    write_json(difference, data::items_of(difference), [&text](std::string_view part) { text += part; });
    return text;
}

}  // namespace reports::formats
