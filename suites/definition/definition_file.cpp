// Parses the text of a task or group file as JSON.

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "suites/catalog.hpp"
#include "suites/data/json_text.hpp"
#include "suites/data/number_text.hpp"

namespace suites {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

/// Finds what the parser would silently change: it keeps only the last value of a duplicate key and only the first
/// digits of a long number.
class Scanner : public json::json_sax_t {
public:
    const std::string& duplicate_key() const { return duplicate_key_; }
    const std::string& long_number() const { return long_number_; }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(json::number_integer_t) override { return true; }
    bool number_unsigned(json::number_unsigned_t) override { return true; }
    bool number_float(json::number_float_t value, const std::string& text) override {
        if (!data::keeps_digits(text, value)) long_number_ = text;
        return true;
    }
    bool string(std::string&) override { return true; }
    bool binary(json::binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        keys_.emplace_back();
        return true;
    }
    bool key(std::string& name) override {
        if (!keys_.back().insert(name).second) duplicate_key_ = name;
        return true;
    }
    bool end_object() override {
        keys_.pop_back();
        return true;
    }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    std::vector<std::set<std::string>> keys_;
    std::string duplicate_key_;
    std::string long_number_;
};

}  // namespace

json parse_definition(std::string_view content, const std::string& where) {
    json parsed;
    try {
        parsed = data::parse_json(content);
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: not JSON: {}", where, error.what()));
    }
    Scanner scanner;
    data::visit_json(content, scanner);
    if (!scanner.duplicate_key().empty())
        throw SuiteError(fmt::format("{}: duplicate field \"{}\"", where, data::in_message(scanner.duplicate_key())));
    if (!scanner.long_number().empty())
        throw SuiteError(fmt::format("{}: the number {} has more digits than are kept; write it as a string", where,
                                     data::in_message(scanner.long_number())));
    return parsed;
}

json read_definition(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        throw SuiteError(fmt::format("{}: {}", path,
                                     std::filesystem::is_directory(path, error)
                                         ? "a folder; name a file in it, or pass it with --tasks"
                                         : "no such file"));
    }
    if (std::filesystem::file_size(path, error) > kMaxFileBytes)
        throw SuiteError(fmt::format("{}: larger than 16 MiB; rows belong into a data file, not into the task", path));
    std::ifstream file(path, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) throw SuiteError(path + ": cannot be read");
    return parse_definition(content, path);
}

}  // namespace suites
