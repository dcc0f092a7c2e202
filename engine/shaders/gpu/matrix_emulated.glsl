// Emulates 16 x 16 matrices on devices without matrix units: slow, for tests. A and B stay in workgroup memory, which
// is not written between a load and the multiplications; C is distributed over the lanes of the subgroup. Subgroups are
// emulated too, so that every subgroup size can be tested.
#define MATRIX_LANE (gl_LocalInvocationID.x % kLanes)
#define MATRIX_SUBGROUP (gl_LocalInvocationID.x / kLanes)
#define MATRIX_BARRIER barrier()
#define MATRIX_LOOP [[dont_unroll]]  // over matrices: drivers take minutes to compile these loops unrolled
#define MATRIX_A uvec2  // first element, stride
#define MATRIX_B uvec2
struct MatrixC {
    float v[32];  // elements of a lane; subgroups of 8 lanes use all 32
};
#define MATRIX_C MatrixC
#define MATRIX_ZERO matrix_zero()
#define MATRIX_LOAD_A(a, element, stride) a = uvec2(element, stride)
#define MATRIX_LOAD_B(b, element, stride) b = uvec2(element, stride)
#define MATRIX_MULTIPLY_ADD(a, b, c) matrix_multiply_add(a, b, c)
#define MATRIX_ADD(c, d) matrix_add(c, d)
#define MATRIX_STORE(c, element, stride) matrix_store(c, element, stride)

const uint kMatrixElements = kMatrixSide * kMatrixSide / kLanes;  // elements of a lane
uint matrix_index(uint e) { return e * kLanes + MATRIX_LANE; }

MatrixC matrix_zero() {
    MatrixC c;
    [[dont_unroll]] for (uint e = 0; e < kMatrixElements; e++) c.v[e] = 0.0;
    return c;
}

MatrixC matrix_multiply_add(uvec2 a, uvec2 b, MatrixC c) {
    [[dont_unroll]] for (uint e = 0; e < kMatrixElements; e++) {
        const uint row = a.x + matrix_index(e) % kMatrixSide * a.y;
        const uint column = b.x + matrix_index(e) / kMatrixSide * b.y;
        precise float sum = c.v[e];
        [[unroll]] for (uint k = 0; k < kMatrixSide; k++) sum = fma(float(w_half[row + k]), float(x_half[column + k]), sum);
        c.v[e] = sum;
    }
    return c;
}

MatrixC matrix_add(MatrixC c, MatrixC d) {
    [[dont_unroll]] for (uint e = 0; e < kMatrixElements; e++) {
        precise const float sum = c.v[e] + d.v[e];
        c.v[e] = sum;
    }
    return c;
}

void matrix_store(MatrixC c, uint element, uint stride) {
    [[dont_unroll]] for (uint e = 0; e < kMatrixElements; e++)
        results[element + matrix_index(e) / kMatrixSide * stride + matrix_index(e) % kMatrixSide] = c.v[e];
}
