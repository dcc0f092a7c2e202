#include "harness/interchange/lm_eval_sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/base64.hpp"
#include "harness/interchange/lm_eval_rows.hpp"
#include "harness/interchange/lm_eval_squad.hpp"
#include "suites/error.hpp"
#include "suites/json_kind.hpp"
#include "suites/metric.hpp"
#include "suites/row.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;

const std::set<std::string> kNoMetric = {"doc_id",         "doc",         "target",  "arguments", "resps",
                                         "filtered_resps", "filter",      "metrics", "doc_hash",  "prompt_hash",
                                         "target_hash",    kOriginalBytes};

/// A number, possibly written as a string; Python writes a missing number as "nan", other tools as null.
std::optional<double> any_number_of(const ordered_json& value) {
    if (value.is_null()) return NAN;
    if (value.is_number()) return value.get<double>();
    if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
    // A number with more digits than a double holds is kept as text.
    if (!value.is_string() && !value.is_binary()) return std::nullopt;
    const std::string text = suites::value_text(value);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || end != text.c_str() + text.size()) return std::nullopt;
    return number;
}

std::optional<double> number_of(const ordered_json& value) {
    const std::optional<double> number = any_number_of(value);
    return number && std::isnan(*number) ? std::nullopt : number;
}

bool is_log_probability(double number) {
    return !std::isnan(number) && number != INFINITY;
}

std::optional<bool> truth_of(const ordered_json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value == "True" || value == "true") return true;
    if (value == "False" || value == "false") return false;
    return std::nullopt;
}

/// NumPy's booleans are written as strings. An infinite score is no score, as NaN is none.
std::optional<double> score_of(const ordered_json& value) {
    if (const auto truth = truth_of(value)) return *truth ? 1.0 : 0.0;
    const std::optional<double> number = number_of(value);
    return number && std::isinf(*number) ? std::nullopt : number;
}

/// A number itself, as -1 and 1.5 are numbers too; of other values what they are.
std::string shown(const ordered_json& value) {
    return value.is_number() ? suites::row_text(value) : std::string(suites::kind_of(value));
}

/// Whether `value` is a pair of a log-probability and whether the continuation was the most likely one.
bool is_pair(const ordered_json& value) {
    return value.is_array() && value.size() == 2 && any_number_of(value[0]) && truth_of(value[1]);
}

/// Reads a row; every error names the place and the field.
class SampleRow {
public:
    SampleRow(std::string_view line, const std::string& where) : where_(where) {
        try {
            row_ = suites::parse_row(plain_json(line));
        } catch (const suites::SuiteError& error) {
            throw InterchangeError(fmt::format("{}: is not JSON: {}", where_, error.what()));
        }
        if (!row_.is_object()) throw InterchangeError(where_ + ": a sample is a JSON object");
    }

    LmEvalSample sample() {
        LmEvalSample sample;
        if (!field("doc_id").is_number_unsigned())
            fail("doc_id", fmt::format("must be a non-negative integer, not {}", shown(field("doc_id"))));
        sample.doc = field("doc_id").get<std::uint64_t>();
        sample.document_json = suites::row_text(field("doc"));
        sample.target = suites::value_text(field("target"));
        if (row_.contains("filter")) {
            if (!row_["filter"].is_string())
                fail("filter", fmt::format("must be a string, not {}", suites::kind_of(row_["filter"])));
            sample.filter_named = true;
            sample.filter = row_["filter"] == "none" ? "" : row_["filter"].get<std::string>();
        }
        read_metrics(sample);
        read_requests(sample);
        if (!sample.error.empty()) {
            for (store::ScoreRow& score : sample.scores) score.value.reset();
        }
        return sample;
    }

private:
    [[noreturn]] void fail(const std::string& name, const std::string& what) const {
        throw InterchangeError(fmt::format("{}: field \"{}\" {}", where_, name, what));
    }

    const ordered_json& field(const std::string& name) const {
        const auto found = row_.find(name);
        if (found == row_.end())
            fail(name, "is missing; is this a sample log of lm-evaluation-harness (--log_samples)?");
        return *found;
    }

