// Samples a token from softmax(logits / temperature) after top-k and top-p. With the tokens ordered from most to least
// probable, equal ones by id, it takes the first token at which the cumulative mass exceeds `share` of the kept mass.
// Nothing is sorted: the mass above a logit is a function of that float, and a search over floats, two bits of an
// ordered key at a time, finds where it crosses a bound. Sums are taken in the same order for every bound, so the mass
// never grows as the bound grows, not even in the last bit.
//
// Each kernel family defines EACH_LOGIT_BEGIN and EACH_LOGIT_END, a loop that sets `id` and `logit`, and all_sum(), the
// sum over the workgroup. It sets these variables before draw():
float top;                  // the largest logit
float inverse_temperature;  // finite
uint vocab;

// Keys have the same order as their floats; 0 is below and 2^32 - 1 above all numbers.
float at_key(uint key) {
    const uint number = clamp(key, 0x007FFFFFu, 0xFF800000u);  // from minus infinity to infinity
    return uintBitsToFloat((number & 0x80000000u) != 0 ? number ^ 0x80000000u : ~number);
}

float mass_of(float logit) {
    precise const float mass = exp((logit - top) * inverse_temperature);
    return mass;
}

vec3 mass_above(vec3 bounds) {
    precise vec3 sum = vec3(0.0);
    EACH_LOGIT_BEGIN
        const float mass = mass_of(logit);
        [[unroll]] for (uint i = 0; i < 3; i++) sum[i] = sum[i] + (logit > bounds[i] ? mass : 0.0);
    EACH_LOGIT_END
    return all_sum(sum);
}

uvec3 count_above(vec3 bounds) {
    uvec3 count = uvec3(0);
    EACH_LOGIT_BEGIN
        [[unroll]] for (uint i = 0; i < 3; i++) count[i] += uint(logit > bounds[i]);
    EACH_LOGIT_END
    return all_sum(count);
}

// For each end, the number of tokens with exactly this logit and a smaller id.
uvec3 count_ties(float value, uvec3 ends) {
    uvec3 count = uvec3(0);
    EACH_LOGIT_BEGIN
        [[unroll]] for (uint i = 0; i < 3; i++) count[i] += uint(logit == value && id < ends[i]);
    EACH_LOGIT_END
    return all_sum(count);
}

vec3 bounds_at(uint key, uint step) { return vec3(at_key(key + step - 1), at_key(key + 2 * step - 1), at_key(key + 3 * step - 1)); }

// The smallest key with at most `most` mass (or tokens) above it: the logit of the token at which the cumulative mass
// (or number) exceeds `most`.
uint search_mass(float most) {
    uint key = 0;
    [[dont_unroll]] for (uint step = 1u << 30; step > 0; step >>= 2) {
        const vec3 mass = mass_above(bounds_at(key, step));
        key += step * (uint(mass.x > most) + uint(mass.y > most) + uint(mass.z > most));
    }
    return key;
}
uint search_count(uint most) {
    uint key = 0;
    [[dont_unroll]] for (uint step = 1u << 30; step > 0; step >>= 2) {
        const uvec3 count = count_above(bounds_at(key, step));
        key += step * (uint(count.x > most) + uint(count.y > most) + uint(count.z > most));
    }
    return key;
}

// The id of the token with this logit that has `before` tokens with the same logit and smaller ids; vocab or more when
// there is none.
uint nth_tie(float value, uint before) {
    uint id = 0;
    [[dont_unroll]] for (uint step = 1u << (findMSB(vocab) & ~1); step > 0; step >>= 2) {
        const uvec3 count = count_ties(value, id + step * uvec3(1, 2, 3));
        id += step * (uint(count.x <= before) + uint(count.y <= before) + uint(count.z <= before));
    }
    return id;
}

uint draw(float top_p, uint top_k, float share) {
    float kept = mass_above(vec3(at_key(0))).x;
    // The last kept token is number `ties` of those with the logit at key `last`. last 0: all tokens are kept.
    uint last = 0;
    uint ties = 0xFFFFFFFFu;
    if (top_k > 0 && top_k < vocab) {
        last = search_count(top_k - 1);
        ties = top_k - count_above(vec3(at_key(last))).x;
    }
    if (top_p < 1.0) {
        const float most = top_p * kept;
        const uint key = search_mass(most);
        const float logit = at_key(key);
        const float before = min((most - mass_above(vec3(logit)).x) / mass_of(logit), 1e9);
        if (key > last || (key == last && key > 0)) {
            ties = min(key > last ? 0xFFFFFFFFu : ties, uint(before) + 1);
            last = key;
        }
    }
    if (last > 0) {
        const float logit = at_key(last);
        ties = min(ties, count_ties(logit, uvec3(vocab)).x);
        kept = mass_above(vec3(logit)).x + float(ties) * mass_of(logit);
    }
    const float target = min(share * kept, uintBitsToFloat(floatBitsToUint(kept) - 1));  // less than `kept`
    const uint key = max(search_mass(target), last);
    const float logit = at_key(key);
    const float before = clamp((target - mass_above(vec3(logit)).x) / mass_of(logit), 0.0, 1e9);
    return nth_tie(logit, min(uint(before), (key == last ? ties : count_ties(logit, uvec3(vocab)).x) - 1));
}
