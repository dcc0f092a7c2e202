#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/ratings_export.hpp"
#include "harness/study/status.hpp"
#include "harness/web/secrets.hpp"
#include "harness/web/server.hpp"

namespace harness::cli {
namespace {

constexpr std::uint64_t kMaxPassphraseFile = 4096;  // bytes

struct RateServeOptions {
    std::string study;
    std::string database;
    std::string listen = "127.0.0.1:8080";
    std::string certificate;
    std::string key;
    std::string passphrase_file;
    bool is_behind_proxy = false;
    bool allows_plain = false;
};

/// "127.0.0.1:8080" and "[::1]:8080".
void read_listen(const std::string& text, web::ServerOptions& server) {
    const std::size_t colon = text.rfind(':');
    std::string address = text.substr(0, std::min(colon, text.size()));
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), server.port);
    if (address.empty() || port.empty() || error != std::errc() || end != port.data() + port.size())
        throw base::UsageError(
            fmt::format("--listen '{}': expected ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080", text));
    server.address = address;
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

/// The passphrase of the file, or a new one that is printed.
std::string passphrase_of(const RateServeOptions& options) {
    if (options.passphrase_file.empty()) {
        std::string made = web::random_passphrase();
        print_error("The lead's passphrase, until this server ends: {}\n", made);
        return made;
    }
    std::string text = base::read_file(options.passphrase_file, kMaxPassphraseFile);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

/// As 'rate export' writes it.
std::string exported(const std::string& path, const std::string& name) {
    const store::Database database = database_to_read(path);
    std::string text;
    interchange::export_ratings(database, study::find_study(database, name), interchange::RatingFormat::Jsonl,
                                [&text](std::string_view piece) { text += piece; });
    return text;
}

/// At once: somebody may follow the log.
void log_line(std::string_view line) {
    print("{}\n", line);
    std::fflush(stdout);
}

ExitCode serve(const RateServeOptions& options) {
    if (!options.certificate.empty() && options.key.empty()) throw base::UsageError("--tls-cert needs --tls-key");
    web::ServerOptions server{.database = options.database,
                              .study = options.study,
                              .tls_certificate = options.certificate,
                              .tls_key = options.key,
                              .proxy = options.is_behind_proxy ? web::Proxy::Trusted : web::Proxy::None,
                              .app = {.exporter = [&options] { return exported(options.database, options.study); }},
                              .log = log_line};
    read_listen(options.listen, server);
    const bool is_protected = is_loopback(server.address) || !options.certificate.empty() || options.is_behind_proxy;
    if (!is_protected && !options.allows_plain) {
        throw base::UsageError(
            fmt::format("--listen {}: others could read the passphrase and the ratings on the way; give --tls-cert and "
                        "--tls-key, put a "
                        "proxy with TLS in front and give --behind-proxy, or accept it with --plain-http",
                        options.listen));
    }
    server.app.passphrase = passphrase_of(options);
    web::Server site(std::move(server));
    print_error("Raters open {0}/join with the links of 'bellwether rate invite' or of the lead's page, {0}/lead\n",
                site.url());
    print_error("Ctrl-C ends the server; everything that was submitted is stored.\n");
    site.run();
    return ExitCode::Done;
}

}  // namespace

void add_rate_serve(Verb& rate) {
    Verb& verb = rate.verb("serve", "Serves the pages on which raters rate and the lead watches");
    auto& options = verb.command(serve);
    verb.argument("STUDY", text_not_empty(options.study), "Name of the study").required();
    database_option(verb, options.database);
    verb.option("--listen", "ADDRESS:PORT", text_not_empty(options.listen),
                "Where to listen (default: 127.0.0.1:8080, this machine only); port 0: any free one")
        .of_its_verb();
    verb.option("--lead-passphrase-file", "FILE", text_not_empty(options.passphrase_file),
                "The lead's passphrase, or its Argon2id hash ('argon2 SALT -id -e'); default: a new one, printed at "
                "the start")
        .of_its_verb();
    verb.heading("Other machines");
    Option& certificate = verb.option("--tls-cert", "FILE", text_not_empty(options.certificate),
                                      "Certificate with its chain, PEM: serve by HTTPS")
                              .of_its_verb();
    Option& key =
        verb.option("--tls-key", "FILE", text_not_empty(options.key), "The certificate's key, PEM").of_its_verb();
    key.needs(certificate);
    verb.flag("--behind-proxy", truth(options.is_behind_proxy),
              "Believe X-Forwarded-For and X-Forwarded-Proto: only with a proxy in front that sets them")
        .of_its_verb();
    verb.flag("--plain-http", truth(options.allows_plain),
              "Serve other machines without TLS: others can read what is sent")
        .of_its_verb();
    verb.example("bellwether rate serve helpful");
    verb.example("bellwether rate serve helpful --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem");
    verb.note("A rater's session ends 30 days after it began, the lead's after 12 hours or with the server.");
    verb.note("Standard output is the access log: one line of JSON for each request, without tokens and texts.");
}

}  // namespace harness::cli
