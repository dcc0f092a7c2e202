#pragma once

#include "harness/store/database.hpp"

namespace harness::store {

/// A write transaction: rolled back by the destructor unless committed. A nested one, also of another store on the same
/// Database, becomes part of the outer one, so that a caller can combine the writes of several stores. Throws
/// StoreError.
class Transaction {
public:
    explicit Transaction(const Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    enum class Depth { Outer, Inner };
    const Database& database_;
    Depth depth_;
    bool open_ = true;
};

/// A read transaction: all reads see one consistent state, whatever other processes write. A nested one does nothing.
/// Throws StoreError.
class ReadTransaction {
public:
    explicit ReadTransaction(const Database& database);
    ~ReadTransaction();
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

private:
    const Database& database_;
    bool open_;
};

}  // namespace harness::store
