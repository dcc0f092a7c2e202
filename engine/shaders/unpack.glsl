// What differs between weight types:
// weight_units(blocks): units of a row.
// unpack(base, blocks, block, w): the 32 values of a block without their scale; returns the scale.
// pairs(base, blocks, block, a, s), for types of small integers: the values as 16 pairs (quants.glsl); the weight is
// s.x * value + s.z in the first half of the block and s.y * value + s.w in the second. PRODUCTS: pairs that may be multiplied with
// 8-bit activations and added before a sum leaves 16 bits. HALVES: the halves have their own scales. MINIMA: s.zw are not zero.
#if defined(WEIGHTS_f32)
#include "unpack_f32.glsl"
#elif defined(WEIGHTS_f16)
#include "unpack_f16.glsl"
#elif defined(WEIGHTS_bf16)
#include "unpack_bf16.glsl"
#elif defined(WEIGHTS_q8_0)
#include "unpack_q8_0.glsl"
#elif defined(WEIGHTS_q4_0)
#include "unpack_q4_0.glsl"
#elif defined(WEIGHTS_q4_1)
#include "unpack_q4_1.glsl"
#elif defined(WEIGHTS_q5_0)
#include "unpack_q5_0.glsl"
#elif defined(WEIGHTS_q5_1)
#include "unpack_q5_1.glsl"
#elif defined(WEIGHTS_q2_k)
#include "unpack_q2_k.glsl"
#elif defined(WEIGHTS_q3_k)
#include "unpack_q3_k.glsl"
#elif defined(WEIGHTS_q4_k)
#include "unpack_q4_k.glsl"
#elif defined(WEIGHTS_q5_k)
#include "unpack_q5_k.glsl"
#elif defined(WEIGHTS_q6_k)
#include "unpack_q6_k.glsl"
#elif defined(WEIGHTS_iq4_nl)
#include "unpack_iq4_nl.glsl"
#elif defined(WEIGHTS_iq4_xs)
#include "unpack_iq4_xs.glsl"
#endif
