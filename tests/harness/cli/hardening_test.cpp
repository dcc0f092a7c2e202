#include <doctest/doctest.h>

#include <elf.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/files.hpp"

namespace {

/// The parts of a 64-bit ELF program that say how the loader treats it.
class Elf {
public:
    explicit Elf(std::string bytes) : bytes_(std::move(bytes)), header_(at<Elf64_Ehdr>(0)) {
        REQUIRE(std::memcmp(header_.e_ident, ELFMAG, SELFMAG) == 0);
        REQUIRE(header_.e_ident[EI_CLASS] == ELFCLASS64);
        for (std::size_t i = 0; i < header_.e_phnum; ++i)
            segments_.push_back(at<Elf64_Phdr>(header_.e_phoff + i * sizeof(Elf64_Phdr)));
    }

    unsigned type() const { return header_.e_type; }

    /// Null when the program has no segment of this type.
    const Elf64_Phdr* segment(unsigned type) const {
        const auto found = std::find_if(segments_.begin(), segments_.end(),
                                        [type](const Elf64_Phdr& each) { return each.p_type == type; });
        return found == segments_.end() ? nullptr : &*found;
    }

    /// 0 when the dynamic section has no such tag.
    std::uint64_t dynamic(std::int64_t tag) const {
        const Elf64_Phdr* section = segment(PT_DYNAMIC);
        REQUIRE(section != nullptr);
        for (std::size_t i = 0; i < section->p_filesz / sizeof(Elf64_Dyn); ++i) {
            const auto entry = at<Elf64_Dyn>(section->p_offset + i * sizeof(Elf64_Dyn));
            if (entry.d_tag == tag) return entry.d_un.d_val;
        }
        return 0;
    }

    bool names(const std::string& symbol) const {
        return bytes_.find(std::string(1, '\0') + symbol + '\0') != std::string::npos;
    }

private:
    template <class Record>
    Record at(std::size_t offset) const {
        REQUIRE(offset + sizeof(Record) <= bytes_.size());
        Record record;
        std::memcpy(&record, bytes_.data() + offset, sizeof(Record));
        return record;
    }

    std::string bytes_;
    Elf64_Ehdr header_;
    std::vector<Elf64_Phdr> segments_;
};

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("the program is loaded at a random address with its jump tables read-only and no executable stack") {
        const Elf program(content_of(BELLWETHER_BINARY));
        CHECK(program.type() == ET_DYN);
        CHECK((program.dynamic(DT_FLAGS_1) & DF_1_PIE) != 0);
        CHECK((program.dynamic(DT_FLAGS_1) & DF_1_NOW) != 0);
        CHECK(program.segment(PT_GNU_RELRO) != nullptr);
        REQUIRE(program.segment(PT_GNU_STACK) != nullptr);
        CHECK((program.segment(PT_GNU_STACK)->p_flags & PF_X) == 0);
    }

    TEST_CASE("the program's functions check their stack") {
        CHECK(Elf(content_of(BELLWETHER_BINARY)).names("__stack_chk_fail"));
    }

#if defined(__OPTIMIZE__) && defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    TEST_CASE("an optimised program calls the checked functions of the C library") {
        const Elf program(content_of(BELLWETHER_BINARY));
        CHECK((program.names("__memcpy_chk") || program.names("__read_chk") || program.names("__snprintf_chk") ||
               program.names("__fprintf_chk") || program.names("__vsnprintf_chk")));
    }
#endif
}
