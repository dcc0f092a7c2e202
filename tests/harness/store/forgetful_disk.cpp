#include "tests/harness/store/forgetful_disk.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace forgetful {
namespace {

/// A file as its readers see it.
struct Image {
    std::string bytes;
    bool dirty = false;
};

sqlite3_vfs* real_disk = nullptr;
bool power_failed = false;
std::map<std::string, std::shared_ptr<Image>> images;

struct File {
    sqlite3_file base;
    std::shared_ptr<Image>* image;
    sqlite3_file* real;
};

File& file_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}
Image& image_of(sqlite3_file* file) {
    return **file_of(file).image;
}
sqlite3_file* real_of(sqlite3_file* file) {
    return file_of(file).real;
}

int write_out(sqlite3_file* file) {
    Image& image = image_of(file);
    if (power_failed || !image.dirty) return SQLITE_OK;
    sqlite3_file* real = real_of(file);
    constexpr std::size_t kPart = 65536;  // SQLite's own disk takes less than 128 KiB at a time
    const auto size = static_cast<sqlite3_int64>(image.bytes.size());
    int code = SQLITE_OK;
    for (std::size_t at = 0; at < image.bytes.size() && code == SQLITE_OK; at += kPart) {
        const auto part = static_cast<int>(std::min(kPart, image.bytes.size() - at));
        code = real->pMethods->xWrite(real, image.bytes.data() + at, part, static_cast<sqlite3_int64>(at));
    }
    if (code == SQLITE_OK) code = real->pMethods->xTruncate(real, size);
    image.dirty = code != SQLITE_OK;
    return code;
}

int close(sqlite3_file* file) {
    write_out(file);  // the system writes what a closed file has, sooner or later
    sqlite3_file* real = real_of(file);
    const int code = real->pMethods->xClose(real);
    sqlite3_free(real);
    delete file_of(file).image;
    return code;
}

int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
    const std::string& bytes = image_of(file).bytes;
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    const auto there = static_cast<std::size_t>(std::clamp<sqlite3_int64>(size - offset, 0, amount));
    std::memset(to, 0, static_cast<std::size_t>(amount));
    if (there != 0) std::memcpy(to, bytes.data() + offset, there);
    return there == static_cast<std::size_t>(amount) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    Image& image = image_of(file);
    const auto end = static_cast<std::size_t>(offset + amount);
    if (image.bytes.size() < end) image.bytes.resize(end);
    std::memcpy(image.bytes.data() + offset, from, static_cast<std::size_t>(amount));
    image.dirty = true;
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    image_of(file).bytes.resize(static_cast<std::size_t>(size));
    image_of(file).dirty = true;
    return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
    return write_out(file);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(image_of(file).bytes.size());
    return SQLITE_OK;
}

// Everything else is the real file's.
int lock(sqlite3_file* file, int level) {
    return real_of(file)->pMethods->xLock(real_of(file), level);
}
int unlock(sqlite3_file* file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int check_lock(sqlite3_file* file, int* held) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}
int control(sqlite3_file* file, int operation, void* argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
int device_kind(sqlite3_file*) {
    return 0;
}
int shared_map(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, at);
}
int shared_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void shared_barrier(sqlite3_file* file) {
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
int shared_unmap(sqlite3_file* file, int remove) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

const sqlite3_io_methods kMethods = {2,           close,      read,        write,          truncate,     sync,
                                     file_size,   lock,       unlock,      check_lock,     control,      sector_size,
                                     device_kind, shared_map, shared_lock, shared_barrier, shared_unmap, nullptr,
                                     nullptr};

std::string contents(sqlite3_file* real) {
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (size != 0) real->pMethods->xRead(real, bytes.data(), static_cast<int>(size), 0);
    return bytes;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    File& opened = file_of(file);
    opened.base.pMethods = nullptr;
    opened.real = static_cast<sqlite3_file*>(sqlite3_malloc(real_disk->szOsFile));
    const int code = real_disk->xOpen(real_disk, name, opened.real, flags, flags_out);
    if (code != SQLITE_OK) {
        sqlite3_free(opened.real);
        return code;
    }
    auto image = std::make_shared<Image>();
    image->bytes = contents(opened.real);
    if (name != nullptr) image = images.try_emplace(name, image).first->second;
    opened.image = new std::shared_ptr<Image>(image);
    opened.base.pMethods = &kMethods;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    images.erase(name);
    return power_failed ? SQLITE_OK : real_disk->xDelete(real_disk, name, sync_folder);
}

sqlite3_vfs disk = {};

}  // namespace

Disk::Disk() {
    real_disk = sqlite3_vfs_find(nullptr);
    disk = *real_disk;
    disk.szOsFile = sizeof(File);
    disk.zName = "forgetful";
    disk.xOpen = open;
    disk.xDelete = remove;
    power_failed = false;
    sqlite3_vfs_register(&disk, 1);
}

Disk::~Disk() {
    sqlite3_vfs_unregister(&disk);
    sqlite3_vfs_register(real_disk, 1);
    images.clear();
}

void Disk::fail() {
    power_failed = true;
}

}  // namespace forgetful
