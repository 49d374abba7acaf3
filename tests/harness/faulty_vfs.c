#include "faulty_vfs.h"

#include <sqlite3.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
} faulty_file;

static struct {
    sqlite3_vfs vfs;
    sqlite3_io_methods methods;
    sqlite3_vfs *real;
    long fail_at, changes, failures;
    faulty_vfs_mode mode;
} state;

static int must_fail(void)
{
    const long k = state.changes++;

    if (state.fail_at < 0 || k < state.fail_at
        || (k > state.fail_at && state.mode != FAULTY_VFS_LASTING))
        return 0;
    if (state.mode == FAULTY_VFS_EXIT)
        _exit(FAULTY_VFS_EXIT_CODE);
    state.failures++;
    return 1;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((faulty_file *)file)->real;
}

static int do_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int do_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int do_write(sqlite3_file *f, const void *from, int n,
                    sqlite3_int64 at)
{
    if (must_fail())
        return SQLITE_IOERR_WRITE;
    return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int do_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (must_fail())
        return SQLITE_IOERR_TRUNCATE;
    return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int do_sync(sqlite3_file *f, int flags)
{
    if (must_fail())
        return SQLITE_IOERR_FSYNC;
    return real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int do_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int do_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int do_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int do_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int do_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int do_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int do_device(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int do_shm_map(sqlite3_file *f, int page, int size, int extend,
                      void volatile **out)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int do_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int do_shm_unmap(sqlite3_file *f, int delete_it)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), delete_it);
}

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                   int flags, int *out_flags)
{
    faulty_file *f = (faulty_file *)file;
    int code;

    (void)vfs;
    f->real = (sqlite3_file *)(f + 1);
    memset(f->real, 0, (size_t)state.real->szOsFile);
    code = state.real->xOpen(state.real, name, f->real, flags, out_flags);
    f->base.pMethods = f->real->pMethods ? &state.methods : NULL;
    return code;
}

static int do_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    if (must_fail())
        return SQLITE_IOERR_DELETE;
    return state.real->xDelete(state.real, name, sync_folder);
}

static void register_vfs(void)
{
    state.real = sqlite3_vfs_find(NULL);
    state.vfs = *state.real;
    state.vfs.pNext = NULL;
    state.vfs.zName = "faulty";
    state.vfs.szOsFile = (int)sizeof(faulty_file) + state.real->szOsFile;
    state.vfs.xOpen = do_open;
    state.vfs.xDelete = do_delete;
    state.methods = (sqlite3_io_methods){
        2, do_close, do_read, do_write, do_truncate, do_sync, do_size,
        do_lock, do_unlock, do_reserved, do_control, do_sector, do_device,
        do_shm_map, do_shm_lock, do_shm_barrier, do_shm_unmap, NULL, NULL
    };
    sqlite3_vfs_register(&state.vfs, 0);
}

void faulty_vfs_set(long fail_at, faulty_vfs_mode mode)
{
    if (!state.real)
        register_vfs();
    state.fail_at = fail_at;
    state.mode = mode;
    state.changes = state.failures = 0;
}

long faulty_vfs_failures(void)
{
    return state.failures;
}

long faulty_vfs_changes(void)
{
    return state.changes;
}
