#include "harness/web/answering.hpp"

#include <boost/asio/post.hpp>
#include <exception>
#include <string>
#include <utility>

namespace harness::web {
namespace {

using Pending = Answering::Pending;

std::string message_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& known) {
        return known.what();
    } catch (...) {
        return "unknown error";
    }
}

/// Gives the response to who waits for it. The timer's operations are for the network's thread only.
void deliver(const std::shared_ptr<Pending>& pending, Response response, std::string error) {
    auto carried = std::make_shared<Response>(std::move(response));
    net::post(pending->arrived.get_executor(), [pending, carried, error = std::move(error)] {
        pending->response = std::move(*carried);
        pending->error = error;
        pending->arrived.cancel();
    });
}

void deliver_error(const std::shared_ptr<Pending>& pending, const std::exception_ptr& error) {
    deliver(pending, plain(500, "Something went wrong here. What you sent was not stored; try again in a moment."),
            message_of(error));
}

}  // namespace

void Answering::render(Render step, std::shared_ptr<Pending> pending) {
    net::post(renderer_, [step = std::move(step), pending = std::move(pending)] {
        try {
            deliver(pending, step(), "");
        } catch (...) {
            deliver_error(pending, std::current_exception());
        }
    });
}

std::shared_ptr<Pending> Answering::begin(Work work, const net::any_io_executor& network) {
    auto pending = std::make_shared<Pending>(network);
    if (!work.at_study) {
        render(std::move(work.elsewhere), pending);
        return pending;
    }
    const auto rest = std::make_shared<Render>();
    study_.post([rest, step = std::move(work.at_study)](study::StudyService& service) { *rest = step(service); },
                [this, rest, pending](const std::exception_ptr& error) {
                    if (error) {
                        deliver_error(pending, error);
                    } else {
                        render(std::move(*rest), pending);
                    }
                });
    return pending;
}

std::shared_ptr<Pending> Answering::begin_event(NextEvent next, const net::any_io_executor& network) {
    auto pending = std::make_shared<Pending>(network);
    const auto event = std::make_shared<std::optional<std::string>>();
    study_.post([event, next = std::move(next)](study::StudyService& service) { *event = next(service); },
                [event, pending](const std::exception_ptr& error) {
                    if (error) {
                        deliver_error(pending, error);
                    } else {
                        deliver(pending, {.status = *event ? 200U : 204U, .body = event->value_or("")}, "");
                    }
                });
    return pending;
}

}  // namespace harness::web
