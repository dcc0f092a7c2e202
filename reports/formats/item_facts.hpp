#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/data/item.hpp"
#include "reports/data/run.hpp"
#include "reports/sections/browsed_items.hpp"

/// What the item browser says of items, in the list that reads without scripts and in the data of the script alike.
namespace reports::formats {

/// How an output ended, in words; empty: unknown.
std::string finish_text(const std::string& finish);

/// How much of a prompt the model did not get; empty: it got all.
std::string cut_text(std::uint64_t tokens);

/// Whether the exchange is a choice that the model finds likelier than the others.
bool is_most_likely(const data::ItemView& item, std::size_t index);

/// The target as text; empty for choices, which are marked instead.
std::string expected_text(const data::ItemView& item);

/// The text by which a document is listed. A rolling likelihood has it in the answer.
std::string question_text(const data::ItemView& item);

/// A score to six digits, or "unscored".
std::string score_text(const data::ItemScore& score);

/// "lmeval, version 1, 5-shot, 200 items, the 50 shown are those on which the runs differ first, ...".
std::string task_text(const sections::BrowsedTask& task);

}  // namespace reports::formats
