// Shared by the matrix kernels: a workgroup's tile of kRowGroups * kLanes weight rows (a lane is a row) and TOKENS
// tokens. A kernel defines its activations at binding 1, add_block(superblock, index), find_activations(first_token,
// lane), and for one token add_blocks(superblock, index, lane), which adds BLOCKS_PER_TURN blocks at a time; then it
// includes matmul_main.glsl.
#include "common.glsl"
#include "push.h"
layout(push_constant) uniform Push { MatmulPush push; };
layout(binding = 0, rgba32ui) uniform readonly uimageBuffer weights;  // rows interleaved by kLanes in units of 16 bytes
layout(binding = 2) buffer Y { float y[]; };                          // [tokens, y_stride]
#include "unpack.glsl"

const uint kRowGroups = TOKENS == 1 ? kRowGroupsOne : kRowGroupsMany;

uint blocks;            // blocks of a row
uint base[kRowGroups];  // the lane's first unit of each of its rows
float total[kRowGroups][TOKENS];
