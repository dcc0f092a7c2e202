#include "harness/store/document_reader.hpp"

#include "harness/store/database.hpp"

namespace harness::store {

void DocumentReader::read(std::int64_t run_task, const UseDocument& use) {
    documents_.bind(run_task);
    while (documents_.step()) use({documents_.count(0), documents_.view(1), documents_.view(2)});
    database_.check_unchanged();
}

}  // namespace harness::store
