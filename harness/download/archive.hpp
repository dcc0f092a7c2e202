#pragma once

#include <string>
#include <vector>

namespace harness::download {

/// Brings files of an archive (tar or zip, also compressed) to FOLDER/MEMBER, unless they are all there; returns
/// whether it had to. `members` are paths as the archive has them; nothing else is written. A file appears under its
/// name when it is whole. Throws DownloadError for a member that is not in the archive, for an archive that cannot be
/// read, and when there is no space.
bool unpack(const std::string& archive, const std::vector<std::string>& members, const std::string& folder);

}  // namespace harness::download
