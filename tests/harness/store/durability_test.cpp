#include <doctest/doctest.h>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/transaction.hpp"
#include "tests/harness/store/forgetful_disk.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

/// The documents left after a power failure after the last batch.
std::vector<std::uint64_t> kept(const std::string& path, const char* setting) {
    {
        forgetful::Disk disk;
        const Database database(path, OpenMode::Create);
        if (setting != nullptr) database.execute(setting);
        RunStore store(database);
        const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
        for (std::uint64_t doc = 0; doc < 40; doc += 2) store.add_items(task, {item(doc), item(doc + 1)});
        disk.fail();
    }
    const Database database(path, OpenMode::ReadWrite);
    const RunStore store(database);
    if (store.runs().empty()) return {};
    return store.finished_docs(store.tasks(store.find_run("latest").id).at(0).id);
}

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("a stored batch survives the loss of all writes that were not synced") {
        const Temporary folder;
        CHECK(kept(folder / "a.sqlite", nullptr).size() == 40);
        // The simulated disk does lose writes: with fewer syncs batches are lost.
        CHECK(kept(folder / "b.sqlite", "PRAGMA synchronous = NORMAL").size() < 40);
    }

    TEST_CASE("a power failure during a migration leaves the old schema or the new one") {
        const Temporary folder;
        const std::string path = folder / "a.sqlite";
        {
            forgetful::Disk disk;
            const Database database(path, OpenMode::Create);
            disk.fail();
        }
        const Database database(path, OpenMode::ReadWrite);
        CHECK(RunStore(database).runs().empty());
    }
}
