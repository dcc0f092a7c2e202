#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "harness/web/server.hpp"
#include "tests/harness/study/small_study.hpp"
#include "tests/harness/web/client.hpp"
#include "tests/support/temporary.hpp"

/// A real server on this machine.
namespace loopback {

/// A server with a study of `prompts`, which runs on a thread of its own.
class Running {
public:
    explicit Running(std::size_t prompts = 5, harness::web::ConnectionLimits limits = {},
                     harness::web::RequestLimits requests = {.address = {}, .session = {}, .sign_in = {}}) {
        {
            const harness::store::Database database(path(), harness::store::OpenMode::Create);
            small_study::add(database, small_study::pairwise(), prompts);
            harness::study::StudyService service(database, "small");
            for (auto& link : service.invite(100, "")) tokens_.push_back(link.token);
        }
        start(limits, requests);
    }
    Running(const Running&) = delete;
    ~Running() {
        if (server_) stop();
    }

    void stop() {
        server_->stop();
        thread_.join();
        server_.reset();
    }
    void start(harness::web::ConnectionLimits limits, harness::web::RequestLimits requests) {
        server_ = std::make_unique<harness::web::Server>(
            harness::web::ServerOptions{.database = path(),
                                        .study = "small",
                                        .port = 0,
                                        .limits = limits,
                                        .app = {.passphrase = "correct horse battery", .limits = requests},
                                        .log = [this](std::string_view line) {
                                            const std::lock_guard lock(mutex_);
                                            log_ += std::string(line) + "\n";
                                        }});
        thread_ = std::thread([this] { server_->run(); });
    }

    std::uint16_t port() const { return server_->port(); }
    Client client() const { return Client(port()); }
    std::string path() const { return folder_ / "study.sqlite"; }
    const std::string& token(std::size_t rater) const { return tokens_.at(rater); }
    std::string log() const {
        const std::lock_guard lock(mutex_);
        return log_;
    }

private:
    Temporary folder_;
    std::vector<std::string> tokens_;
    mutable std::mutex mutex_;
    std::string log_;
    std::unique_ptr<harness::web::Server> server_;
    std::thread thread_;
};

}  // namespace loopback
