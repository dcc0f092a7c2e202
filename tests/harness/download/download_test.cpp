#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "harness/base/pending_file.hpp"
#include "harness/download/download.hpp"
#include "tests/harness/download/content.hpp"
#include "tests/harness/download/tls_server.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

using harness::download::DownloadError;
using harness::download::File;
using harness::download::Settings;

namespace {

std::string sum(const std::string& text) {
    std::array<unsigned char, 32> digest = {};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    return hex;
}

/// A folder, a certificate that is trusted while it lives, and settings for tests.
struct Place {
    explicit Place(bool trusted = true) {
        std::ofstream(folder / "ca.pem") << identity.certificate;
        const std::string store = trusted ? folder / "ca.pem" : std::string("/dev/null");
        setenv("SSL_CERT_FILE", store.c_str(), 1);
        // The folder of the system's certificates as well.
        setenv("SSL_CERT_DIR", "/nonexistent", 1);
        settings.back_off = std::chrono::milliseconds(1);
        settings.proxy = "";
    }

    File file(const std::string& url, const std::string& of = content()) const {
        return {.url = url, .bytes = of.size(), .sha256 = sum(of), .path = folder / "deep/file.txt"};
    }
    std::string path() const { return folder / "deep/file.txt"; }
    /// The temporary file that an earlier call left; "" for none.
    std::string part() const {
        for (const std::string& name : names_in(folder / "deep"))
            if (name.ends_with(".bellwether")) return folder / "deep/" + name;
        return "";
    }
    /// Leaves a temporary file like a killed call.
    void leave_part(const std::string& bytes) const {
        std::filesystem::create_directories(folder / "deep");
        put(folder / "deep/.file.txt.0123456789abcdef.bellwether", bytes);
    }
    bool empty() const { return !std::filesystem::exists(folder / "deep") || names_in(folder / "deep").empty(); }

    /// The error of downloading the content from `url`.
    std::string complaint(const std::string& url) const {
        try {
            harness::download::download(file(url), settings);
        } catch (const DownloadError& error) {
            return error.what();
        }
        return "";
    }

    Temporary folder;
    Identity identity = Identity::make();
    Settings settings;
};

TlsServer::Handler always(const std::string& bytes) {
    return [bytes](std::size_t, const std::string&) { return Answer{bytes}; };
}

}  // namespace

