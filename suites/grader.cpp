#include "suites/grader.hpp"

#include <stdexcept>
#include <utility>

namespace suites {

void Graders::add(GraderEntry entry) {
    std::string name = entry.name;
    if (!entries_.emplace(name, std::move(entry)).second)
        throw std::logic_error("two graders are called '" + name + "'");
}

const GraderEntry* Graders::find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
}

std::set<std::string> Graders::names() const {
    std::set<std::string> names;
    for (const auto& [name, entry] : entries_) names.insert(name);
    return names;
}

GraderEntry simple_grader(std::string name, Grader grade) {
    GraderEntry entry{.name = std::move(name)};
    entry.prepare = [grade = std::move(grade)](const auto&) { return PreparedGrader{.grade = grade}; };
    return entry;
}

}  // namespace suites
