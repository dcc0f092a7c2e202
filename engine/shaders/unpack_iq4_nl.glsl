// Like Q4_0, but a nibble is an index in the table of values.
uint scale_units(uint blocks) { return (blocks + 7) / 8; }
uint weight_units(uint blocks) { return scale_units(blocks) + blocks; }
uvec4 nibbles_of(uint base, uint blocks, uint superblock, uint index) { return unit_at(base, scale_units(blocks) + superblock * 8 + index); }

vec4 scales_of(uint base, uint blocks, uint superblock, uint index) { return vec4(eighth_unit(unit_at(base, superblock), index)); }
#include "iq4_values.glsl"
