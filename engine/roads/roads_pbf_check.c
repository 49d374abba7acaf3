/*
 * roads_pbf_check.c - is this a .osm.pbf that libreadosm reads rightly?
 *
 * libreadosm 1.1.0a follows string numbers out of the table, counts a packed
 * array twice that comes twice, walks on from NULL where a number is cut off,
 * ignores granularity and offsets, and skips nodes that are not dense.  So
 * the whole file is walked here first, with every length and every string
 * number looked at, and what would crash it or be misread is refused with the
 * byte where the block begins.
 *
 * Format: blobs of a 4-byte big-endian length, a BlobHeader of that length,
 * and a Blob of the length that it tells.  A blob unpacks to a PrimitiveBlock:
 * string table, then groups of dense nodes, ways, relations.
 * https://wiki.openstreetmap.org/wiki/PBF_Format
 */
#include "roads_osm_check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base_array.h"

enum {
    MAX_HEADER = 64 * 1024,      /* of a BlobHeader, as the format says */
    MAX_BLOB = 32 * 1024 * 1024  /* of a blob, packed or not */
};

typedef struct span {
    const uint8_t *at, *end;
} span;

typedef struct field {
    uint32_t id, wire;
    uint64_t value; /* wire 0 */
    span bytes;     /* wire 2 */
} field;

typedef BASE_ARRAY(uint8_t) byte_array;

typedef struct pbf {
    base_mem *mem;
    FILE *file;
    uint64_t at;        /* in the file: where the present blob begins */
    byte_array packed, raw;
    bool is_short;      /* of memory */
    uint64_t n_strings; /* of the present block */
    const char *why;    /* the first thing found wrong; a GB_N() text */
} pbf;

/* Room for n bytes from the beginning. */
static bool make_room(pbf *p, byte_array *bytes, size_t n)
{
    bytes->n = 0;
    if (base_array_reserve(p->mem, bytes, n))
        return true;
    p->is_short = true;
    return false;
}

static bool bad(pbf *p, const char *why)
{
    if (!p->why)
        p->why = why;
    return false;
}

