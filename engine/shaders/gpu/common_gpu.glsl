#extension GL_EXT_control_flow_attributes : require
#include "push.h"
#include "gpu/tiles.h"
layout(constant_id = 0) const uint kLanes = 32;     // subgroup size: number of interleaved rows of the weights
layout(constant_id = 1) const uint kHeadUnits = 1;  // vec4 of one head, rounded up
