#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace suites_test {

using nlohmann::json;

/// A correct task of each kind, to be broken in one place.
inline const std::map<std::string, json> kRight = {
    {"choice",
     json::parse(
         R"({"name": "mine", "version": 1, "profile": "own", "kind": "choice", "description": "d", "source": "s", "licence": "l",
        "citation": "c", "data": {"test": ["mine/test.jsonl"], "shots": ["mine/train.jsonl"]}, "fewshot": 2, "prompt": "Q: {{question}}\nA:",
        "choices": ["yes", "no"], "gold": "answer", "metrics": ["acc", "acc_norm"]})")},
    {"generate",
     json::parse(
         R"x({"name": "mine", "version": 1, "profile": "own", "kind": "generate", "description": "d", "source": "s", "licence": "l",
        "citation": "c", "data": {"test": ["mine/test.jsonl"]}, "prompt": "{{question}}", "answer": "{{answer}}", "until": ["\n"],
        "filters": [{"name": "number", "pattern": "([0-9]+)", "take": "last"}], "metrics": ["exact_match,number"]})x")},
    {"rolling",
     json::parse(
         R"({"name": "mine", "version": 1, "profile": "own", "kind": "rolling", "description": "d", "source": "s", "licence": "l",
        "citation": "c", "data": {"test": ["mine/test.jsonl"]}, "prompt": "{{page}}", "metrics": ["word_perplexity"]})")},
    {"family",
     json::parse(
         R"({"extends": "mmlu", "name": "mine_{{subtask}}", "profile": "own", "subtasks": ["anatomy", {"subtask": "law"}]})")},
    {"group", json::parse(R"({"group": "my-group", "profile": "own", "description": "d", "weighting": "members",
        "members": ["arc_easy", {"task": "gsm8k", "fewshot": 8}]})")},
};

}  // namespace suites_test