static bool take_varint(span *s, int max_bytes, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < max_bytes && s->at < s->end; i++) {
        const uint8_t byte = *s->at++;

        *out |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

/* The next field; false at the end (p->why stays NULL) or at a fault. */
static bool take_field(pbf *p, span *s, field *out)
{
    uint64_t key, length;

    if (s->at == s->end)
        return false;
    if (!take_varint(s, 5, &key))
        return bad(p, GB_N("a field is cut off"));
    out->id = (uint32_t)(key >> 3);
    out->wire = key & 7;
    if (out->wire == 0)
        return take_varint(s, 10, &out->value)
               || bad(p, GB_N("a number is cut off"));
    if (out->wire != 2)
        return bad(p, GB_N("a field of a kind that this format has not"));
    if (!take_varint(s, 5, &length) || length > (uint64_t)(s->end - s->at))
        return bad(p, GB_N("a field is longer than what it lies in"));
    out->bytes = (span){ s->at, s->at + length };
    s->at += length;
    return true;
}

/*
 * The numbers of a packed array, counted; each must be below `bound`, as it
 * stands or, when `is_delta`, as a zigzag difference added up.  bound 0: any.
 */
static bool check_packed(pbf *p, span s, int max_bytes, uint64_t bound,
                         bool is_delta, uint64_t *count)
{
    uint64_t value;
    int64_t sum = 0;

    *count = 0;
    while (s.at < s.end) {
        if (!take_varint(&s, max_bytes, &value))
            return bad(p, GB_N("a packed number is cut off or too long"));
        if (is_delta) {
            sum += (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
            value = sum < 0 ? 0 : (uint64_t)sum;
        }
        if (bound && value >= bound)
            return bad(p, GB_N("a string is referred to that is not there"));
        (*count)++;
    }
    return true;
}

/* As check_packed for string numbers: with no strings there can be none. */
static bool check_strings(pbf *p, span s, bool is_delta, uint64_t *count)
{
    if (p->n_strings == 0 && s.at != s.end)
        return bad(p, GB_N("a string is referred to that is not there"));
    return check_packed(p, s, 5, p->n_strings, is_delta, count);
}

static bool once(pbf *p, uint32_t *seen, uint32_t id)
{
    if (id >= 32 || (*seen >> id & 1))
        return bad(p, GB_N("a field comes twice"));
    *seen |= 1u << id;
    return true;
}

static bool check_dense_info(pbf *p, span s)
{
    uint32_t seen = 0;
    uint64_t count;
    field f;

    while (take_field(p, &s, &f)) {
        if (f.wire != 2 || !once(p, &seen, f.id))
            return bad(p, GB_N("a damaged block of dense node facts"));
        if (f.id == 5 ? !check_strings(p, f.bytes, true, &count)
                      : !check_packed(p, f.bytes, f.id == 3 ? 10 : 5, 0,
                                      false, &count))
            return false;
    }
    return !p->why;
}

static bool check_dense(pbf *p, span s)
{
    uint64_t n_ids = 0, n_lats = 0, n_lons = 0, count;
    uint32_t seen = 0;
    bool good = true;
    field f;

    while (good && take_field(p, &s, &f)) {
        if (f.wire != 2 || !once(p, &seen, f.id))
            return bad(p, GB_N("a damaged block of dense nodes"));
        switch (f.id) {
        case 1:
            good = check_packed(p, f.bytes, 10, 0, false, &n_ids);
            break;
        case 5:
            good = check_dense_info(p, f.bytes);
            break;
        case 8:
            good = check_packed(p, f.bytes, 10, 0, false, &n_lats);
            break;
        case 9:
            good = check_packed(p, f.bytes, 10, 0, false, &n_lons);
            break;
        case 10:
            good = check_strings(p, f.bytes, false, &count);
            break;
        default:
            return bad(p, GB_N("an unknown field among dense nodes"));
        }
    }
    if (p->why || n_ids != n_lats || n_ids != n_lons)
        return bad(p, GB_N("dense nodes with fewer coordinates than ids"));
    return true;
}

/* A way (n_extra 0) or a relation: tags, then references or members. */
static bool check_element(pbf *p, span s, bool is_relation)
{
    uint64_t count[11] = { 0 };
    uint32_t seen = 0;
    bool good = true;
    field f;

    while (good && take_field(p, &s, &f)) {
        if (f.id > 10 || !once(p, &seen, f.id)
            || (f.wire == 0) != (f.id == 1))
            return bad(p, GB_N("a damaged way or relation"));
        switch (f.id) {
        case 1:
        case 4:
            break;
        case 2:
        case 3:
            good = check_strings(p, f.bytes, false, &count[f.id]);
            break;
        case 8:
            good = is_relation
                       ? check_strings(p, f.bytes, false, &count[8])
                       : check_packed(p, f.bytes, 10, 0, false, &count[8]);
            break;
        case 9:
        case 10:
            good = check_packed(p, f.bytes, f.id == 9 ? 10 : 5, 0, false,
                                &count[f.id]);
            break;
        default:
            return bad(p, GB_N("an unknown field in a way or relation"));
        }
    }
    if (!p->why && count[2] != count[3])
        return bad(p, GB_N("an element with more keys than values"));
    if (!p->why && is_relation
        && (count[8] != count[9] || count[9] != count[10]))
        return bad(p, GB_N("a relation with more members than roles"));
    return !p->why;
}

static bool check_group(pbf *p, span s)
{
    field f;

    while (take_field(p, &s, &f)) {
        if (f.wire != 2)
            return bad(p, GB_N("a damaged group"));
        if (f.id == 1)
            return bad(p, GB_N("nodes that are not dense: write the file "
                               "again with dense nodes"));
        if (f.id == 2 && !check_dense(p, f.bytes))
            return false;
        if ((f.id == 3 || f.id == 4)
            && !check_element(p, f.bytes, f.id == 4))
            return false;
    }
    return !p->why;
}

static bool count_strings(pbf *p, span s)
{
    field f;

    p->n_strings = 0;
    while (take_field(p, &s, &f)) {
        if (f.id != 1 || f.wire != 2)
            return bad(p, GB_N("a damaged string table"));
        p->n_strings++;
    }
    return !p->why;
}

/*
 * libreadosm stops a block at its granularity (17), wherever it stands, and
 * takes it as 100, and offsets (19, 20) as 0.
 */
static bool check_block(pbf *p, span s)
{
    bool has_strings = false, has_granularity = false;
    field f;

    while (take_field(p, &s, &f)) {
        if (f.id == 1 && f.wire == 2 && !has_strings) {
            has_strings = true;
            if (!count_strings(p, f.bytes))
                return false;
        } else if (f.id == 2 && f.wire == 2 && has_strings
                   && !has_granularity) {
            if (!check_group(p, f.bytes))
                return false;
        } else if (f.id == 17 && f.wire == 0 && f.value == 100) {
            has_granularity = true;
        } else if (!has_granularity || f.wire != 0
                   || (f.id != 18 && f.value != 0)) {
            return bad(p, GB_N("a block with its fields in an unusual order, "
                               "or of an unusual granularity"));
        }
    }
    return !p->why;
}

static bool check_features(pbf *p, span s)
{
    static const char *const known[] = { "OsmSchema-V0.6", "DenseNodes" };
    field f;

    while (take_field(p, &s, &f)) {
        const size_t n = f.wire == 2 ? (size_t)(f.bytes.end - f.bytes.at) : 0;
        bool is_known = f.id != 4;

        for (size_t i = 0; i < 2 && !is_known; i++)
            is_known = n == strlen(known[i])
                       && memcmp(f.bytes.at, known[i], n) == 0;
        if (!is_known)
            return bad(p, GB_N("the file needs a feature unknown here, such "
                               "as a history of its elements"));
    }
    return !p->why;
}

static bool unzip(pbf *p, span s, uint64_t n_raw)
{
    uLongf n = (uLongf)n_raw;

    if (n_raw == 0 || n_raw > MAX_BLOB)
        return bad(p, GB_N("a blob without its size, or above 32 MiB"));
    if (!make_room(p, &p->raw, (size_t)n_raw))
        return false;
    if (uncompress(p->raw.items, &n, s.at, (uLong)(s.end - s.at)) != Z_OK
        || n != n_raw)
        return bad(p, GB_N("a blob does not unpack"));
    p->raw.n = n;
    return true;
}

/* p->packed to p->raw. */
static bool unpack_blob(pbf *p, span s)
{
    span raw = { NULL, NULL }, zipped = { NULL, NULL };
    uint64_t n_raw = 0;
    field f;

    while (take_field(p, &s, &f)) {
        if (f.id == 1 && f.wire == 2 && !raw.at)
            raw = f.bytes;
        else if (f.id == 2 && f.wire == 0)
            n_raw = f.value;
        else if (f.id == 3 && f.wire == 2 && !zipped.at)
            zipped = f.bytes;
        else
            return bad(p, GB_N("a blob packed by another method than zlib"));
    }
    if (p->why)
        return false;
    if (!raw.at == !zipped.at)
        return bad(p, GB_N("a blob without data"));
    if (zipped.at)
        return unzip(p, zipped, n_raw);
    if (raw.end == raw.at)
        return bad(p, GB_N("a blob without data"));
    if (!make_room(p, &p->raw, (size_t)(raw.end - raw.at)))
        return false;
    p->raw.n = (size_t)(raw.end - raw.at);
    memcpy(p->raw.items, raw.at, p->raw.n);
    return true;
}

/* Read a BlobHeader; the size of its blob, 0 at a fault. */
static size_t take_header(pbf *p, size_t n_header, bool is_first)
{
    const char *const kind = is_first ? "OSMHeader" : "OSMData";
    uint64_t n_blob = 0;
    bool is_kind = false;
    span s;
    field f;

    if (!make_room(p, &p->packed, n_header))
        return 0;
    if (fread(p->packed.items, 1, n_header, p->file) != n_header)
        return bad(p, GB_N("the file ends within a blob"));
    s = (span){ p->packed.items, p->packed.items + n_header };
    while (take_field(p, &s, &f)) {
        if (f.id == 1 && f.wire == 2)
            is_kind = (size_t)(f.bytes.end - f.bytes.at) == strlen(kind)
                      && memcmp(f.bytes.at, kind, strlen(kind)) == 0;
        else if (f.id == 3 && f.wire == 0)
            n_blob = f.value;
    }
    if (!p->why && !is_kind)
        bad(p, is_first ? GB_N("not an OSM file: no OSMHeader")
                        : GB_N("a blob that is not OSMData"));
    if (!p->why && (n_blob == 0 || n_blob > MAX_BLOB))
        bad(p, GB_N("a blob of no size, or above 32 MiB"));
    return p->why ? 0 : (size_t)n_blob;
}

static bool check_blob(pbf *p, const uint8_t length[4], bool is_first)
{
    const size_t n_header = (size_t)length[0] << 24 | (size_t)length[1] << 16
                            | (size_t)length[2] << 8 | length[3];
    size_t n_blob;
    span raw;

    if (n_header == 0 || n_header > MAX_HEADER)
        return bad(p, is_first ? GB_N("not an OSM file: no OSMHeader")
                               : GB_N("a blob's header of no size, or above "
                                      "64 KiB"));
    n_blob = take_header(p, n_header, is_first);
    if (n_blob == 0 || !make_room(p, &p->packed, n_blob))
        return false;
    if (fread(p->packed.items, 1, n_blob, p->file) != n_blob)
        return bad(p, GB_N("the file ends within a blob"));
    if (!unpack_blob(p, (span){ p->packed.items, p->packed.items + n_blob }))
        return false;
    p->at += 4 + n_header + n_blob;
    raw = (span){ p->raw.items, p->raw.items + p->raw.n };
    return is_first ? check_features(p, raw) : check_block(p, raw);
}

static gb_status check_file(base_run *run, pbf *p, const char *path)
{
    uint8_t length[4];

    for (bool is_first = true;; is_first = false) {
        const uint64_t at = p->at;
        const size_t n = fread(length, 1, 4, p->file);
        gb_status status = base_poll(run);

        if (status)
            return status;
        if (ferror(p->file))
            return base_fail(run->ctx, GB_ERR_IO, "%s: cannot be read: %s",
                             path, strerror(errno));
        if (n == 0 && !is_first)
            return GB_OK;
        if (n != 4)
            bad(p, is_first ? GB_N("not an OSM file: no OSMHeader")
                            : GB_N("the file ends within a blob"));
        if (n == 4 && check_blob(p, length, is_first))
            continue;
        return p->is_short
                   ? base_fail_nomem(run->ctx)
                   : base_fail(run->ctx, GB_ERR_PARSE,
                             "%s: in the blob at byte %llu: %s", path,
                             (unsigned long long)at,
                             base_lang_text(run->ctx->lang, p->why));
    }
}

gb_status roads_pbf_check(base_run *run, const char *path)
{
    gb_status status;
    pbf p = { .mem = run->mem };

    p.file = fopen(path, "rb");
    if (!p.file)
        return base_fail(run->ctx, GB_ERR_IO, "%s: cannot be read: %s", path,
                         strerror(errno));
    status = check_file(run, &p, path);
    fclose(p.file);
    base_array_clear(run->mem, &p.packed);
    base_array_clear(run->mem, &p.raw);
    return status;
}
