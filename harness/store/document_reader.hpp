#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "harness/store/statement.hpp"

namespace harness::store {

/// A document while it is read: the views are valid during the call that gets it.
struct DocumentView {
    std::uint64_t doc = 0;
    std::string_view document_json;
    std::string_view target;
};

/// Reads the documents of a task one by one, without copying them: those of a large run do not fit into memory. The
/// database must outlive it. Throws StoreError.
class DocumentReader {
public:
    explicit DocumentReader(const Database& database) : database_(database) {}

    /// In document order.
    void read(std::int64_t run_task, const std::function<void(const DocumentView&)>& use);

private:
    const Database& database_;
    Statement documents_{database_, "SELECT doc, document, target FROM item WHERE run_task = ?1 ORDER BY doc"};
};

}  // namespace harness::store
