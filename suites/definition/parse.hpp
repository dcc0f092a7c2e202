#pragma once

#include "suites/definition/fields.hpp"
#include "suites/definition/task_definition.hpp"

/// Functions that each read some fields of a task file into `task` and report mistakes through `Fields::attempt`.
namespace suites::definition {

void read_data(const Fields& fields, Task::Definition& task);
/// Call after read_data().
void read_fewshot(const Fields& fields, Task::Definition& task);
/// Call after the prompts have been read.
void read_choice(const Fields& fields, Task::Definition& task);
void read_generate(const Fields& fields, const Graders& graders, Task::Definition& task);

/// Parses a template that must contain at least one value of the row.
Template varying_template(const Fields& fields, const char* field, const std::string& text);

}  // namespace suites::definition
