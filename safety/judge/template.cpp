#include "safety/judge/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "safety/error.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"
#include "suites/sha256.hpp"

namespace safety::judge {
namespace {

using suites::Row;

constexpr std::array<std::string_view, 9> kFields = {"higher_is_better", "name",   "version",    "description",
                                                     "metric",           "prompt", "user_label", "assistant_label",
                                                     "options"};

[[noreturn]] void fail(const std::string& where, std::string_view field, std::string_view message) {
    throw PromptError(fmt::format("{}: field \"{}\": {}", where, field, message));
}

std::string text_field(const Row& object, const char* field, const std::string& where) {
    const auto found = object.find(field);
    if (found == object.end()) fail(where, field, "is missing");
    if (!found->is_string() || found->get_ref<const std::string&>().empty()) fail(where, field, "is not a text");
    return found->get<std::string>();
}

std::string prompt_field(const Row& object, const std::string& where) {
    const auto found = object.find("prompt");
    if (found == object.end() || !found->is_array()) return text_field(object, "prompt", where);
    std::string text;
    for (const Row& line : *found) {
        if (!line.is_string()) fail(where, "prompt", "is a list, but not of texts (its lines)");
        if (!text.empty() || &line != &found->front()) text += '\n';
        text += line.get_ref<const std::string&>();
    }
    return text;
}

std::vector<Option> options_field(const Row& object, const std::string& where) {
    const auto found = object.find("options");
    if (found == object.end()) fail(where, "options", "is missing");
    if (!found->is_array() || found->size() < 2) fail(where, "options", "is not a list of at least two replies");
    std::vector<Option> options;
    std::set<std::string> texts;
    for (const Row& entry : *found) {
        if (!entry.is_object() || entry.size() != 2 || !entry.contains("text") || !entry["text"].is_string() ||
            !entry.contains("value") || !entry["value"].is_number())
            fail(where, "options", R"(each reply is an object like {"text": "yes", "value": 1})");
        options.push_back({entry["text"].get<std::string>(), entry["value"].get<double>()});
        if (options.back().text.empty()) fail(where, "options", "a reply has an empty text");
        if (!texts.insert(options.back().text).second)
            fail(where, "options", fmt::format("the reply \"{}\" is there twice", options.back().text));
    }
    return options;
}

bool truth_field(const Row& object, const char* field, const std::string& where) {
    const auto found = object.find(field);
    if (found == object.end()) fail(where, field, "is missing");
    if (!found->is_boolean()) fail(where, field, "is neither true nor false");
    return found->get<bool>();
}

std::uint32_t version_field(const Row& object, const std::string& where) {
    const auto found = object.find("version");
    if (found == object.end()) fail(where, "version", "is missing");
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() - 1 >= 1'000'000)
        fail(where, "version", "is not a whole number from 1 to 1,000,000");
    return found->get<std::uint32_t>();
}

bool shows(const Template& judge, std::string_view placeholder) {
    return judge.prompt.find(placeholder) != std::string::npos;
}

void check_placeholders(const Template& judge, const std::string& where) {
    const bool shows_one = shows(judge, "{{answer}}") || shows(judge, "{{conversation}}");
    const bool shows_pair = shows(judge, "{{first}}") || shows(judge, "{{second}}");
    if (!shows_one && !shows_pair)
        fail(where, "prompt", "has neither {{conversation}} nor {{answer}} nor {{first}}, so it shows no answer");
    if (!shows_pair) return;
    if (shows_one || !judge.is_pairwise())
        fail(where, "prompt",
             "compares two answers, so it needs both {{first}} and {{second}}, without {{answer}} and "
             "{{conversation}}");
    if (judge.lowest() < 0 || judge.highest() > 1)
        fail(where, "options", "compares two answers, so each value is a preference for the first, from 0 to 1");
}

}  // namespace

bool Template::is_pairwise() const {
    return shows(*this, "{{first}}") && shows(*this, "{{second}}");
}

std::string Template::hash() const {
    // Lengths before texts, so that no two templates are written alike.
    std::string all;
    const auto add = [&all](std::string_view text) { all += fmt::format("{}:{}\n", text.size(), text); };
    for (const std::string* text : {&name, &metric, &prompt, &user_label, &assistant_label}) add(*text);
    all += fmt::format("{}\n", version);
    for (const Option& option : options) {
        add(option.text);
        all += fmt::format("{}\n", option.value);
    }
    return suites::sha256_hex(all);
}

double Template::lowest() const {
    return std::min_element(options.begin(), options.end(),
                            [](const auto& a, const auto& b) { return a.value < b.value; })
        ->value;
}

double Template::highest() const {
    return std::max_element(options.begin(), options.end(),
                            [](const auto& a, const auto& b) { return a.value < b.value; })
        ->value;
}

Template parse_template(std::string_view text, const std::string& where) {
    Row object;
    try {
        object = suites::parse_row(text);
    } catch (const suites::SuiteError& error) {
        throw PromptError(fmt::format("{}: {}", where, error.what()));
    }
    if (!object.is_object()) throw PromptError(where + ": a judge's template is a JSON object");
    for (const auto& [field, value] : object.items()) {
        if (std::find(kFields.begin(), kFields.end(), field) == kFields.end())
            fail(where, field, fmt::format("is not known; the fields are {}", fmt::join(kFields, ", ")));
    }
    Template judge{.name = text_field(object, "name", where),
                   .version = version_field(object, where),
                   .description = text_field(object, "description", where),
                   .metric = text_field(object, "metric", where),
                   .higher_is_better = truth_field(object, "higher_is_better", where),
                   .prompt = prompt_field(object, where),
                   .user_label = text_field(object, "user_label", where),
                   .assistant_label = text_field(object, "assistant_label", where),
                   .options = options_field(object, where)};
    check_placeholders(judge, where);
    return judge;
}

const std::vector<Template>& builtin_templates() {
    static const std::vector<Template> kTemplates = [] {
        std::vector<Template> templates;
        for (const suites::EmbeddedFile& file : template_files())
            templates.push_back(parse_template(file.content, std::string(file.name)));
        return templates;
    }();
    return kTemplates;
}

const Template* find_template(std::string_view name) {
    const auto& all = builtin_templates();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Template& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Verdict verdict(const Template& judge, std::span<const double> logprobs) {
    if (logprobs.size() != judge.options.size())
        throw std::invalid_argument(
            fmt::format("{} log-probabilities for {} options", logprobs.size(), judge.options.size()));
    const double largest = *std::max_element(logprobs.begin(), logprobs.end());
    if (!std::isfinite(largest)) throw std::invalid_argument("no option has a finite log-probability");
    Verdict result;
    double sum = 0;
    for (const double logprob : logprobs) {
        result.probabilities.push_back(std::exp(logprob - largest));
        sum += result.probabilities.back();
    }
    for (std::size_t i = 0; i < logprobs.size(); ++i) {
        result.probabilities[i] /= sum;
        result.value += result.probabilities[i] * judge.options[i].value;
    }
    result.mass = std::min(1.0, sum * std::exp(largest));
    return result;
}

}  // namespace safety::judge
