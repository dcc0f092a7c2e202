#pragma once

#include "harness/store/rows.hpp"
#include "suites/task.hpp"

/// Items as the store keeps them, whoever answered.
namespace harness::run {

/// The document, without requests and scores.
store::ItemRow item_row(const suites::Item& item);

/// Adds the scores with their explanations, and what each filter of the task took from the outputs of `row.requests`:
/// exports show what was graded.
void add_grades(const suites::Task& task, const suites::GradedItem& graded, store::ItemRow& row);

}  // namespace harness::run
