// Exchange of values between lanes. On software devices subgroupAdd and subgroupMax are loops over the lanes. Some of
// their compilers turn shuffles by constants into one instruction and broadcasts into loops, others do the opposite
// (kBroadcasts, which is only set for subgroups of 8 and 16 lanes). Both give the same bits: the sums of a tree of
// shuffles are added in the same order.

#define FROM_LANE(Type)                                           \
    Type from_lane(Type value, uint lane) {                       \
        Type result;                                              \
        if (kBroadcasts) result = subgroupBroadcast(value, lane); \
        else result = subgroupShuffle(value, lane);               \
        return result;                                            \
    }
// The value of lane `lane`, which must be a constant once loops are unrolled.
FROM_LANE(float)
FROM_LANE(int)
FROM_LANE(uint)

// The sum of lanes `first` to `first` + 3, where `first` is a multiple of 4.
float sum_of_4(float value, uint first) {
    precise float four;
    if (kBroadcasts) {
        precise const float low = from_lane(value, first) + from_lane(value, first + 1);
        precise const float high = from_lane(value, first + 2) + from_lane(value, first + 3);
        four = low + high;
    } else {
        precise const float pair = value + subgroupShuffleXor(value, 1);
        precise const float own = pair + subgroupShuffleXor(pair, 2);
        four = subgroupShuffle(own, first);
    }
    return four;
}

// The sum of the lane's own group of four lanes.
int sum_of_own_4(int value) {
    int sum;
    if (kBroadcasts) {
        sum = 0;
        [[unroll]] for (uint first = 0; first < 16; first += 4) {
            if (first < kLanes) {
                const int four = from_lane(value, first) + from_lane(value, first + 1) + from_lane(value, first + 2) + from_lane(value, first + 3);
                sum = (gl_SubgroupInvocationID & 12) == first ? four : sum;
            }
        }
    } else {
        sum = value + subgroupShuffleXor(value, 1);
        sum += subgroupShuffleXor(sum, 2);
    }
    return sum;
}

float max_of_8(float value, uint first) {
    float top = from_lane(value, first);
    [[unroll]] for (uint i = 1; i < 8; i++) top = max(top, from_lane(value, first + i));
    return top;
}

// The maximum of the lane's own group of eight lanes.
float max_of_own_8(float value) {
    float top = value;
    if (kBroadcasts) {
        top = max_of_8(value, 0);
        if (kLanes > 8) {
            const float other = max_of_8(value, 8);
            top = gl_SubgroupInvocationID < 8 ? top : other;
        }
    } else {
        top = max(top, subgroupShuffleXor(top, 1));
        top = max(top, subgroupShuffleXor(top, 2));
        top = max(top, subgroupShuffleXor(top, 4));
    }
    return top;
}

float max_of_lanes(float value) {
    float top = value;
    if (kBroadcasts) {
        top = max_of_8(value, 0);
        if (kLanes > 8) top = max(top, max_of_8(value, 8));
    } else {
        if (kLanes > 1) top = max(top, subgroupShuffleXor(top, 1));
        if (kLanes > 2) top = max(top, subgroupShuffleXor(top, 2));
        if (kLanes > 4) top = max(top, subgroupShuffleXor(top, 4));
        if (kLanes > 8) top = max(top, subgroupShuffleXor(top, 8));
        if (kLanes > 16) top = max(top, subgroupShuffleXor(top, 16));
        if (kLanes > 32) top = max(top, subgroupShuffleXor(top, 32));
    }
    return top;
}

float sum_of_lanes(float value) {
    precise float all = value;
    if (kBroadcasts) {
        all = sum_of_4(value, 0) + sum_of_4(value, 4);
        if (kLanes > 8) {
            precise const float upper = sum_of_4(value, 8) + sum_of_4(value, 12);
            all = all + upper;
        }
    } else {
        if (kLanes > 1) all = all + subgroupShuffleXor(all, 1);
        if (kLanes > 2) all = all + subgroupShuffleXor(all, 2);
        if (kLanes > 4) all = all + subgroupShuffleXor(all, 4);
        if (kLanes > 8) all = all + subgroupShuffleXor(all, 8);
        if (kLanes > 16) all = all + subgroupShuffleXor(all, 16);
        if (kLanes > 32) all = all + subgroupShuffleXor(all, 32);
    }
    return all;
}
