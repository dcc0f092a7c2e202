#include "harness/study/definition.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/store/error.hpp"
#include "harness/study/json_reader.hpp"
#include "suites/error.hpp"
#include "suites/row.hpp"

namespace harness::study {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxText = 1 << 20;
constexpr std::size_t kMaxRuns = 20;  // 190 pairs of variants
constexpr std::size_t kMaxTasks = 1000;
constexpr std::size_t kMaxChecks = 1000;
constexpr std::uint64_t kMaxCount = 1'000'000;
/// Seeds are kept in JSON, which other programs read as doubles: all digits survive up to here.
constexpr std::uint64_t kMaxSeed = (std::uint64_t{1} << 53) - 1;

const std::set<std::string> kFields = {
    "study",           "name",       "protocol",           "question",      "runs",
    "tasks",           "prompts",    "answers_per_prompt", "stratify",      "seed",
    "raters_per_item", "scrub",      "lease_minutes",      "session_items", "break_minutes",
    "items_per_rater", "assignment", "check_every",        "gold",          "attention",
    "practice"};

/// Words for right answers, on the first answer's side.
std::map<std::string, store::RightAnswer> right_words(Protocol protocol) {
    switch (protocol) {
        case Protocol::Pairwise: return {{"first", {1, 3}}, {"same", {4, 4}}, {"second", {5, 7}}};
        case Protocol::Safety: return {{"violation", {1, 2}}, {"no_violation", {3, 5}}};
        case Protocol::Preference: break;
    }
    return {{"first", {1, 4}}, {"second", {5, 8}}};
}

ordered_json turns_list(const std::vector<Turn>& turns) {
    ordered_json list = ordered_json::array();
    for (const Turn& turn : turns) list.push_back({{"role", turn.role}, {"content", turn.content}});
    return list;
}

bool is_control(char one) {
    return static_cast<unsigned char>(one) < 0x20 || one == 0x7F;
}

class CheckReader {
public:
    CheckReader(Protocol protocol, Mistakes& mistakes) : protocol_(protocol), mistakes_(mistakes) {}

    CheckItem read(const json& value, const std::string& place) const {
        if (!value.is_object()) {
            mistakes_.add(place, "expected an object, found " + kind_of(value));
            return {};
        }
        const ObjectReader fields(value, place + ".", mistakes_);
        fields.only({"turns", "prompt", "answers", "right", "feedback"});
        return {.turns = turns(fields),
                .answers = answers(fields),
                .right = right(fields, value),
                .feedback = fields.text("feedback", kMaxText)};
    }

private:
    std::vector<Turn> turns(const ObjectReader& fields) const {
        if (fields.has("turns") == fields.has("prompt")) {
            fields.mistake("prompt", fields.has("turns") ? "is there beside \"turns\"; one of them is enough"
                                                         : "is missing; write it, or \"turns\"");
            return {};
        }
        if (fields.has("prompt")) return {{"user", fields.required_text("prompt", kMaxText)}};
        std::vector<Turn> turns;
        for (const json& value : fields.list("turns", 1000)) {
            const std::string place = fmt::format("{}turns[{}]", fields.place(), turns.size());
            if (!value.is_object()) {
                mistakes_.add(place, "expected an object with \"role\" and \"content\", found " + kind_of(value));
                return {};
            }
            const ObjectReader turn(value, place + ".", mistakes_);
            turn.only({"role", "content"});
            if (!turn.has("role")) turn.mistake("role", "is missing");
            turns.push_back({turn.one_of("role", {"system", "user", "assistant"}, "user"),
                             turn.required_text("content", kMaxText)});
        }
        if (turns.empty() || turns.back().role != "user") fields.mistake("turns", "must end with a turn of the user");
        return turns;
    }

    std::vector<std::string> answers(const ObjectReader& fields) const {
        std::vector<std::string> texts;
        for (const json& value : fields.list("answers", 2)) {
            if (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxText) {
                fields.mistake(fmt::format("answers[{}]", texts.size()),
                               fmt::format("expected a string of at most {} bytes", kMaxText));
            }
            texts.push_back(value.is_string() ? value.get<std::string>() : "");
        }
        const std::size_t wanted = scale_of(protocol_).answers;
        if (texts.size() != wanted) {
            fields.mistake("answers", fmt::format("expected a list of {} for a {} study, found {}", wanted,
                                                  to_string(protocol_), texts.size()));
        }
        return texts;
    }

