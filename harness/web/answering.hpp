#pragma once

#include <memory>

#include "harness/study/service_thread.hpp"
#include "harness/web/asio.hpp"
#include "harness/web/message.hpp"

namespace harness::web {

/// Carries a request's Work through its threads: the study's, then the renderer's, then back to the network's.
class Answering {
public:
    /// An answer that somebody waits for on the network's thread.
    struct Pending {
        explicit Pending(const net::any_io_executor& network)
            : arrived(network, net::steady_timer::time_point::max()) {}
        net::steady_timer arrived;  ///< cancelled when `response` is there
        Response response = {};
        std::string error = {};  ///< for the log: why it is a 500
    };

    explicit Answering(study::ServiceThread& study) : study_(study) {}

    /// Must be called, and its result be awaited, on the network's thread, with nothing in between.
    std::shared_ptr<Pending> begin(Work work, const net::any_io_executor& network);
    /// The next event of a stream as Pending::response's body; its status is 204 at the end of the stream.
    std::shared_ptr<Pending> begin_event(NextEvent next, const net::any_io_executor& network);
    /// Waits for what was begun.
    void finish() { renderer_.join(); }

private:
    void render(Render step, std::shared_ptr<Pending> pending);

    study::ServiceThread& study_;
    net::thread_pool renderer_{1};  // templates are for one thread
};

}  // namespace harness::web