    std::vector<std::string> metric_names() const {
        std::vector<std::string> names;
        if (!row_.contains("metrics")) {  // older logs have no other fields besides the fixed ones
            for (const auto& [name, value] : row_.items()) {
                const bool metric = value.is_array() || score_of(value);
                if (!kNoMetric.contains(name) && metric) names.push_back(name);
            }
            return names;
        }
        if (!row_["metrics"].is_array())
            fail("metrics", fmt::format("must be a list of names, not {}", suites::kind_of(row_["metrics"])));
        for (const ordered_json& name : row_["metrics"]) {
            if (!name.is_string())
                fail("metrics", fmt::format("must be a list of names, but one is {}", suites::kind_of(name)));
            names.push_back(name.get<std::string>());
        }
        return names;
    }

    void add_score(LmEvalSample& sample, const std::string& name, std::optional<double> value) const {
        const bool known = std::any_of(sample.scores.begin(), sample.scores.end(),
                                       [&name](const auto& score) { return score.metric == name; });
        if (!known) sample.scores.push_back({name, value});
    }

    void read_metrics(LmEvalSample& sample) const {
        for (const std::string& name : metric_names()) {
            const ordered_json& value = field(name);
            const std::string plain = name.ends_with(",none") ? name.substr(0, name.size() - 5) : name;
            const bool whole = name.find(',') != std::string::npos;  // the name includes its filter
            const std::string full = whole ? plain : filtered_name(plain, sample.filter);
            sample.metrics.push_back(full);
            if (!is_perplexity(plain)) {
                const std::vector<store::ScoreRow> graded = squad_scores(value, plain);
                if (graded.empty()) add_score(sample, full, score_of(value));
                for (const store::ScoreRow& score : graded) add_score(sample, score.metric, score.value);
                continue;
            }
            if (!value.is_array() || value.size() != 2 || !any_number_of(value[0]) || !number_of(value[1])) {
                fail(name, "must be a pair of log-likelihood and length");
            }
            add_score(sample, "loglikelihood", number_of(value[0]));
            add_score(sample, std::string(suites::units_of(suites::find_metric(plain)->aggregation)),
                      number_of(value[1]));
        }
        std::sort(sample.scores.begin(), sample.scores.end(),
                  [](const auto& a, const auto& b) { return a.metric < b.metric; });
    }

    /// One request's arguments as a list; the object form has arg_0, arg_1 and so on.
    static ordered_json argument_list(const ordered_json& argument) {
        if (argument.is_array()) return argument;
        if (!argument.is_object()) return ordered_json::array({argument});
        ordered_json list = ordered_json::array();
        for (std::size_t i = 0; argument.contains(fmt::format("arg_{}", i)); ++i)
            list.push_back(argument[fmt::format("arg_{}", i)]);
        return list;
    }

    std::vector<ordered_json> argument_lists() const {
        const ordered_json& arguments = field("arguments");
        std::vector<ordered_json> lists;
        if (arguments.is_array()) {
            for (const ordered_json& argument : arguments) lists.push_back(argument_list(argument));
        } else if (arguments.is_object()) {
            // Indexed first, since looking up each name is linear: a row may have 100,000.
            std::map<std::string_view, const ordered_json*> by_name;
            for (const auto& [name, argument] : arguments.get_ref<const ordered_json::object_t&>())
                by_name.emplace(name, &argument);
            for (std::size_t i = 0; i < arguments.size(); ++i) {
                const auto found = by_name.find(fmt::format("gen_args_{}", i));
                if (found == by_name.end()) fail("arguments", "must have the keys gen_args_0, gen_args_1 and so on");
                lists.push_back(argument_list(*found->second));
            }
        } else {
            fail("arguments", "must be a list of pairs, or an object with gen_args_0 and so on");
        }
        if (lists.empty()) fail("arguments", "is empty");
        return lists;
    }

    void read_requests(LmEvalSample& sample) const {
        const std::vector<ordered_json> arguments = argument_lists();
        const ordered_json& answers = field("resps");
        if (!answers.is_array() || answers.size() != arguments.size()) {
            fail("resps", fmt::format("must be a list with an entry for each of the {} arguments", arguments.size()));
        }
        for (std::size_t i = 0; i < arguments.size(); ++i) add_request(sample, arguments[i], answers[i], i);
    }

