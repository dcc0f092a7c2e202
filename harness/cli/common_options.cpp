#include "harness/cli/common_options.hpp"

#include "suites/fetch.hpp"

namespace harness::cli {

void json_flag(Verb& verb, bool& json) {
    verb.flag("--json", truth(json), "Print JSON instead of text");
}

Option& database_option(Verb& verb, std::string& database) {
    database = "bellwether.sqlite";
    return verb.option("--db", "FILE", text_not_empty(database), "Database file (default: bellwether.sqlite)");
}

Option& data_option(Verb& verb, std::string& data_dir) {
    data_dir = suites::default_data_dir();
    return verb.option("--data", "DIR", text_not_empty(data_dir),
                       "Data folder, searched before $BELLWETHER_CACHE (default: ~/.cache/bellwether)");
}

Option& tasks_option(Verb& verb, std::vector<std::string>& folders) {
    Option& option = verb.option("--tasks", "DIR", texts(folders),
                                 "Folder with task and group files of your own (*.json), beside those built in; may be "
                                 "given several times");
    option.alias("--include-path").arity = Arity::Repeated;
    return option;
}

Option& against_option(Verb& verb, std::string& against) {
    return verb.option("--against", "MODEL", any_text(against),
                       "Published numbers of this model beside the runs', such as llama-2-7b");
}

void sampling_options(Verb& verb, float& temperature, float& top_p, std::uint32_t& top_k) {
    verb.option("--temperature", "X", real_number(temperature, 0, 100), "Temperature of the sampling; 0 is greedy");
    verb.option("--top-p", "X", real_number(top_p, 0, 1), "Keep the most probable tokens up to this mass");
    verb.option("--top-k", "N", whole_number(top_k), "Keep the N most probable tokens (0: all)");
}

}  // namespace harness::cli
