#include "reports/formats/packed_items.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "reports/formats/base64.hpp"
#include "reports/formats/item_browser.hpp"
#include "reports/formats/short_text.hpp"
#include "tests/reports/page_markup.hpp"
#include "tests/reports/samples.hpp"

using namespace reports::data;
using namespace reports::formats;
using namespace reports::sections;
using namespace reports_test;
using nlohmann::json;

namespace {

std::string unpacked(const std::string& packed) {
    std::string bytes(packed.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(packed.data()), static_cast<int>(packed.size()));
    REQUIRE(size >= 0);
    std::string text(4'000'000, '\0');
    uLongf length = text.size();
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    REQUIRE(uncompress(reinterpret_cast<Bytef*>(text.data()), &length, data, static_cast<uLong>(size)) == Z_OK);
    text.resize(length);
    return text;
}

ItemView generated(std::uint64_t doc, const std::string& prompt, const std::string& answer, double score) {
    return {.doc = doc,
            .target = "4",
            .error = "",
            .exchanges = {{"generate", prompt, answer, std::nullopt, "eos"}},
            .scores = {{"acc", {score}}}};
}

/// A run with a task of these items, the scores as given.
RunView run_with(std::int64_t id, const std::string& scores, const std::vector<ItemView>& items) {
    TaskView view = task("sums", {metric("acc", marks(scores))});
    view.shown = items;
    return run(id, "a", {view});
}

/// Text that does not compress well.
std::string noise(std::size_t length, std::uint32_t seed) {
    std::string text;
    while (text.size() < length) {
        seed = seed * 1664525 + 1013904223;
        text += static_cast<char>('a' + (seed >> 24) % 26);
    }
    return text;
}

/// Two runs of documents with long answers, of which every tenth differs in its score.
std::vector<RunView> noisy_runs(std::size_t documents, std::size_t length) {
    std::vector<RunView> runs;
    for (std::int64_t id = 1; id <= 2; ++id) {
        std::vector<ItemView> items;
        std::string scores;
        for (std::size_t doc = 0; doc < documents; ++doc) {
            const bool right = id == 1 || doc % 10 != 0;
            const auto seed = static_cast<std::uint32_t>(doc * 2 + static_cast<std::size_t>(id));
            items.push_back(generated(doc, "Question " + std::to_string(doc), noise(length, seed), right ? 1 : 0));
            scores += right ? '1' : '0';
        }
        runs.push_back(run_with(id, scores, items));
    }
    return runs;
}

std::size_t packed_bytes(const PackedItems& items) {
    std::size_t bytes = 0;
    for (const std::string& part : items.parts) bytes += part.size();
    return bytes;
}

}  // namespace

