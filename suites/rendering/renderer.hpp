#pragma once

#include <string>
#include <vector>

#include "suites/definition/task_definition.hpp"

namespace suites::rendering {

/// One document under its task. Everything throws SuiteError with the reason alone; the caller knows file and row.
class Renderer {
public:
    /// `task` must outlive the renderer. Adds the task's own fields to the row.
    Renderer(const Task::Definition& task, Row row);

    /// As a few-shot example: question, answer, delimiter.
    std::string example() const;
    /// What is asked after `before`: the preamble and the few-shot examples.
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
