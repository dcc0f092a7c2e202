#pragma once

#include <string>
#include <vector>

namespace harness::download {

/// Extracts files of an archive (tar or zip, also compressed) to FOLDER/MEMBER unless all exist; returns whether it
/// extracted. `members` are paths as in the archive; nothing else is written. Each file is written under a temporary
/// name and then renamed. Throws DownloadError for a member that the archive lacks, an unreadable archive and a full
/// disk.
bool unpack(const std::string& archive, const std::vector<std::string>& members, const std::string& folder);

}  // namespace harness::download
