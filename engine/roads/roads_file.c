/*
 * roads_file.c - see roads_file.h.
 */
#define _DEFAULT_SOURCE /* madvise(): glibc's posix_madvise() gives nothing back */
#include "roads_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY /* the state on the stack, not by malloc */
#include <xxhash.h>

#include "roads_file_check.h"
#include "roads_file_layout.h"
#include "roads_rtree.h"

static const char magic[8] = "GBROADS";
static const uint32_t byte_order = 0x01020304;

struct roads_mapping {
    base_mem *mem; /* counted */
    atomic_uint count;
    const roads_file_header *header;
    size_t n_bytes;
};

static void finish_hash(const XXH3_state_t *state,
                        uint8_t out[ROADS_HASH_BYTES])
{
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memset(out, 0, ROADS_HASH_BYTES);
    memcpy(out, &canonical, sizeof canonical);
}

/* ---- writing ---- */

typedef struct writer {
    base_run *run;
    const char *path;
    char *temporary;
    int file;
    uint64_t at;
    roads_file_header header;
    roads_file_layout layout;
    XXH3_state_t hash;
} writer;

static void measure_extent(gb_roads *roads)
{
    roads_box box = { 0, 0, 0, 0 };

    if (roads->map.n_points)
        box = roads_box_of(roads->map.points, roads->map.n_points);
    roads->south_west = (roads_e7){ box.min_lon, box.min_lat };
    roads->north_east = (roads_e7){ box.max_lon, box.max_lat };
}

static gb_status fail_io(writer *w, const char *path)
{
    return base_fail(w->run->ctx, GB_ERR_IO, "%s: cannot be written: %s",
                     path, strerror(errno));
}

