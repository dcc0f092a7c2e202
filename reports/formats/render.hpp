#pragma once

#include <cstddef>
#include <string>

#include "reports/data/report.hpp"
#include "reports/formats/table_text.hpp"

namespace reports::formats {

/// A table of tasks x metrics x runs with value, standard error and 95 % interval; groups, counters and errors; for two
/// or more runs the settings that differ, the paired differences from the first run, and what could not be compared,
/// with the reason; published numbers if the report has them; the runs' settings. Plain text for a terminal of `width`
/// columns, without colour; hostile names are harmless in all formats.
std::string render_terminal(const data::Report& report, std::size_t width = kUnlimited);
/// The verdict in words, what was not compared, then the tables of a terminal and the parts of suites, and how to
/// reproduce the runs.
std::string render_markdown(const data::Report& report);
/// The report as JSON in ASCII, indented by 2: {"verdict": {"headline", "findings", "cautions", "level", "comparisons",
/// "adjustment", "suites": [{"suite", "metric", "higher_is_better", "tasks", "base", "run", "items", "base_value",
/// "run_value", "difference", "ci95", "p", "p_adjusted", "minimum_detectable", "verdict"}]}, "runs": [as
/// render_run_json, with "cost": {"seconds", "prompt_tokens", "answer_tokens", "tokens_per_second", "weight_bytes",
/// "quantisation"}, "command" and "command_remark"], "breakdowns": [{"suite", "metric", "by", "measure", "parts":
/// [{"part", "run", "items", "value", "ci95"}]}], "settings_that_differ": [{"task",
/// "setting", "values": [by run]}], "differences": [{"task", "metric", "base", "run", "items", "difference", "stderr",
/// "ci95", "mcnemar_p", "only_base", "only_run", "minimum_detectable", "verdict"}], "not_compared": [{"task", "metric",
/// "base", "run", "reason"}], "published": [...], "safety": {...}, "ladder": {...}, "ratings": [{...}], "items": [...]
/// and "terms": {"notice", "rules": [...], "runs": [...]} if the report has them}. Unknown values are null. "safety"
/// has "warnings", "scorers":
/// [{"name", "kind", "accuracy", "distrust"}], "not_scored": [{"run", "measure", "by", "command"}], "rates": [{"run",
/// "measure", "by", "prompts", "split", "part", "vector", "value", "ci95", "n", "of"}], "differences", "refusal_plane",
/// "rewards", "best_of_n", "people", "corrected", "grades" and "published". A study in "ratings" has "study", "hash",
/// "protocol", "raters_per_item", "adaptive", "state", "prompts", "verdicts", "warnings", "pairs", "pairs_by_category",
/// "answers", "answers_by_category", "answer_differences", "strengths", "strengths_at_equal_length", "agreement",
/// "human_ceiling", "left_preferred", "raters" and "without_and_with_excluded". "ladder" has "text", "text_sha256",
/// "text_tokens", "tokens", "windows", "window_tokens", "device", "numerics", "reference", "warnings" and "models":
/// [{"model", "fingerprint", "quantisation", "file_bytes", "weight_bytes", "parameters", "bits_per_weight",
/// "prompt_tokens_per_second", "answer_tokens_per_second", "failure", "divergence": {"kl", "same_top", "perplexity",
/// "perplexity_ratio", "probability_change", "probability_change_rms", each with "value", "stderr" and "ci95", "kl"
/// also with "median", "p90", "p99", "p999" and "max"}, "scores": [{"run", "task", "metric", "value", "items",
/// "difference", "ci95", "flips", "became_right", "became_wrong", "mcnemar_p"}]}].
std::string render_json(const data::Report& report);
/// One self-contained page: no network, no external file, light and dark, printable; the verdict and its plot first,
/// then tables and plots, browsable items, and how to reproduce the runs.
std::string render_html(const data::Report& report);
/// Output of `ladder`: the tables of the report's ladder, which it has, without the rest.
std::string render_ladder(const data::Report& report, std::size_t width = kUnlimited);
/// Output of `show RUN --json` for the report's first run, one line of ASCII: {"run", "model", "licence": {"name",
/// "basis"}, "settings": {...}, "warnings", "tasks": [{"task", "profile", "fewshot", "items", "errors",
/// "error_reasons": [{"error", "items", "first_doc"}], "metrics": [{"name", "value", "stderr", "ci95"}]}], "groups":
/// [...]}. "stderr" and "ci95" are null where a single item does not determine them.
std::string render_run_json(const data::Report& report);

/// Counts for each task, then every item that differs, with an excerpt where strings start to differ. One line per
/// string.
std::string render_terminal(const data::RunDifference& difference, std::size_t width = kUnlimited);
/// {"first", "second", "tolerance", "identical", "tasks": [{"task", "compared", "counts", "items": [...]}], ...}
std::string render_json(const data::RunDifference& difference);

}  // namespace reports::formats
