#pragma once

#include "tests/support/temporary.hpp"
