#pragma once

#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "harness/study/service.hpp"

namespace harness::study {

/// A StudyService on a thread of its own, for callers on any thread. Calls that wait at the same time share one
/// transaction and so one sync of the disk (group commit): a burst costs the disk a few syncs, not one a call. A call
/// is answered after its transaction is committed: what was acknowledged survives SIGKILL and a power failure.
class ServiceThread {
public:
    /// Opens the database and the study before it returns. Throws store::StoreError, base::UsageError.
    ServiceThread(const std::string& database, const std::string& study, Clock clock = system_now);
    /// Answers the calls that wait.
    ~ServiceThread();
    ServiceThread(const ServiceThread&) = delete;
    ServiceThread& operator=(const ServiceThread&) = delete;

    /// Runs `work` on the thread; calls run in the order in which they were posted. Then, after the commit, `done` on
    /// the same thread: with what `work` threw (its writes are rolled back, those of other calls are kept), with the
    /// error of the commit, or with nullptr. `done` must not throw and should be short, such as an asio::post.
    void post(std::function<void(StudyService&)> work, std::function<void(std::exception_ptr)> done);

    /// The result of `work`, for callers that may wait. Must not be called on the thread itself.
    template <class Work>
    auto ask(Work work) -> std::invoke_result_t<Work, StudyService&> {
        using Result = std::invoke_result_t<Work, StudyService&>;
        const auto answered = std::make_shared<std::promise<void>>();
        const auto done = [answered](std::exception_ptr error) {
            error ? answered->set_exception(std::move(error)) : answered->set_value();
        };
        if constexpr (std::is_void_v<Result>) {
            post(std::move(work), done);
            answered->get_future().get();
        } else {
            std::optional<Result> result;
            post([&](StudyService& service) { result.emplace(work(service)); }, done);
            answered->get_future().get();
            return std::move(*result);
        }
    }

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::study
