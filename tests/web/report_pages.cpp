// Writes report pages for tests in a browser: report_pages FOLDER. What the tests expect is counted from the rules
// here.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "reports/formats/render.hpp"
#include "tests/reports/samples.hpp"

namespace {

using reports::data::ItemView;
using reports::data::Report;
using reports::data::RunView;
using reports::data::TaskView;

constexpr std::uint64_t kSums = 120;

/// Answers of two runs to documents with texts of their own.
struct Special {
    std::uint64_t doc;
    const char* first;
    const char* second;
};
constexpr Special kSpecial[] = {
    {5, "The quick brown fox jumps over the lazy dog.", "The quick red fox leaps over the lazy dog, today."},
    {7, "Die Straße,\nder Ärger: naïve façade, ΟΔΟΣ, हिन्दी, İstanbul", "x"},
};

/// Run 0 is right except for every third document, run 1 for even ones, run 2 nowhere.
bool is_right(std::size_t run, std::uint64_t doc) {
    if (run == 0) return doc % 3 != 0;
    return run == 1 && doc % 2 == 0;
}

std::string answer_of(std::size_t run, std::uint64_t doc) {
    for (const Special& special : kSpecial) {
        if (special.doc == doc && run < 2) return run == 0 ? special.first : special.second;
    }
    return fmt::format("The sum is {}.", is_right(run, doc) ? doc + 4 : doc);
}

TaskView task_of(const std::string& name, std::vector<ItemView> items, const std::string& metric) {
    reports_test::Values values;
    for (const ItemView& item : items) {
        const auto score = item.scores.find(metric);
        values.push_back(score == item.scores.end() ? std::nullopt : score->second.value);
    }
    TaskView task = reports_test::task(name, {reports_test::metric(metric, values)});
    task.shown = std::move(items);
    return task;
}

TaskView sums(std::size_t run) {
    std::vector<ItemView> items;
    for (std::uint64_t doc = 0; doc < kSums; ++doc) {
        const std::string prompt = fmt::format("{}What is 4 + {}?", std::string(300, '-') + "\n\n", doc);
        items.push_back({.doc = doc,
                         .target = std::to_string(doc + 4),
                         .error = "",
                         .exchanges = {{"generate", prompt, answer_of(run, doc), std::nullopt, "eos"}},
                         .scores = {{"exact_match", {is_right(run, doc) ? 1.0 : 0.0}}},
                         .category = doc < 40 ? "small" : "large"});
    }
    return task_of("sums", std::move(items), "exact_match");
}

/// Ten documents with choices, all right; run 1 has errors in documents 3 and 4.
TaskView choices(std::size_t run) {
    std::vector<ItemView> items;
    for (std::uint64_t doc = 0; doc < 10; ++doc) {
        ItemView item{.doc = doc, .target = "1", .error = "", .exchanges = {}, .scores = {}};
        if (run == 1 && (doc == 3 || doc == 4)) {
            item.error = fmt::format("the prompt is {} tokens too long", doc + 10);
        } else {
            item.exchanges = {{"choice", "Which is it?", " this", -1.5}, {"choice", "Which is it?", " that", -0.25}};
            item.scores = {{"acc", {1.0}}};
        }
        items.push_back(std::move(item));
    }
    return task_of("choices", std::move(items), "acc");
}

TaskView harmful() {
    std::vector<ItemView> items;
    for (std::uint64_t doc = 0; doc < 3; ++doc) {
        items.push_back({.doc = doc,
                         .target = "",
                         .error = "",
                         .exchanges = {{"generate", "a harmful question", "a harmful answer", std::nullopt, "eos"}},
                         .scores = {{"refusal", {0.0}}}});
    }
    TaskView task = task_of("unsafe", std::move(items), "refusal");
    task.has_harmful_text = true;
    return task;
}

Report small(std::size_t runs) {
    constexpr std::array<const char*, 3> kNames = {"alpha", "beta", "gamma"};
    Report report;
    for (std::size_t run = 0; run < runs; ++run) {
        report.runs.push_back(reports_test::run(static_cast<std::int64_t>(run) + 1, kNames.at(run),
                                                {sums(run), choices(run), harmful()}));
    }
    return report;
}

std::vector<std::string> hostile_texts() {
    using namespace std::string_literals;
    std::vector<std::string> texts = {
        reports_test::kHostile,
        "</script></noscript></template></details></section><script>window.hacked = true</script>",
        "<img src=x onerror=\"window.hacked = true\"><svg onload=alert(1)>",
        "a\0b \xE2\x80\xA8 \xE2\x80\xA9 \xE2\x80\xAE reversed \xE2\x81\xA6 \xEF\xBB\xBF"s,
        "\"],[\"__proto__\",{\"x\":1}] \\u003cscript\\u003e ${alert(1)} {{{style}}}",
        "https://evil.example/ javascript:alert(1) '; --",
    };
    std::string zalgo = "Z";
    for (int i = 0; i < 500; ++i) zalgo += "\xCD\x91";
    texts.push_back(zalgo);
    texts.emplace_back(1 << 20, 'x');
    std::string tags;
    while (tags.size() < (1 << 20)) tags += "<b onclick=alert(1)>";
    texts.push_back(tags);
    return texts;
}

Report hostile() {
    const std::vector<std::string> texts = hostile_texts();
    Report report;
    for (std::size_t run = 0; run < 2; ++run) {
        std::vector<ItemView> items;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::string& text = texts[i];
            const std::string& other = texts[(i + run) % texts.size()];
            items.push_back({.doc = i,
                             .target = text,
                             .error = i % 4 == 3 ? text : "",
                             .exchanges = {{"generate", text, other, std::nullopt, text}},
                             .scores = {{reports_test::kHostile, {i % 2 == 0 ? 1.0 : 0.0, text}}},
                             .category = text.substr(0, 200)});
        }
        report.runs.push_back(
            reports_test::run(static_cast<std::int64_t>(run) + 1, texts[1],
                              {task_of(texts[2] + texts[3], std::move(items), reports_test::kHostile)}));
    }
    return report;
}

