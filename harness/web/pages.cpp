#include "harness/web/pages.hpp"

#include <fmt/format.h>

#include <map>

#include "harness/base/sha256.hpp"

namespace harness::web {
namespace {

constexpr std::string_view kAssets = "/assets/";
constexpr std::size_t kDigestDigits = 16;

std::string_view asset_of(Script script) {
    switch (script) {
        case Script::Rater: return "rater.js";
        case Script::Lead: return "lead.js";
        case Script::Join: return "join.js";
        case Script::None: break;
    }
    return "";
}

std::string_view type_of(std::string_view name) {
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    return "image/svg+xml";
}

using Paths = std::map<std::string, const suites::EmbeddedFile*, std::less<>>;

const Paths& asset_paths() {
    static const Paths kPaths = [] {
        Paths paths;
        for (const suites::EmbeddedFile& file : asset_files()) {
            const std::string digest = base::sha256_hex(file.content).substr(0, kDigestDigits);
            paths.emplace(fmt::format("{}{}/{}", kAssets, digest, file.name), &file);
        }
        return paths;
    }();
    return kPaths;
}

}  // namespace

std::string asset_path(std::string_view name) {
    for (const auto& [path, file] : asset_paths()) {
        if (file->name == name) return path;
    }
    return "";
}

Response asset(std::string_view path) {
    const auto found = asset_paths().find(path);
    if (found == asset_paths().end()) return plain(404, "There is no such file.");
    Response response{.content_type = std::string(type_of(path)), .body = std::string(found->second->content)};
    response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

Response Pages::page(const PageParts& parts, unsigned status) {
    TemplateData data;
    data.set("title", parts.title);
    data.set("main", parts.main);
    data.set("style", asset_path("style.css"));
    data.set("icon", asset_path("icon.svg"));
    data.set("script", optional_text(asset_path(asset_of(parts.script))));
    data.set("lead", shown_if(parts.is_lead));
    return {.status = status, .body = templates_.fill("layout", data)};
}

Response Pages::message(unsigned status, std::string_view title, std::string_view text, std::string_view next) {
    TemplateData data;
    data.set("title", std::string(title));
    data.set("text", std::string(text));
    data.set("next", optional_text(std::string(next)));
    return page({.title = std::string(title), .main = templates_.fill("message", data)}, status);
}

}  // namespace harness::web
