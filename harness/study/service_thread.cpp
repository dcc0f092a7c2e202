#include "harness/study/service_thread.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/transaction.hpp"

namespace harness::study {
namespace {

/// Calls of one transaction, at most: a burst of more is answered in parts, so that nobody waits for all of it.
constexpr std::size_t kMaxBatch = 256;

struct Waiting {
    std::function<void(StudyService&)> work;
    std::function<void(std::exception_ptr)> done;
    std::exception_ptr error = {};
};

}  // namespace

class ServiceThread::Impl {
public:
    Impl(const std::string& path, const std::string& study, Clock clock)
        : database_(path, store::OpenMode::ReadWrite), service_(database_, study, std::move(clock)) {
        // Last, when everything that it uses is there.
        thread_ = std::thread([this] { run(); });
    }

    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            is_ending_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void post(Waiting call) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(call));
        }
        wake_.notify_one();
    }

private:
    void run() {
        for (std::vector<Waiting> batch = next_batch(); !batch.empty(); batch = next_batch()) {
            try {
                store::Transaction together(database_);
                for (Waiting& call : batch) work(call);
                together.commit();
            } catch (...) {
                // Nothing of this batch is stored.
                service_.forget();
                for (Waiting& call : batch) {
                    if (!call.error) call.error = std::current_exception();
                }
            }
            for (const Waiting& call : batch) call.done(call.error);
        }
    }

    void work(Waiting& call) {
        try {
            store::Transaction alone(database_);
            call.work(service_);
            alone.commit();
        } catch (...) {
            service_.forget();
            call.error = std::current_exception();
        }
    }

    /// Waits for calls. Empty: the thread ends.
    std::vector<Waiting> next_batch() {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
        std::vector<Waiting> batch;
        while (!waiting_.empty() && batch.size() < kMaxBatch) {
            batch.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        return batch;
    }

    store::Database database_;
    StudyService service_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> waiting_;
    bool is_ending_ = false;
    std::thread thread_;
};

ServiceThread::ServiceThread(const std::string& database, const std::string& study, Clock clock)
    : impl_(std::make_unique<Impl>(database, study, std::move(clock))) {}
ServiceThread::~ServiceThread() = default;

void ServiceThread::post(std::function<void(StudyService&)> work, std::function<void(std::exception_ptr)> done) {
    impl_->post({std::move(work), std::move(done)});
}

}  // namespace harness::study
