#include "harness/run/merge_missing.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/run/shard.hpp"

namespace harness::run {
namespace {

using nlohmann::json;

/// Above this, absent documents are not listed one by one: the number of planned items may be forged.
constexpr std::uint64_t kMaxAbsent = 1'000'000;

/// The first few entries of a list that may be long.
class ShortList {
public:
    explicit ShortList(const char* between) : between_(between) {}

    void add(const std::string& entry) {
        if (count_++ < kShown) text_ += (text_.empty() ? "" : between_) + entry;
    }
    bool empty() const { return count_ == 0; }
    std::string text() const { return text_ + (count_ > kShown ? fmt::format(" and {} more", count_ - kShown) : ""); }

private:
    static constexpr std::size_t kShown = 5;
    const char* between_;
    std::string text_;
    std::size_t count_ = 0;
};

/// Missing document numbers from 0 to planned_items - 1. Empty if the documents are not chosen that way.
std::vector<std::uint64_t> absent(const store::RunTaskRow& task, const std::vector<std::uint64_t>& there) {
    std::vector<std::uint64_t> docs;
    if (task.selection != "leading" || task.planned_items - there.size() > kMaxAbsent) return docs;
    auto next = there.begin();
    for (std::uint64_t doc = 0; doc < task.planned_items; ++doc) {
        if (next != there.end() && *next == doc) {
            ++next;
        } else {
            docs.push_back(doc);
        }
    }
    return docs;
}

/// Each shard count is described separately: shards of different counts may overlap.
std::string shards_text(const std::vector<store::ShardRow>& known, const std::set<std::uint64_t>& absent_docs) {
    std::map<std::uint64_t, std::set<std::uint64_t>> parts_of;
    for (const store::ShardRow& shard : known) {
        if (shard.parts <= Shard::kMaxCount) parts_of[shard.parts].insert(shard.part);
    }
    ShortList never_begun(", ");
    ShortList unfinished(", ");
    for (const auto& [count, parts] : parts_of) {
        for (std::uint64_t part = 1; part <= count; ++part) {
            if (!parts.contains(part)) never_begun.add(fmt::format("{}/{}", part, count));
        }
        std::set<std::uint64_t> lacking;
        for (const std::uint64_t doc : absent_docs) lacking.insert(doc % count + 1);
        for (const std::uint64_t part : parts) {
            if (lacking.contains(part)) unfinished.add(fmt::format("{}/{}", part, count));
        }
    }
    std::string text;
    if (!never_begun.empty()) text += ": no database has shard " + never_begun.text();
    if (!unfinished.empty()) text += (text.empty() ? ": " : "; ") + ("unfinished shard " + unfinished.text());
    return text;
}

}  // namespace

std::string missing_text(const store::RunStore& runs, std::int64_t run) {
    ShortList tasks("; ");
    std::set<std::uint64_t> all_absent;
    for (const store::RunTaskRow& task : runs.tasks(run)) {
        const std::vector<std::uint64_t> there = runs.finished_docs(task.id);
        if (there.size() >= task.planned_items) continue;
        ShortList listed(", ");
        for (const std::uint64_t doc : absent(task, there)) {
            listed.add(std::to_string(doc));
            all_absent.insert(doc);
        }
        tasks.add(fmt::format("{} has {} of {}{}", task.task, there.size(), task.planned_items,
                              listed.empty() ? "" : ", not " + listed.text()));
    }
    return fmt::format("({}){}", tasks.text(), shards_text(runs.shards(run), all_absent));
}

std::string plan_difference(const store::RunRow& first, const store::RunRow& second) {
    const json one = base::json_or_null(first.plan_json);
    const json other = base::json_or_null(second.plan_json);
    if (!one.is_object() || !other.is_object()) return "it cannot be read";
    std::string text;
    for (const auto& [key, value] : one.items()) {
        const json there = other.value(key, json());
        if (there == value) continue;
        text += text.empty() ? "" : ", ";
        text += key == "tasks" ? "the tasks, their data, --limit or --fewshot"
                               : fmt::format("{} {} and {}", key, base::json_text(value), base::json_text(there));
    }
    return text;
}

}  // namespace harness::run
