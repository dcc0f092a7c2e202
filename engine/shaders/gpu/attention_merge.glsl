// Combines chunks of a softmax, in order.
struct Softmax {
    float top;   // the largest score
    float mass;  // the sum of exp(score - top)
};
const float kLeast = -1e30;

// Merges `chunk` into `whole`. Returns the factors for the sums of values of `whole` and `chunk`.
vec2 merge(inout Softmax whole, Softmax chunk) {
    const float top = max(whole.top, chunk.top);
    const vec2 factors = vec2(exp(whole.top - top), exp(chunk.top - top));
    precise const float kept = whole.mass * factors.x;
    precise const float mass = fma(chunk.mass, factors.y, kept);
    whole = Softmax(top, mass);
    return factors;
}

vec4 merged(vec4 whole, vec4 chunk, vec2 factors) {
    precise const vec4 kept = whole * factors.x;
    precise const vec4 both = fma(chunk, vec4(factors.y), kept);
    return both;
}
