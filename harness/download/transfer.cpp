#include "harness/download/transfer.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <memory>

namespace harness::download {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kMaxHeader = std::size_t{64} << 10;  // of one response; libcurl limits each line, not their sum
constexpr long kReceived = 64L << 10;

struct Library {
    Library() {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) throw DownloadError("libcurl cannot be started");
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    ~Library() { curl_global_cleanup(); }
};

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(CURLU* address) const { curl_url_cleanup(address); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(char* text) const { curl_free(text); }
};

std::string seconds(milliseconds time) {
    return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

std::string host_of(const char* url) {
    const std::unique_ptr<CURLU, Free> address(curl_url());
    char* host = nullptr;
    if (url == nullptr || curl_url_set(address.get(), CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(address.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return "the server";
    return std::unique_ptr<char, Free>(host).get();
}

/// Called before any connection: libcurl accepts more than any data set's address needs.
void check_address(const std::string& url) {
    if (!std::all_of(url.begin(), url.end(), [](char one) { return one > ' ' && one < '\x7f'; }))
        throw DownloadError("the address has characters that no address has");
    if (!url.starts_with(kScheme))
        throw DownloadError(fmt::format("the address '{}' does not begin with {}", url, kScheme));
}

/// Trusts the certificates that OpenSSL's own programs trust: the system's, or $SSL_CERT_FILE and $SSL_CERT_DIR.
CURLcode trust_system(CURL*, void* context, void*) {
    return SSL_CTX_set_default_verify_paths(static_cast<SSL_CTX*>(context)) == 1 ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

class Transfer {
public:
    Transfer(const std::string& url, std::uint64_t first, const Settings& settings, const Receiver& receiver)
        : settings_(settings), receiver_(receiver), easy_(curl_easy_init()), multi_(curl_multi_init()) {
        headers_.reset(curl_slist_append(nullptr, "Accept-Encoding: identity"));
        if (!easy_ || !multi_ || !headers_) throw DownloadError("libcurl cannot be started");
        set(CURLOPT_URL, url.c_str());
        set_connection();
        set_request(first);
        set(CURLOPT_ERRORBUFFER, error_.data());
        set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
        set(CURLOPT_HEADERDATA, this);
        set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
        set(CURLOPT_PREREQDATA, this);
    }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() { curl_multi_remove_handle(multi_.get(), easy_.get()); }

    void run() {
        curl_multi_add_handle(multi_.get(), easy_.get());
        for (int running = 1; running > 0;) {
            const CURLMcode code = curl_multi_perform(multi_.get(), &running);
            if (code != CURLM_OK) throw LostConnection(curl_multi_strerror(code));
            if (thrown_) std::rethrow_exception(thrown_);
            if (running > 0) wait();
        }
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
        const CURLcode result = message == nullptr ? CURLE_FAILED_INIT : message->data.result;
        if (thrown_) std::rethrow_exception(thrown_);
        if (result != CURLE_OK) fail(result);
        if (!begun_) receiver_.begin(response());
    }

private:
    struct FreeMulti {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };

    template <class Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
            throw DownloadError(fmt::format("the installed libcurl lacks option {}", static_cast<int>(option)));
    }

    void set_connection() {
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROTOCOLS_STR, "https");
        set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.connect_timeout.count()));
        set(CURLOPT_QUICK_EXIT, 1L);  // a silent name server does not delay us after the time limit
        set(CURLOPT_FORBID_REUSE, 1L);
        // HTTP/2 gains nothing for one request per connection.
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        set(CURLOPT_SSL_CTX_FUNCTION, &trust_system);
        // Without a setting, libcurl reads https_proxy, HTTPS_PROXY, ALL_PROXY and NO_PROXY itself.
        if (settings_.proxy) set(CURLOPT_PROXY, settings_.proxy->c_str());
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    }

    void set_request(std::uint64_t first) {
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_MAXREDIRS, static_cast<long>(settings_.redirects));
        set(CURLOPT_USERAGENT, "bellwether");
        set(CURLOPT_HTTPHEADER, headers_.get());
        set(CURLOPT_BUFFERSIZE, kReceived);
        // Not CURLOPT_RESUME_FROM: it reports an error when a server sends from the start.
        if (first > 0) set(CURLOPT_RANGE, fmt::format("{}-", first).c_str());
    }

    /// Waits for an event. Throws when nothing was received for too long after connecting.
    void wait() {
        constexpr milliseconds kLongest{1000};
        const auto silent = std::chrono::duration_cast<milliseconds>(steady_clock::now() - last_);
        if (connected_ && silent >= settings_.idle_timeout)
            throw LostConnection(
                fmt::format("received nothing from {} for {}", host(), seconds(settings_.idle_timeout)));
        const milliseconds rest = connected_ ? settings_.idle_timeout - silent : kLongest;
        curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::clamp(rest, milliseconds(1), kLongest).count()),
                        nullptr);
    }

    long number(CURLINFO what) const {
        long value = 0;
        curl_easy_getinfo(easy_.get(), what, &value);
        return value;
    }

    std::string host() const {
        char* url = nullptr;
        curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
        return host_of(url);
    }

    Response response() const {
        Response response{.status = number(CURLINFO_RESPONSE_CODE), .content_range = ""};
        curl_header* field = nullptr;
        if (curl_easy_header(easy_.get(), "Content-Range", 0, CURLH_HEADER, -1, &field) == CURLHE_OK)
            response.content_range = field->value;
        return response;
    }

    /// Runs code inside a callback: no exception may pass through libcurl. False if one was caught and stored for
    /// run().
    template <class Work>
    bool guarded(const Work& work) noexcept {
        try {
            last_ = steady_clock::now();
            work();
            return true;
        } catch (...) {
            thrown_ = std::current_exception();
            return false;
        }
    }

    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) noexcept {
        Transfer& transfer = *static_cast<Transfer*>(self);
        const bool taken = transfer.guarded([&] {
            if (!transfer.begun_) {
                transfer.begun_ = true;
                transfer.receiver_.begin(transfer.response());
            }
            transfer.receiver_.append({bytes, size});
        });
        return taken ? size : CURL_WRITEFUNC_ERROR;
    }

    static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self) noexcept {
        Transfer& transfer = *static_cast<Transfer*>(self);
        const bool taken = transfer.guarded([&] {
            if (std::string_view(bytes, size).starts_with("HTTP/")) transfer.header_bytes_ = 0;
            transfer.header_bytes_ += size;
            if (transfer.header_bytes_ > kMaxHeader)
                throw DownloadError(fmt::format("{} sent a header of more than {} bytes", transfer.host(), kMaxHeader));
        });
        return taken ? size : 0;
    }

    static int on_connected(void* self, char*, char*, int, int) noexcept {
        Transfer& transfer = *static_cast<Transfer*>(self);
        transfer.connected_ = true;
        transfer.last_ = steady_clock::now();
        return CURL_PREREQFUNC_OK;
    }

    [[noreturn]] void fail(CURLcode code) const {
        const bool redirected = number(CURLINFO_REDIRECT_COUNT) > 0 || number(CURLINFO_RESPONSE_CODE) / 100 == 3;
        const char* const what = redirected ? "the address that it redirects to" : "the address";
        const std::string why = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
        switch (code) {
            case CURLE_TOO_MANY_REDIRECTS:
                throw DownloadError(fmt::format("it redirects more than {} times", settings_.redirects));
            case CURLE_LOGIN_DENIED: throw DownloadError(fmt::format("{} has a user name", what));
            case CURLE_URL_MALFORMAT: throw DownloadError(fmt::format("{} has no host, or a wrong port", what));
            case CURLE_UNSUPPORTED_PROTOCOL:
                if (redirected) throw DownloadError(fmt::format("{} does not begin with {}", what, kScheme));
                [[fallthrough]];
            case CURLE_WEIRD_SERVER_REPLY:
                throw DownloadError(fmt::format("the answer of {} is not HTTP ({})", host(), why));
            case CURLE_COULDNT_RESOLVE_HOST:
            case CURLE_COULDNT_RESOLVE_PROXY:
                throw DownloadError(fmt::format(
                    "{}: there is no connection to the internet, or only one by a proxy (HTTPS_PROXY)", why));
            case CURLE_PEER_FAILED_VERIFICATION:
                throw DownloadError(fmt::format("the certificate of {} is not trusted ({}); nothing was downloaded",
                                                host(), untrusted(why)));
            case CURLE_SSL_CONNECT_ERROR: throw DownloadError(fmt::format("no TLS connection to {} ({})", host(), why));
            default: break;
        }
        if (const long proxy = number(CURLINFO_HTTP_CONNECTCODE); proxy >= 300)
            throw DownloadError(fmt::format("the proxy answered {} to CONNECT {}", proxy, host()));
        throw LostConnection(connected_ ? fmt::format("the connection to {} broke ({})", host(), why)
                                        : fmt::format("{} cannot be reached ({})", host(), why));
    }

    /// "self-signed certificate" for "SSL certificate problem: self-signed certificate".
    static std::string_view untrusted(std::string_view why) {
        for (const std::string_view start : {"SSL certificate problem: ", "SSL: "})
            if (why.starts_with(start)) why.remove_prefix(start.size());
        return why;
    }

    const Settings& settings_;
    const Receiver& receiver_;
    std::unique_ptr<curl_slist, Free> headers_;
    std::array<char, CURL_ERROR_SIZE> error_ = {};
    std::unique_ptr<CURL, Free> easy_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
    steady_clock::time_point last_ = steady_clock::now();  // time of the last received bytes
    std::size_t header_bytes_ = 0;
    bool connected_ = false;
    bool begun_ = false;
    std::exception_ptr thrown_;
};

}  // namespace

void transfer(const std::string& url, std::uint64_t first, const Settings& settings, const Receiver& receiver) {
    static const Library library;
    check_address(url);
    Transfer(url, first, settings, receiver).run();
}

}  // namespace harness::download
