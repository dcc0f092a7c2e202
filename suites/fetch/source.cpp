#include "suites/fetch/source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "suites/data/json_text.hpp"
#include "suites/data/rows.hpp"
#include "suites/error.hpp"
#include "suites/transforms/letter_case.hpp"
#include "suites/transforms/text.hpp"

namespace suites::fetch {
namespace {

namespace fs = std::filesystem;
using json = Row;

/// `of`: what the rows belong to, for error messages.
template <class Rows>
Converted converted_rows(const std::string& path, const Rows& rows, const std::string& of,
                         const std::function<json(const json&)>& change) {
    Converted converted{.origin = path};
    for (const json& row : rows) {
        try {
            converted.rows.push_back(change(row));
        } catch (const std::exception& error) {
            throw SuiteError(fmt::format("{}: row {}{}: {}", path, converted.rows.size() + 1, of, data::reason(error)));
        }
    }
    return converted;
}

}  // namespace

Source::Source(const std::string& folder) : folder_(folder) {
    std::error_code error;
    const fs::path whole = fs::canonical(folder, error);
    if (error) throw SuiteError(fmt::format("{}: cannot be read: {}", folder, error.message()));
    below_ = whole.string().size();
    own_name_ = whole.parent_path().string().size();
    for (const auto& entry : fs::recursive_directory_iterator(whole, fs::directory_options::skip_permission_denied)) {
        if (entry.is_regular_file()) files_.push_back(entry.path().string());
    }
    std::sort(files_.begin(), files_.end());
}

std::optional<std::string> Source::find(const std::string& inside, const std::vector<std::string>& names) const {
    // First without, then with the folder's own name; the folders above it are not considered.
    for (const std::size_t from : {below_, own_name_}) {
        for (const std::string& name : names) {
            for (const std::string& file : files_) {
                const bool named = file.ends_with("/" + name) || file.ends_with("/" + name + ".gz");
                if (named &&
                    transforms::lower_case(file.substr(from)).find(transforms::lower_case(inside)) != std::string::npos)
                    return file;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string> Source::find_path(const std::string& path) const {
    for (const std::string& file : files_) {
        if (file.ends_with("/" + path) || file.ends_with("/" + path + ".gz")) return file;
    }
    return std::nullopt;
}

std::vector<std::string> Source::find_all(const std::string& inside, const std::string& ending) const {
    std::vector<std::string> found;
    for (const std::string& file : files_) {
        if (file.ends_with(ending) && file.find(inside, own_name_) != std::string::npos) found.push_back(file);
    }
    return found;
}

Converted convert_rows(const std::string& path, const std::function<json(const json&)>& change,
                       const std::vector<std::string>& columns) {
    return converted_rows(path, data::read_rows(path, columns), "", change);
}

json json_in(const std::string& path) {
    const std::string text = read_text(path);
    try {
        return parse_row(text);
    } catch (const SuiteError& error) {
        throw SuiteError(fmt::format("{}: not JSON: {}", path, error.what()));
    }
}

json list_in(const std::string& path, const char* name) {
    json whole = json_in(path);
    if (!whole.is_object() || !whole.contains(name) || !whole[name].is_array())
        throw SuiteError(fmt::format("{}: not a JSON object with a list \"{}\"", path, name));
    return std::move(whole[name]);
}

Converted convert_list(const std::string& path, const char* name, const std::function<json(const json&)>& change) {
    return converted_rows(path, list_in(path, name), fmt::format(" of \"{}\"", name), change);
}

std::string split_of(const std::string& file) {
    const std::string name = file.substr(file.rfind('/') + 1);
    return name.substr(0, name.find('.'));
}

}  // namespace suites::fetch
