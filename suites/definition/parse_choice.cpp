// Reads the fields of a task file about choices and which of them are correct.

#include <fmt/format.h>

#include "suites/definition/parse.hpp"

namespace suites::definition {
namespace {

constexpr std::uint32_t kMaxFixedChoice = 1000;

void read_labels(const Fields& fields, Gold& gold) {
    if (!fields.has("gold_labels")) return;
    if (fields["gold"].is_number()) fields.fail("gold_labels", "has no meaning when \"gold\" is a number");
    if (!fields["gold_labels"].is_array()) {
        gold.labels = fields.path("gold_labels");
        return;
    }
    const std::vector<std::string> labels = fields.texts("gold_labels");
    if (labels.empty()) fields.fail("gold_labels", "is empty");
    if (std::set<std::string>(labels.begin(), labels.end()).size() < labels.size())
        fields.fail("gold_labels", "has a duplicate label, so that it does not say which choice is meant");
    gold.labels = labels;
}

void read_gold(const Fields& fields, Gold& gold) {
    if (fields.has("gold_mask")) {
        if (fields.has("gold") || fields.has("gold_labels"))
            fields.fail("gold_mask", "is given beside gold or gold_labels; one of them says what is correct");
        gold.mask = fields.path("gold_mask");
        return;
    }
    if (fields.required("gold").is_number()) {
        gold.answer = static_cast<std::size_t>(fields.count("gold", {.max = kMaxFixedChoice}));
    } else {
        gold.answer = fields.path("gold");
    }
    read_labels(fields, gold);
}

/// If the task file itself states the correct choice, its index must be less than the number of choices.
void check_gold(const Fields& fields, const Gold& gold, std::size_t choices) {
    const auto* fixed = std::get_if<std::size_t>(&gold.answer);
    if (!gold.mask && fixed != nullptr && *fixed >= choices)
        fields.fail("gold", fmt::format("is {}, and there are {} choices, numbered from 0", *fixed, choices));
}

void read_choice_texts(const Fields& fields, Task::Definition& task) {
    if (!fields.required("choices").is_array()) {
        task.choices.list = fields.path("choices");
        return;
    }
    for (const std::string& form : fields.texts("choices")) task.choices.forms.push_back(fields.form("choices", form));
    if (task.choices.forms.size() < 2)
        fields.fail("choices", "must be the path of a list, or a list of two strings or more");
    check_gold(fields, task.choices.gold, task.choices.forms.size());
}

}  // namespace

void read_choice(const Fields& fields, Task::Definition& task) {
    fields.attempt("gold", [&] { read_gold(fields, task.choices.gold); });
    fields.attempt("calibration", [&] {
        if (fields.has("calibration")) task.choices.calibration = fields.text("calibration");
    });
    if (task.prompt_per_choice()) {
        fields.none_of("a task with one prompt for each choice", {"choices", "calibration"});
        fields.attempt("continuation", [&] {
            fields.required("continuation");
            task.continuation = varying_template(fields, "continuation", fields.text("continuation"));
        });
        fields.attempt("gold", [&] { check_gold(fields, task.choices.gold, task.prompts.size()); });
        return;
    }
    fields.none_of("a task of kind choice with one prompt", {"continuation"});
    fields.attempt("choices", [&] { read_choice_texts(fields, task); });
}

}  // namespace suites::definition