    store::RightAnswer right(const ObjectReader& fields, const json& object) const {
        const auto words = right_words(protocol_);
        const auto points = static_cast<std::int64_t>(scale_of(protocol_).points.size());
        const json value = object.contains("right") ? object["right"] : json();
        if (value.is_string() && words.contains(value.get<std::string>())) return words.at(value.get<std::string>());
        const bool is_pair =
            value.is_array() && value.size() == 2 && value[0].is_number_integer() && value[1].is_number_integer();
        const store::RightAnswer found = is_pair ? store::RightAnswer{value[0], value[1]} : store::RightAnswer{};
        if (found.low >= 1 && found.low <= found.high && found.high <= points) return found;
        std::string known;
        for (const auto& [word, range] : words) known += (known.empty() ? "\"" : ", \"") + word + "\"";
        fields.mistake("right", fmt::format("expected [lowest, highest] right answer within 1 to {}, or one of {}",
                                            points, known));
        return {};
    }

    Protocol protocol_;
    Mistakes& mistakes_;
};

std::vector<CheckItem> checks(const ObjectReader& fields, const std::string& field, const CheckReader& reader) {
    std::vector<CheckItem> items;
    for (const json& value : fields.list(field, kMaxChecks))
        items.push_back(reader.read(value, fmt::format("{}[{}]", field, items.size())));
    return items;
}

Protocol read_protocol(const ObjectReader& fields) {
    if (!fields.has("protocol")) fields.mistake("protocol", "is missing; known: pairwise, safety, preference");
    return protocol_from(fields.one_of("protocol", {"pairwise", "safety", "preference"}, "pairwise")).value();
}

void read_counts(const ObjectReader& fields, Definition& study) {
    const auto whole = [&fields](const char* field, std::uint64_t otherwise, std::uint64_t min, std::uint64_t max) {
        return fields.whole(field, {otherwise, min, max});
    };
    const auto small = [&](const char* field, std::uint32_t otherwise, std::uint32_t min, std::uint32_t max) {
        return static_cast<std::uint32_t>(whole(field, otherwise, min, max));
    };
    study.prompts = whole("prompts", study.prompts, 0, kMaxCount);
    study.answers_per_prompt = whole("answers_per_prompt", study.answers_per_prompt, 1, 1000);
    study.seed = whole("seed", study.seed, 0, kMaxSeed);
    study.raters_per_item = small("raters_per_item", study.raters_per_item, 1, 100);
    study.lease_minutes = small("lease_minutes", study.lease_minutes, 1, 24 * 60);
    study.session_items = small("session_items", study.session_items, 0, 10'000);
    study.break_minutes = small("break_minutes", study.break_minutes, 1, 24 * 60);
    study.items_per_rater = whole("items_per_rater", study.items_per_rater, 0, kMaxCount);
    study.check_every = small("check_every", study.check_every, 2, 1000);
}

/// What no single field can tell.
void check_together(const ObjectReader& fields, const Definition& study) {
    if (study.name.find_first_not_of(' ') == std::string::npos && !study.name.empty())
        fields.mistake("name", "has only spaces");
    for (const char one : study.name) {
        if (is_control(one)) {
            fields.mistake("name", "has a control character");
            break;
        }
    }
    const bool compares = scale_of(study.protocol).answers == 2;
    if (fields.has("runs") && study.runs.size() < (compares ? 2U : 1U)) {
        fields.mistake("runs", fmt::format("a {} study needs at least {}", to_string(study.protocol),
                                           compares ? "two runs, whose answers are compared" : "one run"));
    }
    if (study.assignment == Assignment::Adaptive && study.protocol != Protocol::Pairwise)
        fields.mistake("assignment", "\"adaptive\" is for pairwise studies only");
}

ordered_json checks_json(const std::vector<CheckItem>& checks) {
    ordered_json list = ordered_json::array();
    for (const CheckItem& check : checks) {
        list.push_back({{"turns", turns_list(check.turns)},
                        {"answers", check.answers},
                        {"right", {check.right.low, check.right.high}},
                        {"feedback", check.feedback}});
    }
    return list;
}

}  // namespace

Definition parse_definition(std::string_view text, const std::string& path) {
    const json file = base::parse_json(text, path, {.max_depth = 20, .duplicates = base::DuplicateKeys::Refused});
    Mistakes mistakes;
    if (!file.is_object()) {
        mistakes.add("", "expected an object with the fields of a study, found " + kind_of(file));
        mistakes.report(path);
    }
    const ObjectReader fields(file, "", mistakes);
    fields.only(kFields);
    if (fields.whole("study", {0, kVersion, kVersion}) == 0 && !fields.has("study"))
        fields.mistake("study", "is missing: the version of this format, 1");
    Definition study;
    study.name = fields.required_text("name", kMaxName);
    study.protocol = read_protocol(fields);
    study.question = fields.text("question", 2000);
    if (!fields.has("runs")) fields.mistake("runs", "is missing: the runs whose answers are rated");
    study.runs = fields.words("runs", kMaxRuns);
    study.tasks = fields.words("tasks", kMaxTasks);
    if (fields.has("stratify")) study.stratify = fields.required_text("stratify", kMaxName);
    read_counts(fields, study);
    study.scrub = fields.flag("scrub");
    study.assignment = fields.one_of("assignment", {"plain", "adaptive"}, "plain") == "plain" ? Assignment::Plain
                                                                                              : Assignment::Adaptive;
    const CheckReader reader(study.protocol, mistakes);
    study.gold = checks(fields, "gold", reader);
    study.attention = checks(fields, "attention", reader);
    study.practice = checks(fields, "practice", reader);
    check_together(fields, study);
    mistakes.report(path);
    return study;
}

std::string definition_text(const Definition& study) {
    const ordered_json file = {
        {"study", kVersion},
        {"name", study.name},
        {"protocol", to_string(study.protocol)},
        {"question", study.question.empty() ? scale_of(study.protocol).question : std::string_view(study.question)},
        {"runs", study.runs},
        {"tasks", study.tasks},
        {"prompts", study.prompts},
        {"answers_per_prompt", study.answers_per_prompt},
        {"stratify", study.stratify},
        {"seed", study.seed},
        {"raters_per_item", study.raters_per_item},
        {"scrub", study.scrub},
        {"lease_minutes", study.lease_minutes},
        {"session_items", study.session_items},
        {"break_minutes", study.break_minutes},
        {"items_per_rater", study.items_per_rater},
        {"assignment", study.assignment == Assignment::Plain ? "plain" : "adaptive"},
        {"check_every", study.check_every},
        {"gold", checks_json(study.gold)},
        {"attention", checks_json(study.attention)},
        {"practice", checks_json(study.practice)},
    };
    return file.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::vector<CheckItem> parse_checks(std::string_view text, const std::string& path, Protocol protocol) {
    std::vector<suites::Row> rows;
    try {
        rows = suites::parse_data_file(text, path);
    } catch (const suites::SuiteError& error) {
        throw base::UsageError(error.what());
    }
    Mistakes mistakes;
    const CheckReader reader(protocol, mistakes);
    std::vector<CheckItem> items;
    items.reserve(rows.size());
    for (const suites::Row& row : rows)
        items.push_back(reader.read(json(row), fmt::format("row {}", items.size() + 1)));
    if (rows.empty()) mistakes.add("", "has no items");
    if (rows.size() > kMaxChecks) mistakes.add("", fmt::format("has {} items; at most {}", rows.size(), kMaxChecks));
    mistakes.report(path);
    return items;
}

std::string turns_to_json(const std::vector<Turn>& turns) {
    return turns_list(turns).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<Turn> turns_from_json(const std::string& turns_json) {
    const json list = base::json_or_null(turns_json);
    std::vector<Turn> turns;
    bool is_good = list.is_array() && !list.empty();
    for (const json& turn : list) {
        is_good = is_good && turn.is_object() && turn.contains("role") && turn["role"].is_string() &&
                  turn.contains("content") && turn["content"].is_string();
        if (!is_good) break;
        turns.push_back({turn["role"].get<std::string>(), turn["content"].get<std::string>()});
    }
    if (!is_good) throw store::StoreError("an item of a study has no list of turns; the file is damaged");
    return turns;
}

}  // namespace harness::study
