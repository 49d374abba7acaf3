/*
 * faulty_vfs.h - SQLite's default file system, whose k-th change of a file
 * fails: a write, a truncation, a sync or a removal.
 *
 *   for (long k = 0;; k++) {
 *       faulty_vfs_set(k, FAULTY_VFS_ONCE);
 *       ... the call, on a workspace opened with options.vfs = "faulty" ...
 *       if (faulty_vfs_failures() == 0) break;      k is past the last one
 *   }
 *
 * Or the process ends at it, as at a power switch that spares the disk.
 */
#ifndef FAULTY_VFS_H
#define FAULTY_VFS_H

typedef enum faulty_vfs_mode {
    FAULTY_VFS_ONCE,
    FAULTY_VFS_LASTING,
    FAULTY_VFS_EXIT /* _exit(FAULTY_VFS_EXIT_CODE) */
} faulty_vfs_mode;

enum { FAULTY_VFS_EXIT_CODE = 86 };

/* Registers the file system "faulty" when first called; -1: nothing fails. */
void faulty_vfs_set(long fail_at, faulty_vfs_mode mode);
long faulty_vfs_failures(void);
long faulty_vfs_changes(void);

#endif
