#include "safety/judge/look_alike.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "safety/code_point.hpp"

namespace safety::judge {
namespace {

bool in(char32_t value, char32_t first, char32_t last) {
    return value >= first && value <= last;
}

/// Zero-width characters, changes of direction, accents as marks of their own, variation selectors, tags.
bool is_invisible(char32_t value) {
    return value == 0xAD || value == 0x34F || in(value, 0x300, 0x36F) || value == 0x61C || value == 0x180E ||
           in(value, 0x200B, 0x200F) || in(value, 0x202A, 0x202E) || in(value, 0x2060, 0x206F) || value == 0x3164 ||
           in(value, 0xFE00, 0xFE0F) || value == 0xFEFF || in(value, 0xE0000, 0xE01EF);
}

bool is_line_break(char32_t value) {
    return in(value, 0x0A, 0x0D) || value == 0x85 || value == 0x2028 || value == 0x2029;
}

bool is_space(char32_t value) {
    return value <= 0x20 || value == 0x7F || value == 0xA0 || value == 0x1680 || in(value, 0x2000, 0x200A) ||
           value == 0x202F || value == 0x205F || value == 0x2800 || value == 0x3000;
}

struct Shape {
    char32_t from;
    char to;
};

/// Letters and marks that most fonts draw like an ASCII character (Unicode's confusables, the ones that the marks of
/// templates and chat formats can be spelt with).
constexpr auto kShapes = std::to_array<Shape>({
    {0x430, 'a'},  {0x410, 'a'},  {0x412, 'b'},  {0x441, 'c'},  {0x421, 'c'},  {0x501, 'd'},  {0x435, 'e'},
    {0x415, 'e'},  {0x451, 'e'},  {0x51B, 'q'},  {0x4BB, 'h'},  {0x41D, 'h'},  {0x456, 'i'},  {0x406, 'i'},
    {0x4CF, 'l'},  {0x4C0, 'i'},  {0x458, 'j'},  {0x408, 'j'},  {0x41A, 'k'},  {0x43A, 'k'},  {0x41C, 'm'},
    {0x43E, 'o'},  {0x41E, 'o'},  {0x440, 'p'},  {0x420, 'p'},  {0x455, 's'},  {0x405, 's'},  {0x422, 't'},
    {0x442, 't'},  {0x475, 'v'},  {0x51D, 'w'},  {0x445, 'x'},  {0x425, 'x'},  {0x443, 'y'},  {0x423, 'y'},
    {0x4AF, 'y'},  {0x391, 'a'},  {0x3B1, 'a'},  {0x392, 'b'},  {0x395, 'e'},  {0x3B5, 'e'},  {0x396, 'z'},
    {0x397, 'h'},  {0x399, 'i'},  {0x3B9, 'i'},  {0x39A, 'k'},  {0x3BA, 'k'},  {0x39C, 'm'},  {0x39D, 'n'},
    {0x39F, 'o'},  {0x3BF, 'o'},  {0x3A1, 'p'},  {0x3C1, 'p'},  {0x3A4, 't'},  {0x3C4, 't'},  {0x3A5, 'y'},
    {0x3C5, 'u'},  {0x3BD, 'v'},  {0x3A7, 'x'},  {0x54D, 'u'},  {0x57D, 'u'},  {0x578, 'n'},  {0x131, 'i'},
    {0x261, 'g'},  {0x237, 'j'},  {0x17F, 's'},  {0x1D04, 'c'}, {0x2039, '<'}, {0x203A, '>'}, {0x2329, '<'},
    {0x232A, '>'}, {0x276C, '<'}, {0x276D, '>'}, {0x276E, '<'}, {0x276F, '>'}, {0x2770, '<'}, {0x2771, '>'},
    {0x27E8, '<'}, {0x27E9, '>'}, {0x3008, '<'}, {0x3009, '>'}, {0xAB, '<'},   {0xBB, '>'},   {0x226A, '<'},
    {0x226B, '>'}, {0x300A, '<'}, {0x300B, '>'}, {0xFE64, '<'}, {0xFE65, '>'}, {0x1433, '<'}, {0x1438, '<'},
    {0x27E6, '['}, {0x27E7, ']'}, {0x3010, '['}, {0x3011, ']'}, {0x3014, '['}, {0x3015, ']'}, {0x301A, '['},
    {0x301B, ']'}, {0x2045, '['}, {0x2046, ']'}, {0x2772, '['}, {0x2773, ']'}, {0xFE5D, '['}, {0xFE5E, ']'},
    {0x1C0, '|'},  {0x2223, '|'}, {0x2502, '|'}, {0x23D0, '|'}, {0x2758, '|'}, {0xA6, '|'},   {0x2044, '/'},
    {0x2215, '/'}, {0x29F8, '/'}, {0x2236, ':'}, {0x2D0, ':'},  {0xA789, ':'}, {0xFE30, ':'}, {0xFE55, ':'},
    {0x589, ':'},  {0x5C3, ':'},  {0x205A, ':'}, {0xFE5F, '#'}, {0x2010, '-'}, {0x2011, '-'}, {0x2012, '-'},
    {0x2013, '-'}, {0x2014, '-'}, {0x2212, '-'}, {0xFE4D, '_'}, {0x2022, '*'}, {0x2217, '*'},
});

/// First letters of alphabets that are drawn like ASCII's: circled, squared and others, each 26 long.
constexpr auto kAlphabets =
    std::to_array<char32_t>({0x24B6, 0x24D0, 0x249C, 0x1F110, 0x1F130, 0x1F150, 0x1F170, 0x1F1E6});

/// Latin-1 letters from U+00C0 without their accents.
constexpr std::string_view kLatin1 = "aaaaaa ceeeeiiii nooooo ouuuuy  ";

char ascii_shape(char32_t value) {
    if (is_line_break(value)) return '\n';
    if (is_space(value)) return ' ';
    return static_cast<char>(in(value, 'A', 'Z') ? value + 32 : value);
}

char shape_of(char32_t value) {
    if (value < 0x80 || is_line_break(value) || is_space(value)) return ascii_shape(value);
    if (in(value, 0xFF01, 0xFF5E)) return ascii_shape(value - 0xFEE0);                        // full-width
    if (in(value, 0x1D400, 0x1D6A3)) return static_cast<char>('a' + (value - 0x1D400) % 26);  // mathematical
    if (in(value, 0xC0, 0xFF) && kLatin1[(value - 0xC0) % 32] != ' ') return kLatin1[(value - 0xC0) % 32];
    for (const char32_t first : kAlphabets) {
        if (in(value, first, first + 25)) return static_cast<char>('a' + (value - first));
    }
    const auto* found =
        std::find_if(kShapes.begin(), kShapes.end(), [value](const Shape& shape) { return shape.from == value; });
    return found == kShapes.end() ? '\0' : found->to;
}

}  // namespace

std::vector<LookAlike> look_alikes(std::string_view text) {
    std::vector<LookAlike> all;
    all.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = next_code_point(text.substr(at));
        const std::size_t end = at + point.bytes;
        if (point.value == kInvalidCodePoint) {
            all.push_back({'\0', at, end});
        } else if (!is_invisible(point.value)) {
            all.push_back({shape_of(point.value), at, end});
        }
        at = end;
    }
    return all;
}

}  // namespace safety::judge
