#include <doctest/doctest.h>
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "suites/catalog.hpp"
#include "suites/fetch/data_sets.hpp"
#include "suites/sources.hpp"
#include "tests/suites/helpers.hpp"

using nlohmann::json;
using suites_test::complaint;
using suites_test::Folder;

namespace {

std::vector<suites::SourceFile> all_files() {
    std::vector<suites::SourceFile> files;
    for (const suites::PinnedSource& source : suites::pinned_sources())
        files.insert(files.end(), source.files.begin(), source.files.end());
    return files;
}

/// What is wrong with a file of sources that has this one entry.
std::string wrong_with(const json& changes, const std::string& of = "arc/ARC-Easy") {
    json entry = {{"path", "a.jsonl"}, {"url", "https://h/a"}, {"bytes", 3}, {"sha256", std::string(64, 'a')}};
    entry.update(changes);
    return complaint([&] { suites::parse_sources(json{{of, {entry}}}.dump()); });
}

}  // namespace

TEST_SUITE("suites.sources") {
    TEST_CASE("an address names a commit or belongs to authors who keep no versions") {
        const RE2 commit(
            "https://(raw\\.githubusercontent\\.com/[\\w.-]+/[\\w.-]+|media\\.githubusercontent\\.com/media/[\\w.-]+/"
            "[\\w.-]+|huggingface\\.co/datasets/[\\w.-]+/[\\w.-]+/"
            "resolve)"
            "/[0-9a-f]{40}/[\\w./%-]+");
        std::set<std::string> others;
        REQUIRE(all_files().size() > 200);
        for (const suites::SourceFile& file : all_files()) {
            if (!RE2::FullMatch(file.url, commit)) others.insert(file.path);
        }
        CHECK(others == std::set<std::string>{"hellaswag_train.jsonl", "hellaswag_val.jsonl", "triviaqa-rc.tar.gz",
                                              "val_v0.2.json"});
    }

    TEST_CASE("every pinned data set is one that fetch converts and one file has one place") {
        std::set<std::string> places;
        for (const suites::PinnedSource& source : suites::pinned_sources()) {
            INFO(source.of);
            CHECK(suites::fetch::data_set_of(source.of) != nullptr);
            for (const suites::SourceFile& file : source.files) {
                CHECK(file.data_set == source.of.substr(0, source.of.find('/')));
                CHECK(places.insert(file.data_set + "/" + file.path).second);
            }
        }
    }

    TEST_CASE("a wrong entry is reported when the list is read") {
        CHECK(wrong_with(json::object()) == "");
        CHECK(wrong_with({{"url", "http://h/a"}}).find("not https") != std::string::npos);
        CHECK(wrong_with({{"sha256", std::string(63, 'a')}}).find("not a SHA-256") != std::string::npos);
        CHECK(wrong_with({{"sha256", std::string(64, 'g')}}).find("not a SHA-256") != std::string::npos);
        CHECK(wrong_with({{"path", "../a"}}).find("leaves its folder") != std::string::npos);
        CHECK(wrong_with({{"path", "/a"}}).find("leaves its folder") != std::string::npos);
        CHECK(wrong_with({{"bytes", 0}}).find("0 bytes") != std::string::npos);
        CHECK(wrong_with({{"bytes", "3"}}).find("arc/ARC-Easy") != std::string::npos);
        CHECK(wrong_with(json::object(), "../arc").find("'../arc'") != std::string::npos);
        CHECK_FALSE(complaint([] { suites::parse_sources("[]"); }).empty());
    }

    TEST_CASE("a task needs only its own files") {
        std::set<std::string> paths;
        for (const suites::SourceFile& file : suites::originals_of(suites_test::catalog(), "mmlu_anatomy"))
            paths.insert(file.path);
        CHECK(paths == std::set<std::string>{"dev/anatomy_dev.csv", "test/anatomy_test.csv"});
        // 57 subjects, a file of questions and one of examples each.
        CHECK(suites::originals_of(suites_test::catalog(), "mmlu").size() == 2 * 57);
    }

    TEST_CASE("a task without addresses says that local files are needed") {
        const Folder tasks;
        tasks.write(
            "sources_own.json",
            R"({"name": "sources_own", "version": 1, "profile": "own", "kind": "rolling", "description": "d", "source": "s",
        "licence": "l", "citation": "c", "data": {"test": ["own/test.jsonl"]}, "prompt": "{{page}}", "metrics": ["word_perplexity"]})");
        suites::Catalog catalog = suites_test::catalog();
        catalog.add_folder(tasks.path());
        const std::string message = complaint([&] { suites::originals_of(catalog, "sources_own,arc_easy"); });
        CHECK(message.find("no address is known for the originals of sources_own;") != std::string::npos);
        CHECK(message.find("--from") != std::string::npos);
    }

    TEST_CASE("originals of existing data are not requested") {
        const Folder data;
        const auto paths = [&data] {
            std::set<std::string> found;
            for (const suites::SourceFile& file :
                 suites::originals_of(suites_test::catalog(), "mmlu_anatomy,mmlu_virology", data.path()))
                found.insert(file.path);
            return found;
        };
        CHECK(paths().size() == 4);
        data.write("mmlu/anatomy/test.jsonl", "{}");
        CHECK(paths().size() == 4);  // the examples are not there yet
        data.write("mmlu/anatomy/dev.jsonl.gz", "");
        CHECK(paths() == std::set<std::string>{"dev/virology_dev.csv", "test/virology_test.csv"});
    }

    TEST_CASE("the ratings for BOLD come with its prompts and are optional") {
        std::set<std::string> ratings;
        for (const suites::SourceFile& file : suites::originals_of(suites_test::catalog(), "paper_bold")) {
            if (file.optional) ratings.insert(file.data_set + "/" + file.path);
            CHECK(file.optional == !file.path.starts_with("prompts/"));
        }
        CHECK(ratings == std::set<std::string>{"bold/vaderSentiment/emoji_utf8_lexicon.txt",
                                               "bold/vaderSentiment/vader_lexicon.txt"});
        for (const suites::SourceFile& file : all_files()) CHECK((!file.optional || file.data_set == "bold"));
    }

    TEST_CASE("every built-in task without embedded data has an address for its questions") {
        for (const suites::Task& task : suites_test::catalog().tasks()) {
            const std::string message = complaint([&] { suites::originals_of(suites_test::catalog(), task.name()); });
            INFO(task.name());
            CHECK((message.empty() || message.find("data is in the program") != std::string::npos));
        }
        CHECK(complaint([] { suites::originals_of(suites_test::catalog(), "demo_facts"); }).find("nothing to fetch") !=
              std::string::npos);
    }

    TEST_CASE("the needed members of an archive are listed and inside the folder") {
        for (const suites::SourceFile& file : all_files()) {
            INFO(file.path);
            CHECK(file.members.empty() == !file.path.ends_with(".tar.gz"));
        }
        CHECK(wrong_with({{"members", {"qa/a.json"}}}) == "");
        CHECK(wrong_with({{"optional", true}}) == "");
        CHECK(wrong_with({{"optional", "yes"}}).find("arc/ARC-Easy") != std::string::npos);
        CHECK(wrong_with({{"members", {"../a.json"}}}).find("'../a.json' leaves its folder") != std::string::npos);
        CHECK(wrong_with({{"members", "a.json"}}).find("arc/ARC-Easy") != std::string::npos);
    }

    TEST_CASE(
        "sizes and sums are those of the data folder where it has the file and fetch makes every task from these "
        "files alone") {
        const std::string shared = suites_test::shared_data();
        if (shared.empty()) {
            MESSAGE("skipped: the shared data are not here");
            return;
        }
        // SOURCES.md: | group | file | repository | commit | path | licence | bytes | rows | sha256 | note |
        std::map<std::string, std::string> file_of_sum;
        const std::string table = suites::read_text(shared + "/SOURCES.md");
        re2::StringPiece rest(table);
        std::string file;
        std::string bytes;
        std::string sum;
        const RE2 row(
            R"(\| \w \| ([^|]+) \| [^|]+ \| [0-9a-f]{40} \| [^|]+ \| [^|]* \| (\d+) \| \d* *\| ([0-9a-f]{64}) \|)");
        while (RE2::FindAndConsume(&rest, row, &file, &bytes, &sum))
            file_of_sum[fmt::format("{} {}", sum, bytes)] = file;
        const Folder originals;
        const Folder cache;
        std::set<std::string> elsewhere;
        for (const suites::SourceFile& source : all_files()) {
            const auto known = file_of_sum.find(fmt::format("{} {}", source.sha256, source.bytes));
            INFO(source.url);
            if (known == file_of_sum.end()) {
                elsewhere.insert(source.data_set + "/" + source.path);
                continue;
            }
            const std::string local = shared + "/" + known->second;
            CHECK(std::filesystem::file_size(local) == source.bytes);
            const std::filesystem::path place = originals.path(source.data_set + "/" + source.path);
            std::filesystem::create_directories(place.parent_path());
            std::filesystem::create_symlink(local, place);
        }
        // Files without a copy in the folder.
        CHECK(elsewhere == std::set<std::string>{"bold/vaderSentiment/emoji_utf8_lexicon.txt",
                                                 "bold/vaderSentiment/vader_lexicon.txt",
                                                 "hellaswag/hellaswag_train.jsonl", "hellaswag/hellaswag_val.jsonl",
                                                 "quac/val_v0.2.json", "toxigen/annotated_test.csv",
                                                 "toxigen/annotated_train.csv", "trivia_qa/triviaqa-rc.tar.gz"});
        std::size_t fetched = 0;
        for (const suites::Task& task : suites_test::catalog().tasks()) {
            INFO(task.name());
            std::vector<suites::SourceFile> wanted;
            if (!complaint([&] { wanted = suites::originals_of(suites_test::catalog(), task.name()); }).empty())
                continue;
            if (std::any_of(wanted.begin(), wanted.end(), [&](const suites::SourceFile& source) {
                    return !source.optional && elsewhere.contains(source.data_set + "/" + source.path);
                }))
                continue;
            CHECK(complaint([&] { suites_test::fetch_from(task.name(), originals.path(), cache.path()); }) == "");
            ++fetched;
        }
        CHECK(fetched > 150);
    }
}