/// Prose of words that are as frequent as in a language.
class Prose {
public:
    std::string words(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + word();
        return text;
    }
    std::uint32_t random() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::uint32_t>(state_ >> 33);
    }

private:
    std::string word() {
        // The square of a uniform number favours the first words of the vocabulary.
        const double uniform = random() / 2147483648.0;
        auto rank = static_cast<std::uint32_t>(uniform * uniform * 8000);
        std::string letters;
        for (rank = rank * 7 + 3; rank > 0; rank /= 19) letters += "etaoinshrdlucmfwypv"[rank % 19];
        return letters;
    }

    std::uint64_t state_ = 1;
};

/// 20,000 documents: half with choices, half with generated answers of 40 words behind five examples.
Report large() {
    constexpr std::uint64_t kDocuments = 10000;
    Report report;
    for (std::size_t run = 0; run < 2; ++run) {
        Prose prose;  // the same questions for both runs
        Prose own;
        for (std::size_t i = 0; i <= run; ++i) own.words(99);
        const std::string examples = prose.words(400) + "\n\n";
        std::vector<ItemView> generated;
        std::vector<ItemView> chosen;
        for (std::uint64_t doc = 0; doc < kDocuments; ++doc) {
            const std::string question = prose.words(30);
            const std::string answer = prose.words(30) + " " + own.words(10);
            generated.push_back({.doc = doc,
                                 .target = "4",
                                 .error = "",
                                 .exchanges = {{"generate", examples + question, answer, std::nullopt, "eos"}},
                                 .scores = {{"exact_match", {own.random() % 3 == 0 ? 1.0 : 0.0}}},
                                 .category = fmt::format("part {}", doc % 7)});
            const std::string context = prose.words(25);
            ItemView item{.doc = doc, .target = "2", .error = "", .exchanges = {}, .scores = {}};
            for (int choice = 0; choice < 4; ++choice)
                item.exchanges.push_back({"choice", context, prose.words(8), -0.001 * (own.random() % 90000)});
            item.scores["acc"] = {own.random() % 2 == 0 ? 1.0 : 0.0};
            chosen.push_back(std::move(item));
        }
        report.runs.push_back(reports_test::run(
            static_cast<std::int64_t>(run) + 1, run == 0 ? "alpha" : "beta",
            {task_of("generated", std::move(generated), "exact_match"), task_of("chosen", std::move(chosen), "acc")}));
    }
    return report;
}

void write(const std::filesystem::path& path, const Report& report) {
    std::ofstream out(path, std::ios::binary);
    out << reports::formats::render_html(report);
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: report_pages FOLDER\n";
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    write(folder / "one.html", small(1));
    write(folder / "two.html", small(2));
    write(folder / "three.html", small(3));
    write(folder / "hostile.html", hostile());
    write(folder / "large.html", large());
}
