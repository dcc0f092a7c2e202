#pragma once

#include <string>
#include <vector>

#include "suites/definition/task_definition.hpp"

namespace suites::rendering {

/// Renders one document of a task. All functions throw SuiteError with only the reason; the caller adds file and row.
class Renderer {
public:
    /// `task` must outlive the renderer. Adds the task's own fields to the row.
    Renderer(const Task::Definition& task, Row row);

    /// The document as a few-shot example: question, answer, delimiter.
    std::string example() const;
    /// The document's requests. `before`: the preamble and the few-shot examples.
    Item item(const std::string& before) const;

private:
    std::vector<std::string> choices() const;
    std::string answer() const;
    std::string example_question(std::size_t correct) const;

    Prompt prompt(const std::string& before, const std::string& question) const;
    Prompt conversation() const;
    Prompt calibration() const;

    void choose(Item& item, const std::string& before) const;
    void continuation(Item& item, const std::string& before) const;
    void generate(Item& item, const std::string& before) const;
    void roll(Item& item) const;

    const Task::Definition& task_;
    Row row_;
    std::string system_;
};

}  // namespace suites::rendering
