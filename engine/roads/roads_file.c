/*
 * roads_file.c - see roads_file.h.
 */
#include "roads_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roads_file_check.h"
#include "roads_rtree.h"

enum { ALIGNMENT = 64, SECTIONS = GB_MODE_COUNT * 6 + 3 };

static const char magic[8] = "GBROADS";
static const uint32_t byte_order = 0x01020304;

typedef struct mode_header {
    uint64_t n_nodes, n_links, n_points, n_arcs;
    int64_t open_cm, routable_cm;
} mode_header;

typedef struct file_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t n_bytes;
    uint8_t hash[32]; /* of the whole file, this field being zero */
    int32_t ebike_contraflow;
    uint32_t unused;
    roads_e7 south_west, north_east;
    mode_header modes[GB_MODE_COUNT];
    uint64_t n_lines, n_line_points;
} file_header;

typedef struct section {
    uint64_t at, n_bytes;
} section;

static void place(section *s, uint64_t *at, uint64_t count, uint64_t size)
{
    *at = (*at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    s->at = *at;
    s->n_bytes = count * size;
    *at += s->n_bytes;
}

/*
 * Where each array lies; the size of the file.  Counts are below 2^32, so
 * nothing overflows.
 */
static uint64_t lay_out(const file_header *h, section s[SECTIONS])
{
    uint64_t at = sizeof *h;

    for (int m = 0; m < GB_MODE_COUNT; m++, s += 6) {
        const mode_header *mode = &h->modes[m];
        const uint64_t n_segments = mode->n_points - mode->n_links;

        place(&s[0], &at, mode->n_nodes + 1, sizeof(uint32_t));
        place(&s[1], &at, mode->n_arcs, sizeof(roads_arc));
        place(&s[2], &at, mode->n_links + 1, sizeof(roads_link));
        place(&s[3], &at, mode->n_points, sizeof(roads_e7));
        place(&s[4], &at, n_segments, sizeof(uint32_t));
        place(&s[5], &at, roads_rtree_boxes(n_segments), sizeof(roads_box));
    }
    place(&s[0], &at, h->n_lines, 1);
    place(&s[1], &at, h->n_lines + 1, sizeof(uint32_t));
    place(&s[2], &at, h->n_line_points, sizeof(gb_lonlat));
    return at;
}

/* ---- writing ---- */

typedef struct writer {
    base_run *run;
    const char *path;
    char *temporary;
    int file;
    uint64_t at;
    file_header header;
    section sections[SECTIONS];
    const void *arrays[SECTIONS];
    crypto_generichash_state hash;
} writer;

static void describe(writer *w, const roads_built modes[GB_MODE_COUNT],
                     const roads_lines *lines,
                     const gb_roads_options *options)
{
    file_header *h = &w->header;
    roads_e7 low = { INT32_MAX, INT32_MAX }, high = { INT32_MIN, INT32_MIN };
    const void **arrays = w->arrays;

    memcpy(h->magic, magic, sizeof magic);
    h->version = ROADS_VERSION;
    h->byte_order = byte_order;
    h->ebike_contraflow = options->ebike_contraflow;
    for (int m = 0; m < GB_MODE_COUNT; m++, arrays += 6) {
        const roads_network *n = &modes[m].view;

        h->modes[m] = (mode_header){ n->n_nodes,  n->n_links,
                                     n->n_points, n->n_arcs,
                                     n->open_cm,  n->routable_cm };
        arrays[0] = n->first_arc;
        arrays[1] = n->arcs;
        arrays[2] = n->links;
        arrays[3] = n->points;
        arrays[4] = n->segments;
        arrays[5] = n->boxes;
        for (size_t i = 0; i < n->n_points; i++) {
            const roads_e7 at = n->points[i];

            low.lon = at.lon < low.lon ? at.lon : low.lon;
            low.lat = at.lat < low.lat ? at.lat : low.lat;
            high.lon = at.lon > high.lon ? at.lon : high.lon;
            high.lat = at.lat > high.lat ? at.lat : high.lat;
        }
    }
    arrays[0] = lines->classes;
    arrays[1] = lines->first_point;
    arrays[2] = lines->points;
    h->south_west = low;
    h->north_east = high;
    h->n_lines = lines->n;
    h->n_line_points = lines->n_points;
    h->n_bytes = lay_out(h, w->sections);
}

static gb_status fail_io(writer *w, const char *path)
{
    return base_fail(w->run->ctx, GB_ERR_IO, "%s: cannot be written: %s",
                     path, strerror(errno));
}

static gb_status put(writer *w, const void *bytes, size_t n)
{
    const char *from = bytes;

    crypto_generichash_update(&w->hash, bytes, n);
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

static gb_status put_all(writer *w)
{
    static const char zeros[ALIGNMENT];
    gb_status status = put(w, &w->header, sizeof w->header);

    for (int i = 0; i < SECTIONS && !status; i++) {
        status = put(w, zeros, (size_t)(w->sections[i].at - w->at));
        if (!status && w->sections[i].n_bytes)
            status = put(w, w->arrays[i], (size_t)w->sections[i].n_bytes);
        if (!status)
            status = base_poll(w->run);
    }
    return status;
}

static gb_status put_hash(writer *w)
{
    uint8_t hash[32];

    crypto_generichash_final(&w->hash, hash, sizeof hash);
    if (pwrite(w->file, hash, sizeof hash, offsetof(file_header, hash))
        != (ssize_t)sizeof hash)
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

gb_status roads_file_write(base_run *run, const char *path,
                           const roads_built modes[GB_MODE_COUNT],
                           const roads_lines *lines,
                           const gb_roads_options *options, uint64_t *n_bytes)
{
    writer w = { .run = run, .path = path, .file = -1 };
    gb_status status;

    if (sodium_init() < 0)
        return base_fail(run->ctx, GB_ERR_LIBRARY,
                         "libsodium cannot be set up");
    crypto_generichash_init(&w.hash, NULL, 0, sizeof w.header.hash);
    describe(&w, modes, lines, options);
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
    if (status)
        unlink(w.temporary);
    else
        sync_folder(&w);
    *n_bytes = w.header.n_bytes;

done:
    base_free(run->mem, w.temporary);
    return status;
}

/* ---- opening ---- */

static bool counts_are_small(const file_header *h)
{
    const uint64_t limit = UINT32_MAX;

    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const mode_header *mode = &h->modes[m];

        if (mode->n_nodes >= limit || mode->n_links >= limit / 2
            || mode->n_points >= limit || mode->n_arcs >= limit
            || mode->n_links > mode->n_points / 2)
            return false;
    }
    return h->n_lines < limit && h->n_line_points < limit;
}

static gb_status check_header(gb_context *ctx, const char *path,
                              const file_header *h, uint64_t n_bytes,
                              section sections[SECTIONS])
{
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
    if (!counts_are_small(h) || lay_out(h, sections) != n_bytes)
        return base_fail(ctx, GB_ERR_INTEGRITY, "%s: damaged in its header",
                         path);
    return GB_OK;
}

static gb_status check_hash(gb_context *ctx, const char *path,
                            const file_header *h)
{
    const uint8_t zeros[sizeof h->hash] = { 0 };
    const uint8_t *bytes = (const uint8_t *)h;
    const size_t at = offsetof(file_header, hash), end = at + sizeof h->hash;
    crypto_generichash_state state;
    uint8_t hash[sizeof h->hash];

    if (sodium_init() < 0)
        return base_fail(ctx, GB_ERR_LIBRARY, "libsodium cannot be set up");
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, bytes, at);
    crypto_generichash_update(&state, zeros, sizeof zeros);
    crypto_generichash_update(&state, bytes + end, h->n_bytes - end);
    crypto_generichash_final(&state, hash, sizeof hash);
    if (memcmp(hash, h->hash, sizeof hash) != 0)
        return base_fail(ctx, GB_ERR_INTEGRITY,
                         "%s: damaged: the checksum does not fit", path);
    return GB_OK;
}

static void point_into(gb_roads *roads, const section *s)
{
    const char *bytes = roads->map;
    const file_header *h = roads->map;

    for (int m = 0; m < GB_MODE_COUNT; m++, s += 6) {
        const mode_header *mode = &h->modes[m];

        roads->modes[m] = (roads_network){
            mode->n_nodes, mode->n_links, mode->n_points, mode->n_arcs,
            (const void *)(bytes + s[0].at), (const void *)(bytes + s[1].at),
            (const void *)(bytes + s[2].at), (const void *)(bytes + s[3].at),
            (const void *)(bytes + s[4].at), (const void *)(bytes + s[5].at),
            roads_rtree_boxes(mode->n_points - mode->n_links),
            mode->open_cm, mode->routable_cm
        };
    }
    roads->lines = (gb_roads_line_set){ h->n_lines, h->n_line_points,
                                        (const void *)(bytes + s[0].at),
                                        (const void *)(bytes + s[1].at),
                                        (const void *)(bytes + s[2].at) };
    roads->ebike_contraflow = h->ebike_contraflow;
    roads->south_west = h->south_west;
    roads->north_east = h->north_east;
    memcpy(roads->hash, h->hash, sizeof roads->hash);
}

static gb_status map_file(gb_context *ctx, const char *path, gb_roads *roads)
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
        roads->n_bytes = (size_t)info.st_size;
        roads->map = mmap(NULL, roads->n_bytes, PROT_READ, MAP_SHARED, file,
                          0);
        if (roads->map == MAP_FAILED) {
            roads->map = NULL;
            status = base_fail(ctx, GB_ERR_IO, "%s: cannot be mapped: %s",
                               path, strerror(errno));
        }
    }
    if (file >= 0)
        close(file);
    return status;
}

gb_status roads_file_open(gb_context *ctx, const char *path, gb_roads **out)
{
    section sections[SECTIONS];
    gb_roads *roads = base_alloc_zeroed(ctx->mem, 1, sizeof *roads);
    gb_status status;

    if (!roads)
        return base_fail_nomem(ctx);
    roads->mem = base_mem_ref(ctx->mem);
    status = map_file(ctx, path, roads);
    if (!status)
        status = check_header(ctx, path, roads->map, roads->n_bytes,
                              sections);
    if (!status)
        status = check_hash(ctx, path, roads->map);
    if (!status) {
        const char *wrong;

        point_into(roads, sections);
        wrong = roads_file_check(roads);
        if (wrong)
            status = base_fail(ctx, GB_ERR_INTEGRITY, "%s: damaged: %s", path,
                               base_lang_text(ctx->lang, wrong));
    }
    if (status) {
        roads_file_close(roads);
        return status;
    }
    *out = roads;
    return GB_OK;
}

void roads_file_close(gb_roads *roads)
{
    base_mem *mem;

    if (!roads)
        return;
    mem = roads->mem;
    if (roads->map)
        munmap(roads->map, roads->n_bytes);
    base_free(mem, roads);
    base_mem_unref(mem);
}
