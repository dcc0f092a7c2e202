#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_shuffle : require

// One subgroup per workgroup: software devices run the subgroups of a workgroup one after the other.
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint kLanes = 8;         // subgroup size
layout(constant_id = 1) const uint kHeadUnits = 1;     // vec4 of one head, rounded up
layout(constant_id = 2) const uint kUnitsPerLane = 1;  // ceil(kHeadUnits / kLanes)
layout(constant_id = 4) const bool kBroadcasts = false;  // see DeviceFeatures::broadcasts
#include "lanes.glsl"

// Index of a texel. A view has at most 2^27 texels (2 GiB); with this limit, which also excludes negative numbers,
// software drivers need no sign extension for the address of each lane.
int texel(uint index) { return int(index & 0x07FFFFFFu); }
