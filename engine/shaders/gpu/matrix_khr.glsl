// Matrices of 16 x 16 distributed over a subgroup, with VK_KHR_cooperative_matrix.
#extension GL_KHR_cooperative_matrix : require
// Place of an invocation, and a barrier for its subgroup.
#define MATRIX_LANE gl_SubgroupInvocationID
#define MATRIX_SUBGROUP gl_SubgroupID
#define MATRIX_BARRIER subgroupBarrier()
#define MATRIX_LOOP [[unroll]]  // over matrices, which are registers
#define MATRIX_A coopmat<float16_t, gl_ScopeSubgroup, kMatrixSide, kMatrixSide, gl_MatrixUseA>
#define MATRIX_B coopmat<float16_t, gl_ScopeSubgroup, kMatrixSide, kMatrixSide, gl_MatrixUseB>
#define MATRIX_C coopmat<float, gl_ScopeSubgroup, kMatrixSide, kMatrixSide, gl_MatrixUseAccumulator>
#define MATRIX_ZERO MATRIX_C(0.0)
#define MATRIX_LOAD_A(a, element, stride) coopMatLoad(a, w_half, element, stride, gl_CooperativeMatrixLayoutRowMajor)
#define MATRIX_LOAD_B(b, element, stride) coopMatLoad(b, x_half, element, stride, gl_CooperativeMatrixLayoutColumnMajor)
#define MATRIX_MULTIPLY_ADD(a, b, c) coopMatMulAdd(a, b, c)
#define MATRIX_ADD(c, d) ((c) + (d))
#define MATRIX_STORE(c, element, stride) coopMatStore(c, results, element, stride, gl_CooperativeMatrixLayoutColumnMajor)
