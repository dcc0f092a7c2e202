#pragma once

#include "harness/store/database.hpp"

namespace harness::store {

/// What is written while it lives is kept together or not at all; rolled back unless committed. One inside another,
/// also of another store of the same Database, is a part of the outer one: a caller may join what several stores write.
/// Throws StoreError.
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

/// All that is read while it lives is of one moment, whatever other processes write. Inside another one it does
/// nothing. Throws StoreError.
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
