#include "engine/formats/model_file.hpp"
#include "engine/formats/sentencepiece/model.hpp"
#include "engine/language_model.hpp"
#include "engine/text/tokenizer.hpp"

namespace engine {

std::unique_ptr<Tokenizer> open_tokenizer(const std::string& path) {
    return text::make_tokenizer(path, formats::is_model_file(path) ? formats::open_model_file(path)->vocabulary()
                                                                   : formats::sentencepiece::read_model_file(path));
}

}  // namespace engine
