# Sourced by quickstart.sh and tests/run.sh: installs missing Debian packages.

# install_missing PACKAGE...  Prints and installs the missing packages, with sudo if needed.
install_missing() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing Debian packages: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "sudo is needed to install packages; or install them as root and call again." >&2; return 3; }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_packages=(
    bubblewrap ca-certificates cmake g++ glslc libarchive-dev libboost-dev libcli11-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libcurl4-openssl-dev libeigen3-dev libfmt-dev libkainjow-mustache-dev
    libre2-dev libseccomp-dev libsentencepiece-dev libsodium-dev libsqlite3-dev libssl-dev libtomlplusplus-dev libvulkan-dev libxxhash-dev mesa-vulkan-drivers ninja-build
    nlohmann-json3-dev pkg-config python3 spirv-tools zlib1g-dev
)
# For tests/web. Where there is an npm from elsewhere, it comes with its node.
web_test_packages=(chromium fonts-dejavu-core fonts-noto-core)
command -v npm >/dev/null || web_test_packages+=(nodejs npm)
test_packages=(doctest-dev python3-jsonschema python3-numpy vulkan-validationlayers)
check_packages=(clang-format clang-tidy git)
