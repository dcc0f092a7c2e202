#include "harness/results/categories.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/json.hpp"

namespace harness::results {
namespace {

std::string category_field(const store::DocumentRow& row) {
    const nlohmann::json document = base::json_or_null(row.document_json);
    for (const char* name : {"category", "subject"}) {
        if (!base::text_member(document, name).empty()) return name;
    }
    return "";
}

}  // namespace

reports::data::Categories categories_of(const std::vector<store::DocumentRow>& rows) {
    reports::data::Categories categories;
    const std::string field = rows.empty() ? "" : category_field(rows.front());
    if (field.empty()) return categories;
    constexpr std::uint32_t kNone = ~std::uint32_t{0};  // above every index
    std::map<std::string, std::uint32_t> known;
    for (const store::DocumentRow& row : rows) {
        const std::string category = base::text_member(base::json_or_null(row.document_json), field);
        if (category.empty()) {
            categories.of_item.push_back(kNone);
            continue;
        }
        const auto [place, is_new] = known.emplace(category, static_cast<std::uint32_t>(categories.names.size()));
        if (is_new) categories.names.push_back(category);
        categories.of_item.push_back(place->second);
    }
    return categories;
}

}  // namespace harness::results