static gb_status put(writer *w, const void *bytes, uint64_t n)
{
    const char *from = bytes;

    XXH3_128bits_update(&w->hash, bytes, n);
    w->at += n;
    while (n > 0) {
        const ssize_t done = write(w->file, from, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail_io(w, w->temporary);
        from += done;
        n -= (size_t)done;
    }
    return GB_OK;
}

static gb_status put_zeros(writer *w, uint64_t n)
{
    static const char zeros[4096];
    gb_status status = GB_OK;

    for (; n > 0 && !status; n -= n < sizeof zeros ? n : sizeof zeros)
        status = put(w, zeros, n < sizeof zeros ? n : sizeof zeros);
    return status;
}

static gb_status put_all(writer *w)
{
    gb_status status = put(w, &w->header, sizeof w->header);

    for (int i = 0; i < ROADS_FILE_SLOTS && !status; i++) {
        const roads_file_slot *slot = &w->layout.slots[i];
        const void *array = roads_slot_get(slot);

        status = put_zeros(w, slot->at - w->at);
        /* An index without lines has no array of their ends either. */
        if (!status)
            status = array ? put(w, array, slot->n_bytes)
                           : put_zeros(w, slot->n_bytes);
        if (!status)
            status = base_poll(w->run);
    }
    return status;
}

static gb_status put_hash(writer *w)
{
    uint8_t *hash = w->header.hash;

    finish_hash(&w->hash, hash);
    if (pwrite(w->file, hash, ROADS_HASH_BYTES,
               offsetof(roads_file_header, hash))
        != ROADS_HASH_BYTES)
        return fail_io(w, w->temporary);
    if (fsync(w->file) != 0)
        return fail_io(w, w->temporary);
    return GB_OK;
}

/* A name beside the path that nobody has. */
static gb_status create(writer *w)
{
    const size_t n = strlen(w->path) + 32;

    w->temporary = base_alloc(w->run->mem, n);
    if (!w->temporary)
        return base_fail_nomem(w->run->ctx);
    for (unsigned i = 0; i < 1000 && w->file < 0; i++) {
        snprintf(w->temporary, n, "%s.%ld.%u.tmp", w->path, (long)getpid(), i);
        w->file = open(w->temporary,
                       O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (w->file < 0 && errno != EEXIST)
            break;
    }
    return w->file < 0 ? fail_io(w, w->temporary) : GB_OK;
}

/* So that the rename itself is on the disk; not all systems can. */
static void sync_folder(writer *w)
{
    char *slash = strrchr(w->temporary, '/');
    int folder;

    if (slash)
        slash[slash == w->temporary] = '\0';
    folder = open(slash ? w->temporary : ".", O_RDONLY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        close(folder);
    }
}

gb_status roads_file_write(base_run *run, const char *path, gb_roads *roads)
{
    writer w = { .run = run, .path = path, .file = -1 };
    gb_status status;

    measure_extent(roads);
    memcpy(w.header.magic, magic, sizeof magic);
    w.header.version = ROADS_VERSION;
    w.header.byte_order = byte_order;
    roads_file_describe(roads, &w.header);
    roads_file_lay_out(roads, &w.layout);
    w.header.n_bytes = w.layout.part_at[ROADS_FILE_PARTS];
    XXH3_128bits_reset(&w.hash);
    status = create(&w);
    if (status)
        goto done;
    status = put_all(&w);
    if (!status)
        status = put_hash(&w);
    if (close(w.file) != 0 && !status)
        status = fail_io(&w, w.temporary);
    if (!status && rename(w.temporary, path) != 0)
        status = fail_io(&w, path);
    if (status) {
        unlink(w.temporary);
        goto done;
    }
    sync_folder(&w);
    memcpy(roads->hash, w.header.hash, sizeof roads->hash);
    roads->n_bytes = w.header.n_bytes;

done:
    base_free(run->mem, w.temporary);
    return status;
}

/* ---- mapping ---- */

static void unmap(const void *bytes, size_t n)
{
    /* munmap() wants to be let write. */
    union {
        const void *in;
        void *out;
    } both = { .in = bytes };

    if (bytes)
        munmap(both.out, n);
}

roads_mapping *roads_mapping_ref(roads_mapping *mapping)
{
    if (mapping)
        atomic_fetch_add(&mapping->count, 1);
    return mapping;
}

void roads_mapping_unref(roads_mapping *mapping)
{
    base_mem *mem;

    if (!mapping || atomic_fetch_sub(&mapping->count, 1) > 1)
        return;
    mem = mapping->mem;
    unmap(mapping->header, mapping->n_bytes);
    base_free(mem, mapping);
    base_mem_unref(mem);
}

static gb_status map_file(gb_context *ctx, const char *path,
                          roads_mapping *mapping)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    gb_status status = GB_OK;

    if (file < 0 || fstat(file, &info) != 0) {
        status = base_fail(ctx, GB_ERR_IO, "%s: cannot be read: %s", path,
                           strerror(errno));
    } else if (!S_ISREG(info.st_mode)) {
        status = base_fail(ctx, GB_ERR_IO, "%s: not a file", path);
    } else if (info.st_size == 0) {
        status = base_fail(ctx, GB_ERR_PARSE, "%s: not a road index", path);
    } else {
        const size_t n = (size_t)info.st_size;
        void *bytes = mmap(NULL, n, PROT_READ, MAP_SHARED, file, 0);

        if (bytes == MAP_FAILED) {
            status = base_fail(ctx, GB_ERR_IO, "%s: cannot be mapped: %s",
                               path, strerror(errno));
        } else {
            mapping->header = bytes;
            mapping->n_bytes = n;
        }
    }
    if (file >= 0)
        close(file);
    return status;
}

/* Pages that were only looked at need not stay; the system may say no. */
static void give_back(const roads_mapping *mapping, uint64_t from, uint64_t to)
{
    union {
        const char *in;
        char *out;
    } both = { .in = (const char *)mapping->header };

    (void)madvise(both.out + from, to - from, MADV_DONTNEED);
}

/* ---- opening ---- */

static gb_status check_header(gb_context *ctx, const char *path,
                              const roads_mapping *mapping)
{
    const roads_file_header *h = mapping->header;
    const size_t n_bytes = mapping->n_bytes;

    if (n_bytes < sizeof magic || memcmp(h->magic, magic, sizeof magic) != 0)
        return base_fail(ctx, GB_ERR_PARSE, "%s: not a road index", path);
    if (n_bytes < 16)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "%s: truncated: %llu bytes are less than a header",
                         path, (unsigned long long)n_bytes);
    if (h->version != ROADS_VERSION || h->byte_order != byte_order)
        return base_fail(ctx, GB_ERR_SCHEMA,
                         "%s: a road index of version %u or of another "
                         "machine, this library reads %d: build it again",
                         path, h->version, ROADS_VERSION);
    if (n_bytes < sizeof *h)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "%s: truncated: %llu bytes are less than a header",
                         path, (unsigned long long)n_bytes);
    if (h->n_bytes != n_bytes)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "%s: truncated or grown: %llu bytes, its header "
                         "says %llu",
                         path, (unsigned long long)n_bytes,
                         (unsigned long long)h->n_bytes);
    return GB_OK;
}

