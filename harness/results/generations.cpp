#include "harness/results/generations.hpp"

#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"

namespace harness::results {

std::vector<std::string> stop_strings(const store::RunTaskRow& task) {
    std::vector<std::string> strings;
    nlohmann::json definition = base::json_or_null(task.definition_json);
    if (definition.is_object() && definition.contains("generation")) definition = definition["generation"];
    const auto until = definition.is_object() ? definition.find("until") : definition.end();
    if (!definition.is_object() || until == definition.end()) return strings;
    if (until->is_string()) return {until->get<std::string>()};
    if (!until->is_array()) return strings;
    for (const nlohmann::json& text : *until) {
        if (text.is_string()) strings.push_back(text.get<std::string>());
    }
    return strings;
}

std::string cut_at(std::string output, const std::vector<std::string>& stop_strings) {
    for (const std::string& stop : stop_strings) {
        if (!stop.empty()) output.resize(std::min(output.find(stop), output.size()));
    }
    return output;
}

std::string as_reference_keeps(const std::string& output, const std::vector<std::string>& stop_strings) {
    return cut_at(output.starts_with(' ') ? output.substr(1) : output, stop_strings);
}

}  // namespace harness::results