    void add_request(LmEvalSample& sample, const ordered_json& arguments, const ordered_json& answers,
                     std::size_t index) const {
        const std::string at = fmt::format("[{}]", index);
        if (arguments.empty()) fail("arguments", at + " is empty");
        if (!answers.is_array() || answers.empty()) fail("resps", at + " must be a list of answers");
        // For a chat endpoint the prompt is a tuple of one string.
        const ordered_json& prompt = arguments[0];
        const bool tuple = prompt.is_array() && prompt.size() == 1 && prompt[0].is_string();
        store::RequestRow request{.kind = "generate", .context = suites::value_text(tuple ? prompt[0] : prompt)};
        if (arguments.size() > 1 && arguments[1].is_string()) {
            const ordered_json& answer = is_pair(answers) ? answers : answers[0];
            if (!is_pair(answer)) fail("resps", at + " must hold a pair of log-probability and truth value");
            request.kind = "choice";
            request.continuation = arguments[1].get<std::string>();
            request.greedy = *truth_of(answer[1]);
            add_scored(sample, std::move(request), *any_number_of(answer[0]), at);
        } else if (arguments.size() == 1 && std::any_of(sample.metrics.begin(), sample.metrics.end(), is_perplexity)) {
            const auto number =
                any_number_of(answers[0].is_array() && !answers[0].empty() ? answers[0][0] : answers[0]);
            if (!number) fail("resps", at + " must hold a log-likelihood");
            request.kind = "rolling";
            std::swap(request.context, request.continuation);
            add_scored(sample, std::move(request), *number, at);
        } else {
            if (arguments.size() > 1 && arguments[1].is_object())
                sample.generation_json = suites::row_text(arguments[1]);
            add_generated(sample, std::move(request), answers, index);
        }
    }

    static void add_scored(LmEvalSample& sample, store::RequestRow request, double logprob, const std::string& at) {
        if (!is_log_probability(logprob) && sample.error.empty())
            sample.error = fmt::format(
                "the log has {} as the log-probability of resps{}: the model's arithmetic overflowed where the log was "
                "written; evaluate the document there again, in a wider type such as float32, and import that log",
                logprob, at);
        request.logprob = is_log_probability(logprob) ? logprob : 0;
        sample.requests.push_back(std::move(request));
    }

    void add_generated(LmEvalSample& sample, store::RequestRow request, const ordered_json& answers,
                       std::size_t index) const {
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const std::optional<std::string> bytes = original_bytes(index, i);
            request.output = bytes ? *bytes : suites::value_text(answers[i]);
            sample.requests.push_back(request);
        }
        const auto filtered = row_.find("filtered_resps");
        const bool there = filtered != row_.end() && filtered->is_array() && index < filtered->size();
        if (there && !sample.graded && (*filtered)[index].is_string())
            sample.graded = (*filtered)[index].get<std::string>();
    }

    /// The original bytes of an output that is not UTF-8, which Bellwether exports beside `resps`.
    std::optional<std::string> original_bytes(std::size_t request, std::size_t answer) const {
        const auto bytes = row_.find(kOriginalBytes);
        if (bytes == row_.end() || !bytes->is_array() || request >= bytes->size()) return std::nullopt;
        const ordered_json& answers = (*bytes)[request];
        if (!answers.is_array() || answer >= answers.size() || !answers[answer].is_string()) return std::nullopt;
        auto decoded = base::from_base64(answers[answer].get_ref<const std::string&>());
        if (!decoded) fail(kOriginalBytes, fmt::format("[{}][{}] is not base64", request, answer));
        return decoded;
    }

    const std::string& where_;
    ordered_json row_;
};

}  // namespace

LmEvalSample parse_lm_eval_sample(std::string_view line, const std::string& where) {
    return SampleRow(line, where).sample();
}

void LmEvalSample::name_filter(const std::string& name) {
    filter = name == "none" ? "" : name;
    const bool rolling = std::any_of(metrics.begin(), metrics.end(), is_perplexity);
    const auto put_right = [this](std::string& metric) {
        if (metric.find(',') == std::string::npos) metric = filtered_name(metric, filter);
    };
    if (rolling) return;  // the inputs of perplexities have no filter
    std::for_each(metrics.begin(), metrics.end(), put_right);
    for (store::ScoreRow& score : scores) put_right(score.metric);
}

std::string filtered_name(const std::string& metric, const std::string& filter) {
    return filter.empty() ? metric : metric + "," + filter;
}

bool is_perplexity(std::string_view metric) {
    const suites::KnownMetric* known = suites::find_metric(metric);
    return known != nullptr && known->rule == suites::Rule::Rolling;
}

}  // namespace harness::interchange
