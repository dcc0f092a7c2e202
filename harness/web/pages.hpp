#pragma once

#include <string>
#include <string_view>

#include "harness/web/message.hpp"
#include "harness/web/templates.hpp"

namespace harness::web {

enum class Script { None, Rater, Lead, Join };

/// What a whole page consists of.
struct PageParts {
    std::string title;
    std::string main;  ///< HTML
    Script script = Script::None;
    bool is_lead = false;
};

/// Makes pages out of templates. For one thread only: the one that renders.
class Pages {
public:
    Templates& templates() { return templates_; }
    Response page(const PageParts& parts, unsigned status = 200);
    /// A page that says one thing, with a link to `next`.
    Response message(unsigned status, std::string_view title, std::string_view text, std::string_view next = "");

private:
    Templates templates_;
};

/// The path of an asset, with a digest of its content, so that it can be cached for ever.
std::string asset_path(std::string_view name);
/// GET /assets/DIGEST/NAME.
Response asset(std::string_view path);

}  // namespace harness::web
