#!/usr/bin/env bash
# new_driver.sh PROGRAM [ARGUMENT...]: runs a test on another Vulkan driver, whose .json file BELLWETHER_NEW_DRIVER names.
# Libraries beside the driver are preferred to installed ones. Exit code 77, which ctest shows as skipped, without one.
set -euo pipefail
driver=${BELLWETHER_NEW_DRIVER:-}
if [ -z "$driver" ]; then
    echo "skipped: BELLWETHER_NEW_DRIVER names no driver (the .json file of an extracted mesa-vulkan-drivers)"
    exit 77
fi
library=$(sed -n 's/.*"library_path": *"\(.*\)".*/\1/p' "$driver")
if [ ! -e "$library" ]; then
    echo "$driver: library_path must be the absolute path of the driver, found '$library'"
    exit 1
fi
export VK_ICD_FILENAMES=$driver VK_DRIVER_FILES=$driver
export LD_LIBRARY_PATH=$(dirname "$library")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
exec "$@"
