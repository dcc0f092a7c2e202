#include "peer.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

using nlohmann::json;

constexpr double kStartSeconds = 120;  // after which a server that has not answered is given up

void put(std::string& to, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>(value >> shift & 0xFFU);
}

void put(std::string& to, const std::string& text) {
    put(to, static_cast<std::uint32_t>(text.size()));
    to += text;
}

std::string choices_of(const Question& question) {
    std::string bytes;
    put(bytes, static_cast<std::uint32_t>(question.choices.size()));
    for (const std::string& choice : question.choices) put(bytes, choice);
    for (std::size_t i = 0; i < question.choices.size(); ++i) put(bytes, i == question.correct ? 1U : 0U);
    return bytes;
}

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(bytes, size * count);
    return size * count;
}

/// The answer's body; empty when there is none with status 200.
std::string request(const std::string& url, const std::string& body) {
    const std::unique_ptr<CURL, void (*)(CURL*)> call(curl_easy_init(), curl_easy_cleanup);
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all);
    std::string answer;
    curl_easy_setopt(call.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(call.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(call.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(call.get(), CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(call.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(call.get(), CURLOPT_WRITEDATA, &answer);
    if (!body.empty()) {
        curl_easy_setopt(call.get(), CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(call.get(), CURLOPT_POSTFIELDS, body.c_str());
    }
    return curl_easy_perform(call.get()) == CURLE_OK ? answer : "";
}

void wait_for(Background& server, const std::string& address) {
    const double start = now_seconds();
    while (request(address + "/health", "").empty()) {
        if (!server.is_running() || now_seconds() - start > kStartSeconds)
            throw std::runtime_error("llama-server does not answer at " + address);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

bool complete(const std::string& address, const std::string& prompt, std::uint32_t tokens) {
    const json body = {{"prompt", prompt},     {"n_predict", tokens}, {"temperature", 0},
                       {"cache_prompt", true}, {"ignore_eos", true},  {"n_probs", tokens == 1 ? 10 : 0}};
    const std::string answer =
        request(address + "/completion", body.dump(-1, ' ', false, json::error_handler_t::replace));
    return json::parse(answer, nullptr, false).contains("content");
}

}  // namespace

PeerRates rates_in(const std::string& llama_bench_json) {
    PeerRates rates;
    const json tests = json::parse(llama_bench_json, nullptr, false);
    if (tests.is_discarded()) throw std::runtime_error("llama-bench printed no JSON");
    for (const json& test : tests) {
        const double rate = test.value("avg_ts", 0.0);
        if (test.value("n_gen", 0) == 0 && test.value("n_prompt", 0) > 0) rates.prefill = rate;
        if (test.value("n_prompt", 0) == 0 && test.value("n_gen", 0) > 0) rates.decode = rate;
    }
    if (rates.prefill <= 0 || rates.decode <= 0)
        throw std::runtime_error("llama-bench printed no rate of a prompt or of generated tokens");
    return rates;
}

PeerRates peer_rates(const PeerPrograms& programs, const std::string& model) {
    return rates_in(run_child({programs.bench, "-m", model, "-p", "256", "-n", "32", "-r", "1", "-t",
                               std::to_string(programs.threads), "-o", "json"})
                        .output);
}

std::vector<Question> questions_in(const std::string& rendered_jsonl) {
    std::vector<Question> questions;
    std::map<std::pair<std::string, std::uint64_t>, std::size_t> places;
    std::istringstream lines(rendered_jsonl);
    for (std::string line; std::getline(lines, line);) {
        const json request = json::parse(line);
        const auto [place, is_new] = places.try_emplace({request.at("task"), request.at("doc")}, questions.size());
        if (is_new) questions.push_back({.prompt = request.at("context"), .choices = {}, .correct = 0});
        Question& question = questions[place->second];
        std::string choice = request.at("continuation");
        if (choice.empty()) continue;
        if (choice.front() == ' ') choice.erase(0, 1);
        question.choices.push_back(choice);
    }
    return questions;
}

std::string multiple_choice_file(const std::vector<Question>& questions) {
    std::string head;
    std::string tasks;
    put(head, static_cast<std::uint32_t>(questions.size()));
    const std::size_t start = head.size() * (questions.size() + 1);
    for (const Question& question : questions) {
        put(head, static_cast<std::uint32_t>(start + tasks.size()));
        put(tasks, question.prompt);
        tasks += choices_of(question);
        tasks += choices_of(question);
    }
    return head + tasks;
}

Cost peer_choices(const PeerPrograms& programs, const std::string& model, const std::vector<Question>& questions,
                  const std::string& folder) {
    const std::string file = (std::filesystem::path(folder) / "peer_choices.bin").string();
    std::ofstream(file, std::ios::binary) << multiple_choice_file(questions);
    return run_child({programs.perplexity, "-m", model, "-bf", file, "--multiple-choice", "--multiple-choice-tasks",
                      "0", "-c", "2048", "-np", "32", "-t", std::to_string(programs.threads)})
        .cost;
}

Cost peer_server(const PeerPrograms& programs, const std::string& model, const ServerWork& work) {
    const std::string address = fmt::format("http://127.0.0.1:{}", programs.port);
    if (!request(address + "/health", "").empty())
        throw std::runtime_error("another server answers at " + address + ": stop it, or choose --peer-port");
    Background server({programs.server, "-m", model, "--port", std::to_string(programs.port), "-t",
                       std::to_string(programs.threads), "-np", std::to_string(work.slots), "-c",
                       std::to_string(work.context), "--no-webui"});
    wait_for(server, address);
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    std::vector<std::thread> clients;
    for (std::uint32_t slot = 0; slot < work.slots; ++slot) {
        clients.emplace_back([&] {
            for (std::size_t i = next++; i < work.questions.size() && !failed; i = next++)
                if (!complete(address, work.questions[i].prompt, work.tokens)) failed = true;
        });
    }
    for (std::thread& client : clients) client.join();
    if (failed) throw std::runtime_error("llama-server did not complete a prompt");
    return server.end();
}

}  // namespace bench
