#pragma once

#include <cstdint>

#include "harness/store/rows.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {

/// Reads the documents of a task one by one, without copying them: those of a large run do not fit into memory. The
/// database must outlive it. Throws StoreError.
class DocumentReader {
public:
    explicit DocumentReader(const Database& database) : database_(database) {}

    /// In document order.
    void read(std::int64_t run_task, const UseDocument& use);

private:
    const Database& database_;
    Statement documents_{database_, "SELECT doc, document, target FROM item WHERE run_task = ?1 ORDER BY doc"};
};

}  // namespace harness::store
