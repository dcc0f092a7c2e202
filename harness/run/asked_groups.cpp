#include "harness/run/asked_groups.hpp"

#include <algorithm>
#include <string>

#include "suites/text.hpp"

namespace harness::run {
namespace {

class GroupRows {
public:
    explicit GroupRows(const suites::Catalog& catalog) : catalog_(catalog) {}

    void add(const std::string& name, const std::string& metric) {
        if (catalog_.find(name) != nullptr || has(name)) return;  // a task, or already added
        const auto group = catalog_.groups().find(name);
        store::GroupRow row{.name = name, .profile = "", .weighting = "documents", .members = {}};
        if (group == catalog_.groups().end()) {
            for (const suites::Task& task : catalog_.select(name)) row.members.push_back({task.name(), metric});
            rows_.push_back(std::move(row));
            return;
        }
        row.profile = group->second.profile;
        row.weighting = std::string(suites::to_string(group->second.weighting));
        for (const suites::GroupMember& member : group->second.members)
            row.members.push_back({member.name, member.metric});
        rows_.push_back(std::move(row));
        for (const suites::GroupMember& member : group->second.members) add(member.name, member.metric);
    }

    std::vector<store::GroupRow> take() { return std::move(rows_); }

private:
    bool has(const std::string& name) const {
        return std::any_of(rows_.begin(), rows_.end(),
                           [&name](const store::GroupRow& row) { return row.name == name; });
    }

    const suites::Catalog& catalog_;
    std::vector<store::GroupRow> rows_;
};

}  // namespace

std::vector<store::GroupRow> asked_groups(const suites::Catalog& catalog, std::string_view comma_list) {
    GroupRows rows(catalog);
    for (const std::string& name : suites::split_at_commas(comma_list)) {
        if (catalog.groups().contains(name)) rows.add(name, "");
    }
    return rows.take();
}

}  // namespace harness::run