/* All that lies before the parts, the place of the checksum as zeros. */
static void hash_header(const roads_mapping *mapping, uint64_t end,
                        XXH3_state_t *state)
{
    const char *bytes = (const char *)mapping->header;
    roads_file_header copy = *mapping->header;

    memset(copy.hash, 0, sizeof copy.hash);
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, &copy, sizeof copy);
    XXH3_128bits_update(state, bytes + sizeof copy, end - sizeof copy);
}

/*
 * Each part is read once: for the checksum, and at once for its sense.  All
 * but the map is given back, which every query needs.
 */
static gb_status check_parts(gb_context *ctx, const char *path,
                             const gb_roads *roads,
                             const roads_file_layout *layout)
{
    const roads_mapping *mapping = roads->mapping;
    const char *bytes = (const char *)mapping->header;
    const char *wrong = NULL;
    uint8_t hash[ROADS_HASH_BYTES];
    XXH3_state_t state;

    hash_header(mapping, layout->part_at[0], &state);
    for (int part = 0; part < ROADS_FILE_PARTS; part++) {
        const uint64_t from = layout->part_at[part];
        const uint64_t to = layout->part_at[part + 1];

        XXH3_128bits_update(&state, bytes + from, to - from);
        /* Nothing is looked at by what is not sound. */
        if (!wrong)
            wrong = roads_file_check(roads, part);
        if (part > 0)
            give_back(mapping, layout->part_at[1], to);
    }
    finish_hash(&state, hash);
    if (memcmp(hash, mapping->header->hash, sizeof hash) != 0)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "%s: damaged: the checksum does not fit", path);
    if (wrong)
        return base_fail(ctx, GB_ERR_INTEGRITY, "%s: damaged: %s", path,
                         base_lang_text(ctx->lang, wrong));
    return GB_OK;
}

static gb_status point_into(gb_context *ctx, const char *path,
                            gb_roads *roads, roads_file_layout *layout)
{
    const roads_file_header *h = roads->mapping->header;

    if (roads_file_take(h, roads)) {
        roads_file_lay_out(roads, layout);
        if (layout->part_at[ROADS_FILE_PARTS] == h->n_bytes) {
            for (int i = 0; i < ROADS_FILE_SLOTS; i++)
                roads_slot_set(&layout->slots[i],
                               (const char *)h + layout->slots[i].at);
            memcpy(roads->hash, h->hash, sizeof roads->hash);
            roads->n_bytes = h->n_bytes;
            return GB_OK;
        }
    }
    return base_fail(ctx, GB_ERR_INTEGRITY, "%s: damaged in its header",
                     path);
}

gb_status roads_file_open(gb_context *ctx, const char *path, gb_roads **out)
{
    gb_roads *roads = base_alloc_zeroed(ctx->mem, 1, sizeof *roads);
    roads_mapping *mapping = base_alloc_zeroed(ctx->mem, 1, sizeof *mapping);
    roads_file_layout layout;
    gb_status status;

    if (!roads || !mapping) {
        base_free(ctx->mem, roads);
        base_free(ctx->mem, mapping);
        return base_fail_nomem(ctx);
    }
    atomic_init(&mapping->count, 1);
    mapping->mem = base_mem_ref(ctx->mem);
    roads->mem = base_mem_ref(ctx->mem);
    roads->mapping = mapping;
    status = map_file(ctx, path, mapping);
    if (!status)
        status = check_header(ctx, path, mapping);
    if (!status)
        status = point_into(ctx, path, roads, &layout);
    if (!status)
        status = check_parts(ctx, path, roads, &layout);
    if (status) {
        roads_file_close(roads);
        return status;
    }
    *out = roads;
    return GB_OK;
}

gb_status roads_file_check_again(gb_context *ctx, const gb_roads *roads)
{
    const roads_mapping *mapping = roads->mapping;
    uint8_t hash[ROADS_HASH_BYTES];
    XXH3_state_t state;

    if (!mapping)
        return GB_OK;
    hash_header(mapping, mapping->n_bytes, &state);
    finish_hash(&state, hash);
    give_back(mapping, 0, mapping->n_bytes);
    if (memcmp(hash, mapping->header->hash, sizeof hash) != 0)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "the index was changed while it was open: the "
                         "checksum does not fit any more");
    return GB_OK;
}

void roads_file_close(gb_roads *roads)
{
    base_mem *mem;

    if (!roads)
        return;
    mem = roads->mem;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        roads_weights_unref(roads->modes[m].weights);
    roads_mapping_unref(roads->mapping);
    base_free(mem, roads);
    base_mem_unref(mem);
}
