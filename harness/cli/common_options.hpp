#pragma once

#include <string>
#include <vector>

#include "harness/cli/verb.hpp"

/// Options that several verbs share.
namespace harness::cli {

constexpr const char* kModelHelp = "GGUF file, or demo:base, demo:helpful, demo:chat";
constexpr const char* kRunHelp = "Run: its number, the start of its plan hash, or 'latest'";

void json_flag(Verb& verb, bool& json);
Option& database_option(Verb& verb, std::string& database);
Option& data_option(Verb& verb, std::string& data_dir);
/// Adds --tasks: folders with the user's own task files.
Option& tasks_option(Verb& verb, std::vector<std::string>& folders);
Option& against_option(Verb& verb, std::string& against);
void sampling_options(Verb& verb, float& temperature, float& top_p, std::uint32_t& top_k);

}  // namespace harness::cli
