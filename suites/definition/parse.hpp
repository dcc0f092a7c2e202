#pragma once

#include "suites/definition/fields.hpp"
#include "suites/definition/task_definition.hpp"

/// The parts of reading a task file; each reads its fields into `task` and reports through `Fields::attempt`.
namespace suites::definition {

void read_data(const Fields& fields, Task::Definition& task);
/// After the data.
void read_fewshot(const Fields& fields, Task::Definition& task);
/// After the prompts.
void read_choice(const Fields& fields, Task::Definition& task);
void read_generate(const Fields& fields, const Graders& graders, Task::Definition& task);

/// A template with a value of the row in it.
Template varying_template(const Fields& fields, const char* field, const std::string& text);

}  // namespace suites::definition
