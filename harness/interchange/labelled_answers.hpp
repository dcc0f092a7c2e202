#pragma once

#include <string>
#include <string_view>

#include "harness/scoring/labelled_answers.hpp"

namespace harness::interchange {

/// Answers with people's labels, from the unpacked content of a file of JSON lines (also a JSON list, CSV or TSV). The
/// fields of a row, of which the first that it has counts:
///
///     answer       answer, completion, output, response, text
///     label        label, final_label: the label that people agreed on
///     raters       labels, a list with one label a rater (null: none); or columns rater_1, rater_2, ... (also label_1
///                  or annotation_1)
///     conversation prompt, or turns with role and content; may be missing
///     name         id
///
/// A row needs a label or raters. The labels of a file are all of one scale: classes of refusal, safe and unsafe, or 1
/// to 5. So XSTest's files of completions are read as they are. Throws InterchangeError with every mistake, at most 20,
/// each with file, row and field.
scoring::LabelledFile parse_labelled_answers(std::string_view text, const std::string& path);

/// The same of a file. Throws InterchangeError, also for a file that cannot be read.
scoring::LabelledFile read_labelled_answers(const std::string& path);

}  // namespace harness::interchange
