#include "tests/harness/download/tls_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <utility>  // before Asio 1.74, which forgets it

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <stdexcept>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

template <class Write>
std::string pem(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    if (!out || write(out.get()) != 1) throw std::runtime_error("no PEM");
    std::string text(BIO_ctrl_pending(out.get()), '\0');
    BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

void add_extension(X509* certificate, int what, const char* value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value), &X509_EXTENSION_free);
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) throw std::runtime_error("no extension");
}

/// Lets a thread accept one connection after another until it is told to stop.
class Acceptor {
public:
    template <class Serve>
    void start(Serve serve) {
        thread_ = std::thread([this, serve] {
            for (;;) {
                tcp::socket socket(io_);
                error_code error;
                acceptor_.accept(socket, error);
                if (stopping_ || error) return;
                serve(socket);
            }
        });
    }
    void stop() {
        stopping_ = true;
        // Connecting to itself wakes the thread.
        tcp::socket knock(io_);
        error_code ignored;
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }
    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
    bool stopping() const { return stopping_; }
    asio::io_context& io() { return io_; }

private:
    asio::io_context io_;
    tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

class Record {
public:
    std::size_t add(const std::string& entry) {
        const std::lock_guard lock(mutex_);
        entries_.push_back(entry);
        return entries_.size() - 1;
    }
    std::vector<std::string> all() const {
        const std::lock_guard lock(mutex_);
        return entries_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> entries_;
};

}  // namespace

Identity Identity::make() {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    if (!key || !certificate) throw std::runtime_error("no key");
    X509* x509 = certificate.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key.get());
    const std::string name = "localhost";
    X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName, MBSTRING_ASC,
                               std::basic_string<unsigned char>(name.begin(), name.end()).c_str(), -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    add_extension(x509, NID_subject_alt_name, "DNS:localhost");
    add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
    if (X509_sign(x509, key.get(), EVP_sha256()) == 0) throw std::runtime_error("not signed");
    return {
        pem([&](BIO* out) { return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); }),
        pem([&](BIO* out) { return PEM_write_bio_X509(out, x509); })};
}

std::string answer(const std::string& status, const std::string& fields, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

class TlsServer::Implementation {
public:
    Implementation(const Identity& identity, Handler handler) : handler_(std::move(handler)) {
        context_.use_certificate_chain(asio::buffer(identity.certificate));
        context_.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
        acceptor_.start([this](tcp::socket& socket) { serve(socket); });
    }
    ~Implementation() { acceptor_.stop(); }

    std::string port() const { return acceptor_.port(); }
    std::vector<std::string> heads() const { return heads_.all(); }

private:
    void serve(tcp::socket& socket) {
        asio::ssl::stream<tcp::socket&> stream(socket, context_);
        error_code error;
        stream.handshake(asio::ssl::stream_base::server, error);
        if (error) return;
        std::string head;
        asio::read_until(stream, asio::dynamic_buffer(head), "\r\n\r\n", error);
        if (error) return;
        const Answer out = handler_(heads_.add(head), head);
        asio::write(stream, asio::buffer(out.bytes), error);
        if (out.end == Answer::End::Clean) stream.shutdown(error);
        // Silent until the client disconnects.
        char byte = 0;
        if (out.end == Answer::End::Stall) asio::read(socket, asio::buffer(&byte, 1), error);
        socket.close(error);
    }

    Handler handler_;
    Record heads_;
    asio::ssl::context context_{asio::ssl::context::tls_server};
    Acceptor acceptor_;
};

TlsServer::TlsServer(const Identity& identity, Handler handler)
    : implementation_(std::make_unique<Implementation>(identity, std::move(handler))) {}

TlsServer::~TlsServer() = default;

std::string TlsServer::port() const {
    return implementation_->port();
}

std::string TlsServer::url(const std::string& target) const {
    return "https://localhost:" + port() + target;
}

std::vector<std::string> TlsServer::heads() const {
    return implementation_->heads();
}

class StandInProxy::Implementation {
public:
    explicit Implementation(const std::string& status) : answer_("HTTP/1.1 " + status + "\r\n\r\n") {
        acceptor_.start([this](tcp::socket& client) { serve(client); });
    }
    ~Implementation() { acceptor_.stop(); }

    std::string port() const { return acceptor_.port(); }
    std::vector<std::string> asked() const { return asked_.all(); }

private:
    void serve(tcp::socket& client) {
        error_code error;
        std::string head;
        asio::read_until(client, asio::dynamic_buffer(head), "\r\n\r\n", error);
        if (error) return;
        asked_.add(head.substr(0, head.find("\r\n")));
        if (!answer_.starts_with("HTTP/1.1 200 ")) {
            asio::write(client, asio::buffer(answer_), error);
            return;
        }
        const std::size_t colon = head.find(':');
        const std::string port = head.substr(colon + 1, head.find(' ', colon) - colon - 1);
        tcp::socket server(acceptor_.io());
        server.connect(tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::stoi(port))),
                       error);
        if (error) return;
        asio::write(client, asio::buffer(answer_), error);
        std::thread back([&] { pass(server, client); });
        pass(client, server);
        back.join();
    }

    static void pass(tcp::socket& from, tcp::socket& to) {
        std::string block(4096, '\0');
        for (error_code error; !error;) {
            const std::size_t got = from.read_some(asio::buffer(block), error);
            error_code written;
            asio::write(to, asio::buffer(block.data(), got), written);
        }
        error_code ignored;
        to.shutdown(tcp::socket::shutdown_both, ignored);
    }

    const std::string answer_;
    Record asked_;
    Acceptor acceptor_;
};

StandInProxy::StandInProxy(const std::string& status) : implementation_(std::make_unique<Implementation>(status)) {}

StandInProxy::~StandInProxy() = default;

std::string StandInProxy::url() const {
    return "http://127.0.0.1:" + implementation_->port();
}

std::vector<std::string> StandInProxy::asked() const {
    return implementation_->asked();
}
