#include "harness/results/categories.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/json.hpp"
#include "harness/store/document_reader.hpp"

namespace harness::results {
namespace {

std::string category_field(std::string_view document_json) {
    const nlohmann::json document = base::json_or_null(document_json);
    for (const char* name : {"category", "subject"}) {
        if (!base::text_member(document, name).empty()) return name;
    }
    return "";
}

/// Numbers categories in the order in which they appear.
class Categorised {
public:
    void add(std::string_view document_json) {
        if (is_first_) field_ = category_field(document_json);
        is_first_ = false;
        if (field_.empty()) return;
        const std::string category = base::text_member(base::json_or_null(document_json), field_);
        if (category.empty()) {
            categories_.of_item.push_back(kNone);
            return;
        }
        const auto [place, is_new] = known_.emplace(category, static_cast<std::uint32_t>(known_.size()));
        if (is_new) categories_.names.push_back(category);
        categories_.of_item.push_back(place->second);
    }

    reports::data::Categories categories() { return std::move(categories_); }

private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};  // above every index
    bool is_first_ = true;
    std::string field_;
    std::map<std::string, std::uint32_t> known_;
    reports::data::Categories categories_;
};

}  // namespace

reports::data::Categories categories_of(const std::vector<store::DocumentRow>& rows) {
    Categorised categorised;
    for (const store::DocumentRow& row : rows) categorised.add(row.document_json);
    return categorised.categories();
}

reports::data::Categories categories_of(const store::RunStore& runs, std::int64_t run_task) {
    // The first document tells whether there are any.
    if (categories_of(runs.documents(run_task, 1)).names.empty()) return {};
    Categorised categorised;
    store::DocumentReader(runs.database()).read(run_task, [&categorised](const store::DocumentView& item) {
        categorised.add(item.document_json);
    });
    return categorised.categories();
}

}  // namespace harness::results