TEST_SUITE("reports.packed items") {
    TEST_CASE("packed text is the text in zlib and base64") {
        const std::string text = "Ünicode </script> " + std::string(1000, 'x');
        CHECK(unpacked(packed_text(text)) == text);
        CHECK(packed_text(text).find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == std::string::npos);
        CHECK(base64("Man") == "TWFu");  // RFC 4648, section 10 and around
        CHECK(base64("foob") == "Zm9vYg==");
        CHECK(base64("") == "");
    }

    TEST_CASE("long texts are shortened between characters") {
        CHECK(short_text("abcdef", 0, Keep::Beginning).kept == "abcdef");
        CHECK(short_text("abcdef", 6, Keep::Beginning).left_out == 0);
        CHECK(short_text("abcdef", 4, Keep::Beginning).kept == "abcd");
        CHECK(short_text("abcdef", 4, Keep::End).kept == "cdef");
        CHECK(short_text("abcdef", 4, Keep::End).left_out == 2);
        CHECK(short_text("aäb", 2, Keep::Beginning).kept == "a");
        CHECK(short_text("aäb", 2, Keep::End).kept == "b");
        CHECK(short_text("a\xF0\x9F\x98\x80", 4, Keep::Beginning).kept == "a");
        CHECK(short_text("\xF0\x9F\x98\x80z", 4, Keep::End).kept == "z");
        CHECK(left_out_text(1234567) == "1,234,567 bytes left out");
        CHECK(grouped(999) == "999");
        CHECK(grouped(1000) == "1,000");
    }

    TEST_CASE("the index has verdicts and problems of all documents") {
        TaskView first = task("sums", {metric("acc", marks("10"))});
        first.shown = {generated(0, "one", "4", 1), generated(1, "two", "5", 0)};
        first.shown[1].category = "hard";
        TaskView second = task("sums", {metric("acc", {1.0, std::nullopt, 0.5})});
        second.shown = {generated(0, "one", "4", 1), generated(1, "two", "", 0), generated(2, "three", "x", 0.5)};
        second.shown[1].error = "no memory for 12 tokens";
        const std::vector<RunView> runs = {run(1, "a", {first}), run(2, "b", {second})};
        const json index = json::parse(item_json(browsed_tasks(runs), runs, {}).index);
        CHECK(index["runs"][1] == json{{"name", "b (run 2)"}, {"id", 2}, {"look", 1}});
        CHECK(index["tasks"][0]["name"] == "sums");
        CHECK(index["tasks"][0]["count"] == 3);
        CHECK(index["tasks"][0]["runs"] == json::array({0, 1}));
        CHECK(index["categories"] == json::array({"", "hard"}));
        CHECK(index["problems"] == json::array({"error: no memory for N tokens"}));
        CHECK(index["parts"] == json::array({0}));
        CHECK(index["documents"].dump() == R"([[0,0,0,["c","c"],[]],[1,0,1,["w","e"],[0]],[2,1,0,["m",0.5],[]]])");
    }

    TEST_CASE("a score that is not finite is no score") {
        const double infinite = std::numeric_limits<double>::infinity();
        const std::vector<RunView> runs = {run_with(1, "1", {generated(0, "one", "4", infinite)})};
        const json index = json::parse(item_json(browsed_tasks(runs), runs, {}).index);
        CHECK(index["documents"][0][3] == json::array({"u"}));
    }

    TEST_CASE("parts have every text of a document") {
        const std::vector<RunView> runs = {
            run_with(1, "1", {generated(0, "What?", "this", 1)}),
            run_with(2, "0", {generated(0, "What?", "that\xE2\x80\xAE", 0)}),
        };
        const ItemJson items = item_json(browsed_tasks(runs), runs, {});
        REQUIRE(items.parts.size() == 1);
        CHECK(json::parse(items.parts[0]) == json::parse(R"([["What?", "4", [
            [null, "", [[0, "this", "", "ended by itself", "", null]], [["acc", "1", ""]]],
            [null, "", [[0, "that\\u{202E}", "", "ended by itself", "", null]], [["acc", "0", ""]]]]]])"));
        CHECK(items.shortened == 0);
    }

    TEST_CASE("what all prompts of a task begin with is there once") {
        const std::string examples = noise(500, 1) + "\n\n";
        const std::vector<RunView> runs = {
            run_with(1, "11", {generated(0, examples + "One?", "", 1), generated(1, examples + "Two?", "", 1)})};
        const std::vector<BrowsedTask> tasks = browsed_tasks(runs);
        CHECK(shared_beginning(tasks[0]) == examples);
        const ItemJson items = item_json(tasks, runs, {});
        CHECK(json::parse(items.index)["tasks"][0]["beginning"] == examples);
        CHECK(json::parse(items.parts[0])[1][0] == "Two?");
        CHECK(text_bytes(tasks, {}) == 8);
    }

    TEST_CASE("a beginning that ends within a line or is short is not taken off") {
        const std::string line = noise(500, 1);
        const auto of = [](const std::string& first, const std::string& second) {
            const std::vector<RunView> runs = {
                run_with(1, "11", {generated(0, first, "", 1), generated(1, second, "", 1)})};
            return std::string(shared_beginning(browsed_tasks(runs)[0]));
        };
        CHECK(of(line + "a", line + "b") == "");
        CHECK(of("short\n\na", "short\n\nb") == "");
        CHECK(of(line + "\n\n", line + "\n\n") == line + "\n\n");
    }

    TEST_CASE("tasks of one name have different links") {
        TaskView other = task("sums", {metric("acc", marks("1"))});
        other.profile = "paper";
        other.shown = {generated(0, "p", "a", 1)};
        RunView both = run_with(1, "1", {generated(0, "p", "a", 1)});
        both.tasks.push_back(other);
        const json index = json::parse(item_json(browsed_tasks({both}), {both}, {}).index);
        CHECK(index["tasks"][0]["slug"] == "sums");
        CHECK(index["tasks"][1]["slug"] == "sums~2");
    }

    TEST_CASE("items that fit are packed whole") {
        const std::vector<RunView> runs = noisy_runs(50, 2000);
        const PackedItems items = packed_items(browsed_tasks(runs), runs, 1'000'000);
        CHECK(items.left_out == 0);
        CHECK(items.shortened == 0);
        const json documents = json::parse(unpacked(items.parts.at(1)));
        CHECK(documents.size() == 50);
        CHECK(documents[7][2][1][2][0][1] == runs[1].tasks[0].shown[7].exchanges[0].answer);
    }

    TEST_CASE("texts of documents on which runs agree are shortened first") {
        const std::vector<RunView> runs = noisy_runs(50, 10000);
        const PackedItems items = packed_items(browsed_tasks(runs), runs, 300'000);
        CHECK(packed_bytes(items) <= 300'000);
        CHECK(items.left_out == 0);
        CHECK(items.limits.other < items.limits.differing);
        CHECK(items.shortened == 90);
        const json documents = json::parse(unpacked(items.parts.at(1)));
        CHECK(documents[10][2][0][2][0][1].get<std::string>().size() == 10000);
        const json agreed = documents[11][2][0][2][0][1];
        CHECK(agreed[0].get<std::string>().size() == items.limits.other);
        CHECK(agreed[1] == 10000 - items.limits.other);
    }

    TEST_CASE("where shortening is not enough documents are left out that interest least") {
        const std::vector<RunView> runs = noisy_runs(400, 3000);
        const PackedItems items = packed_items(browsed_tasks(runs), runs, 100'000);
        CHECK(packed_bytes(items) <= 100'000);
        CHECK(packed_bytes(items) > 80'000);
        REQUIRE(items.tasks.size() == 1);
        CHECK(items.left_out == 400 - items.tasks[0].documents.size());
        std::size_t differing = 0;
        for (const BrowsedDocument& document : items.tasks[0].documents) differing += document.differs() ? 1 : 0;
        CHECK(differing == 40);
    }

    TEST_CASE("the section says what it left out and stays within its room") {
        std::vector<RunView> runs = noisy_runs(400, 3000);
        for (RunView& view : runs) view.tasks[0].items = 9000;
        const std::string section = item_browser(runs, 200'000);
        CHECK(section.size() < 210'000);
        CHECK(section.find(" of 9,000 items are in this page: first those on which the runs differ, then errors,") !=
              std::string::npos);
        CHECK(section.find("Texts longer than 600 bytes are shortened") != std::string::npos);
        CHECK(section.find("bellwether show RUN --item N --task NAME prints any item whole.") != std::string::npos);
        CHECK(item_browser(noisy_runs(5, 10), 200'000).find("left out") == std::string::npos);
    }

    TEST_CASE("the plain list has the documents on which runs differ and says what it lacks") {
        const std::string section = item_browser(noisy_runs(400, 3000), 400'000);
        const std::string list = between(section, "<noscript>", "</noscript>");
        CHECK(list.size() < 25'000);
        CHECK(count_of(list, "<details class=\"document\">") >= 3);
        CHECK(list.find(">Question 0</div>") != std::string::npos);
        CHECK(list.find(">Question 10</div>") != std::string::npos);
        CHECK(list.find(">Question 1</div>") == std::string::npos);
        CHECK(list.find(" of them are listed here; with scripts this page shows all.") != std::string::npos);
    }
}