TEST_SUITE("harness.download") {
    TEST_CASE("a complete file is not requested again") {
        const Place place;
        TlsServer server(place.identity, always(answer("200 OK", "", content())));
        std::uint64_t last = 0;
        CHECK(harness::download::download(place.file(server.url("/a%20b?c=d")), place.settings,
                                          [&](std::uint64_t bytes) { last = bytes; }));
        CHECK(read(place.path()) == content());
        CHECK(last == content().size());
        CHECK(place.part() == "");
        CHECK_FALSE(harness::download::download(place.file(server.url()), place.settings));
        REQUIRE(server.heads().size() == 1);
        CHECK(server.heads()[0].starts_with("GET /a%20b?c=d HTTP/1.1\r\n"));
        CHECK(has(server.heads()[0], "\r\nHost: localhost:" + server.port() + "\r\n"));
        CHECK_FALSE(has(server.heads()[0], "Range:"));
        // A changed file is downloaded again.
        std::ofstream(place.path(), std::ios::app) << "x";
        CHECK(harness::download::download(place.file(server.url()), place.settings));
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("a download continues where the connection dropped") {
        const Place place;
        constexpr std::size_t kHalf = 100000;
        TlsServer server(place.identity, [](std::size_t number, const std::string& head) {
            const std::string whole = answer("200 OK", "", content());
            if (number == 0) return Answer{whole.substr(0, whole.size() - kHalf), Answer::End::Cut};
            const std::size_t at = head.find("Range: bytes=");
            const std::size_t first = at == std::string::npos ? 0 : std::stoul(head.substr(at + 13));
            const std::string range = "Content-Range: bytes " + std::to_string(first) + "-199999/200000\r\n";
            return Answer{answer("206 Partial Content", range, content().substr(first))};
        });
        CHECK(harness::download::download(place.file(server.url()), place.settings));
        CHECK(read(place.path()) == content());
        REQUIRE(server.heads().size() == 2);
        CHECK(has(server.heads()[1], "\r\nRange: bytes=100000-\r\n"));
    }

    TEST_CASE("when retries are used up the part stays and the next call continues it") {
        Place place;
        place.settings.retries = 0;
        TlsServer server(place.identity, [](std::size_t number, const std::string&) {
            const std::string whole = answer("200 OK", "", content());
            if (number == 0) return Answer{whole.substr(0, whole.size() - 150000), Answer::End::Cut};
            return Answer{
                answer("206 Partial Content", "Content-Range: bytes 50000-199999/200000\r\n", content().substr(50000))};
        });
        const std::string message = place.complaint(server.url());
        CHECK(has(message, server.url()));
        CHECK(has(message, "run the same command again: it continues at byte 50000"));
        CHECK(std::filesystem::file_size(place.part()) == 50000);
        CHECK_FALSE(std::filesystem::exists(place.path()));
        CHECK(place.complaint(server.url()) == "");
        CHECK(has(server.heads().at(1), "\r\nRange: bytes=50000-\r\n"));
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("a response that ignores Range is read from the start") {
        const Place place;
        place.leave_part("something of another file");
        TlsServer server(place.identity, always(answer("200 OK", "", content())));
        CHECK(place.complaint(server.url()) == "");
        CHECK(has(server.heads().at(0), "\r\nRange: bytes=25-\r\n"));
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("another range than the requested one is rejected") {
        const Place place;
        place.leave_part(content().substr(0, 10));
        TlsServer server(place.identity, [](std::size_t number, const std::string&) {
            if (number > 0) return Answer{answer("200 OK", "", content())};
            return Answer{
                answer("206 Partial Content", "Content-Range: bytes 11-199999/200000\r\n", content().substr(11))};
        });
        CHECK(place.complaint(server.url()) == "");
        CHECK(server.heads().size() == 2);
        CHECK_FALSE(has(server.heads().at(1), "Range:"));
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("a wrong checksum leaves nothing and the message has both sums") {
        const Place place;
        std::string other = content();
        other[7] = '#';
        TlsServer server(place.identity, always(answer("200 OK", "", other)));
        const std::string message = place.complaint(server.url());
        CHECK(has(message, sum(other)));
        CHECK(has(message, sum(content())));
        CHECK(place.empty());
    }

    TEST_CASE("a body of another length leaves nothing") {
        const Place place;
        TlsServer longer(place.identity, always(answer("200 OK", "", content() + "x")));
        CHECK(has(place.complaint(longer.url()), "more than the 200000 bytes"));
        CHECK(longer.heads().size() == 1);
        CHECK(place.empty());
        // Without a length the body ends with the connection.
        TlsServer endless(place.identity, always("HTTP/1.1 200 OK\r\n\r\n" + content() + content()));
        CHECK(has(place.complaint(endless.url()), "more than the 200000 bytes"));
        CHECK(place.empty());
        TlsServer shorter(place.identity, always(answer("200 OK", "", content().substr(1))));
        CHECK(has(place.complaint(shorter.url()), "received 199999 bytes instead of 200000"));
        CHECK(place.empty());
    }

    TEST_CASE("redirections are followed to https only and a limited number of times") {
        const Place place;
        TlsServer server(place.identity, [](std::size_t, const std::string& head) {
            if (head.starts_with("GET /start ")) return Answer{answer("302 Found", "Location: /end\r\n", "moved")};
            if (head.starts_with("GET /round ")) return Answer{answer("301 Moved", "Location: /round\r\n", "")};
            if (head.starts_with("GET /plain "))
                return Answer{answer("302 Found", "Location: http://localhost/end\r\n", "")};
            return Answer{answer("200 OK", "", content())};
        });
        CHECK(has(place.complaint(server.url("/plain")), "does not begin with https://"));
        CHECK(server.heads().size() == 1);
        CHECK(has(place.complaint(server.url("/round")), "more than 5 times"));
        CHECK(server.heads().size() == 1 + 6);
        CHECK(place.empty());
        CHECK(place.complaint(server.url("/start")) == "");
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("an unknown certificate authority is refused") {
        const Place place(false);
        TlsServer server(place.identity, always(answer("200 OK", "", content())));
        CHECK(has(place.complaint(server.url()), "is not trusted (self-signed certificate)"));
        CHECK(server.heads().empty());
        CHECK(place.empty());
    }

    TEST_CASE("a certificate for another host is refused") {
        const Place place;
        TlsServer server(place.identity, always(answer("200 OK", "", content())));
        const std::string message = place.complaint("https://127.0.0.1:" + server.port() + "/file");
        CHECK(has(message, "is not trusted (no alternative certificate subject name matches target host name"));
        CHECK(server.heads().empty());
        CHECK(place.empty());
    }

    TEST_CASE("an address that is not https is refused before any connection") {
        const Place place;
        CHECK(has(place.complaint("http://localhost:1/file"), "does not begin with https://"));
        CHECK(has(place.complaint("https://user@localhost:1/file"), "user name"));
        CHECK(place.empty());
    }

    TEST_CASE("a missing file is requested once and a busy server is retried") {
        const Place place;
        TlsServer none(place.identity, always(answer("404 Not Found", "", "no such file")));
        CHECK(has(place.complaint(none.url()), "the server answered 404"));
        CHECK(none.heads().size() == 1);
        CHECK(place.empty());
        TlsServer busy(place.identity, [](std::size_t number, const std::string&) {
            return Answer{number < 2 ? answer("503 Unavailable", "", "") : answer("200 OK", "", content())};
        });
        CHECK(place.complaint(busy.url()) == "");
        CHECK(busy.heads().size() == 3);
    }

    TEST_CASE("a silent server is given up") {
        Place place;
        place.settings.idle_timeout = std::chrono::milliseconds(300);
        place.settings.retries = 1;
        TlsServer server(place.identity, [](std::size_t, const std::string&) {
            return Answer{answer("200 OK", "", content()).substr(0, 30000), Answer::End::Stall};
        });
        const auto start = std::chrono::steady_clock::now();
        const std::string message = place.complaint(server.url());
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
        CHECK(has(message, "received nothing from localhost for 0.3 s"));
        CHECK(has(message, "after 1 retries"));
        CHECK(server.heads().size() == 2);
    }

    TEST_CASE("a proxy gets a CONNECT request") {
        Place place;
        TlsServer server(place.identity, always(answer("200 OK", "", content())));
        const StandInProxy proxy;
        place.settings.proxy = proxy.url();
        CHECK(place.complaint(server.url()) == "");
        CHECK(read(place.path()) == content());
        REQUIRE(proxy.asked().size() == 1);
        CHECK(proxy.asked()[0] == "CONNECT localhost:" + server.port() + " HTTP/1.1");
    }

    TEST_CASE("a proxy of the environment is used unless NO_PROXY names the host") {
        Place place;
        place.settings.proxy.reset();
        TlsServer server(place.identity, always(answer("200 OK", "", content())));
        const StandInProxy proxy;
        unsetenv("https_proxy");
        unsetenv("no_proxy");
        setenv("HTTPS_PROXY", proxy.url().c_str(), 1);
        setenv("NO_PROXY", "example.org,localhost", 1);
        CHECK(place.complaint(server.url()) == "");
        CHECK(proxy.asked().empty());
        std::filesystem::remove(place.path());
        setenv("NO_PROXY", "example.org,host", 1);
        CHECK(place.complaint(server.url()) == "");
        CHECK(proxy.asked().size() == 1);
        CHECK(server.heads().size() == 2);
        unsetenv("HTTPS_PROXY");
        unsetenv("NO_PROXY");
    }

    TEST_CASE("a refusing proxy is reported with its response and a missing one is retried") {
        Place place;
        const StandInProxy proxy("403 Forbidden");
        place.settings.proxy = proxy.url();
        CHECK(has(place.complaint("https://localhost:1/file"), "the proxy answered 403 to CONNECT localhost"));
        CHECK(proxy.asked().size() == 1);
        place.settings.proxy = "http://127.0.0.1:1";
        const std::string message = place.complaint("https://localhost:1/file");
        CHECK(has(message, "localhost cannot be reached"));
        CHECK(has(message, "after 3 retries"));
        CHECK(place.empty());
    }

    TEST_CASE("a file with all bytes is complete however the server closes the connection") {
        const Place place;
        TlsServer unannounced(place.identity, [](std::size_t, const std::string&) {
            return Answer{"HTTP/1.1 200 OK\r\n\r\n" + content(), Answer::End::Cut};
        });
        CHECK(place.complaint(unannounced.url()) == "");
        CHECK(unannounced.heads().size() == 1);
        CHECK(read(place.path()) == content());
        std::filesystem::remove(place.path());
        TlsServer chunked(place.identity,
                          always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\n" +
                                 content().substr(0, 1) + "\r\n30d3f\r\n" + content().substr(1) + "\r\n0\r\n\r\n"));
        CHECK(place.complaint(chunked.url()) == "");
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("endless headers and chunk extensions are given up") {
        Place place;
        place.settings.idle_timeout = std::chrono::milliseconds(300);
        place.settings.retries = 0;
        std::string fields;
        for (int i = 0; i < 3000; ++i) fields += "X-Field: of thirty bytes, repeated\r\n";
        TlsServer headers(place.identity, always(answer("200 OK", fields, content())));
        CHECK(has(place.complaint(headers.url()), "localhost sent a header of more than 65536 bytes"));
        TlsServer extensions(place.identity, [](std::size_t, const std::string&) {
            return Answer{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(3000000, 'x'),
                          Answer::End::Stall};
        });
        CHECK(has(place.complaint(extensions.url()), "received nothing from localhost for 0.3 s"));
        CHECK(place.empty());
    }

    TEST_CASE("a redirection may be relative and may not carry a user name") {
        const Place place;
        TlsServer server(place.identity, [](std::size_t, const std::string& head) {
            if (head.starts_with("GET /a/b ")) return Answer{answer("307 Moved", "Location: ../c/d?e\r\n", "")};
            if (head.starts_with("GET /user "))
                return Answer{answer("302 Found", "Location: https://me:pass@localhost/end\r\n", "")};
            return Answer{answer("200 OK", "", content())};
        });
        CHECK(has(place.complaint(server.url("/user")), "the address that it redirects to has a user name"));
        CHECK(place.complaint(server.url("/a/b")) == "");
        CHECK(server.heads().back().starts_with("GET /c/d?e HTTP/1.1"));
        CHECK(read(place.path()) == content());
    }

    TEST_CASE("a response that is not HTTP is reported and not retried") {
        const Place place;
        TlsServer server(place.identity, always("SSH-2.0-OpenSSH_9.2\r\n"));
        CHECK(has(place.complaint(server.url()), "the answer of localhost is not HTTP"));
        CHECK(server.heads().size() == 1);
        CHECK(place.empty());
    }

    TEST_CASE("a file that another process is downloading is left to it") {
        const Place place;
        std::filesystem::create_directories(place.folder / "deep");
        const harness::base::PendingFile other(place.path());
        try {
            harness::download::download(place.file("https://localhost:1/file"), place.settings);
            FAIL("it was downloaded");
        } catch (const harness::base::WorkError& error) {
            CHECK(has(error.what(), "another process is writing it"));
        }
    }
}
