#include "harness/store/item_page.hpp"

#include <fmt/format.h>

#include "harness/store/database.hpp"

namespace harness::store {

StoreError no_such_document(const Database& database, std::int64_t run_task, std::uint64_t doc) {
    return StoreError(fmt::format("{}: task {} has no document {}", database.path(), run_task, doc));
}

}  // namespace harness::store
