// Matrices of 16 x 16 distributed over a subgroup, with VK_NV_cooperative_matrix.
#extension GL_NV_cooperative_matrix : require
// Place of an invocation, and a barrier for its subgroup.
#define MATRIX_LANE gl_SubgroupInvocationID
#define MATRIX_SUBGROUP gl_SubgroupID
#define MATRIX_BARRIER subgroupBarrier()
#define MATRIX_LOOP [[unroll]]  // over matrices, which are registers
#define MATRIX_A fcoopmatNV<16, gl_ScopeSubgroup, kMatrixSide, kMatrixSide>
#define MATRIX_B fcoopmatNV<16, gl_ScopeSubgroup, kMatrixSide, kMatrixSide>
#define MATRIX_C fcoopmatNV<32, gl_ScopeSubgroup, kMatrixSide, kMatrixSide>
#define MATRIX_ZERO MATRIX_C(0.0)
#define MATRIX_LOAD_A(a, element, stride) coopMatLoadNV(a, w_half, element, stride, false)
#define MATRIX_LOAD_B(b, element, stride) coopMatLoadNV(b, x_half, element, stride, true)
#define MATRIX_MULTIPLY_ADD(a, b, c) coopMatMulAddNV(a, b, c)
#define MATRIX_ADD(c, d) ((c) + (d))
#define MATRIX_STORE(c, element, stride) coopMatStoreNV(c, results, element, stride, true)
