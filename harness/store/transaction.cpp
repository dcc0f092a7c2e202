#include "harness/store/transaction.hpp"

#include <sqlite3.h>

namespace harness::store {
namespace {

bool inside_another(const Database& database) {
    return sqlite3_get_autocommit(database.get()) == 0;
}

}  // namespace

Transaction::Transaction(const Database& database)
    : database_(database), depth_(inside_another(database) ? Depth::Inner : Depth::Outer) {
    if (depth_ == Depth::Inner) {
        database_.execute("SAVEPOINT inner_transaction");
        return;
    }
    database_.check_in_place();
    // IMMEDIATE: otherwise a transaction that reads first and writes later fails at once if another process wrote in
    // between.
    database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) return;
    if (depth_ == Depth::Outer) {
        sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    } else {
        sqlite3_exec(database_.get(), "ROLLBACK TO inner_transaction; RELEASE inner_transaction", nullptr, nullptr,
                     nullptr);
    }
}

void Transaction::commit() {
    database_.execute(depth_ == Depth::Outer ? "COMMIT" : "RELEASE inner_transaction");
    open_ = false;
    // Checked again so that the next check compares with the state after this commit.
    if (depth_ == Depth::Outer) database_.check_in_place();
}

ReadTransaction::ReadTransaction(const Database& database) : database_(database), open_(!inside_another(database)) {
    if (open_) database_.execute("BEGIN");
}

ReadTransaction::~ReadTransaction() {
    if (open_) sqlite3_exec(database_.get(), "COMMIT", nullptr, nullptr, nullptr);
}

}  // namespace harness::store
