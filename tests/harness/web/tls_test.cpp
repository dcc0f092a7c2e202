#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>

#include "tests/harness/download/tls_server.hpp"
#include "tests/harness/web/loopback.hpp"
#include "tests/support/files.hpp"

namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Channel = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

/// What a server says to one request over TLS of at most a version.
std::string asked(std::uint16_t port, const std::string& request, int version) {
    const Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    SSL_CTX_set_max_proto_version(context.get(), version);
    const Channel channel(BIO_new_ssl_connect(context.get()), &BIO_free_all);
    BIO_set_conn_hostname(channel.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (BIO_write(channel.get(), request.data(), static_cast<int>(request.size())) <= 0) return "";
    std::string response;
    char buffer[4096];
    for (int got = 0; (got = BIO_read(channel.get(), buffer, sizeof buffer)) > 0;)
        response.append(buffer, static_cast<std::size_t>(got));
    return response;
}

}  // namespace

TEST_SUITE("harness.web.server") {
    TEST_CASE("with a certificate the server speaks TLS from version 1.2 on and marks its cookies") {
        const Temporary folder;
        const Identity identity = Identity::make();
        put(folder / "certificate.pem", identity.certificate);
        put(folder / "key.pem", identity.key);
        std::string token;
        {
            const harness::store::Database database(folder / "study.sqlite", harness::store::OpenMode::Create);
            small_study::add(database, small_study::pairwise(), 2);
            token = harness::study::StudyService(database, "small").invite(1, "").front().token;
        }
        harness::web::Server server({.database = folder / "study.sqlite",
                                     .study = "small",
                                     .port = 0,
                                     .tls_certificate = folder / "certificate.pem",
                                     .tls_key = folder / "key.pem",
                                     .app = {.passphrase = "correct horse battery"}});
        std::thread thread([&server] { server.run(); });
        CHECK(server.url().starts_with("https://127.0.0.1:"));
        const std::string body = "token=" + token;
        const std::string request =
            "POST /join HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
            "application/x-www-form-urlencoded\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        CHECK(asked(server.port(), request, TLS1_1_VERSION).empty());
        const std::string response = asked(server.port(), request, TLS1_3_VERSION);
        CHECK(loopback::status(response) == 303);
        CHECK(response.find("Set-Cookie: __Host-rater=") != std::string::npos);
        CHECK(response.find("; Secure") != std::string::npos);
        // Plain HTTP gets nothing.
        CHECK(loopback::Client(server.port()).ask(loopback::get("/healthz")).find("HTTP") == std::string::npos);
        server.stop();
        thread.join();
    }
}
