/*
 * gridbeat/territory_index.h - which territory a place lies in, and whose it
 * is: for a CRM that gives each lead to somebody as it comes in.
 *
 *   gb_territory_index_options options = GB_TERRITORY_INDEX_OPTIONS_INIT;
 *   gb_territory_answer answer = GB_TERRITORY_ANSWER_INIT;
 *   gb_territory_index *index;
 *
 *   options.date = "2026-03-02";
 *   gb_territory_index_open(ctx, workspace, &options, &index);
 *   gb_territory_at_point(index, at, &answer);
 *   if (answer.reason == GB_POINT_INSIDE) ... answer.manager
 *
 * An index is made of what the workspace holds at that moment and does not
 * change: when territories or owners do, open another one and let the old one
 * go.
 */
#ifndef GRIDBEAT_TERRITORY_INDEX_H
#define GRIDBEAT_TERRITORY_INDEX_H

#include <gridbeat/base.h>
#include <gridbeat/geo.h>
#include <gridbeat/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** No territory. */
#define GB_TERRITORY_NONE UINT32_MAX

/** The territories of one date, ready to be asked; immutable. */
typedef struct gb_territory_index gb_territory_index;

typedef struct gb_territory_index_options {
    size_t size;
    const char *date;  /* YYYY-MM-DD: of the territories in force and of their
                          owners; NULL: the first day of the version that is
                          active */
    const char *scope; /* "org:REF", "branch:REF", "manager:REF": the index
                          holds no other territories, as though there were
                          none; NULL: all */
    int64_t version;   /* a version by its number, be it a draft, with the
                          owners of the date; 0: the one in force */
} gb_territory_index_options;
#define GB_TERRITORY_INDEX_OPTIONS_INIT                                       \
    { sizeof(gb_territory_index_options), 0, 0, 0 }

/**
 * Make the index of the territories of a date.
 *
 * @param options  NULL for all defaults; copied.
 * @param out      The index, or NULL when the call fails.
 * @return GB_OK
 *         GB_ERR_STATE      no territories are in force on that date
 *         GB_ERR_NOT_FOUND  no version of that number, nobody of that scope
 *         GB_ERR_ARGUMENT   a date or scope that cannot be read
 *         GB_ERR_INTEGRITY  a cell's shape is broken: the message names it
 *         GB_ERR_GEOMETRY   cells lie more than 20 degrees apart
 *         GB_ERR_OPTIONS, GB_ERR_CRS, GB_ERR_BUSY, GB_ERR_CANCELLED,
 *         GB_ERR_NOMEM
 *
 * Ownership: let go with gb_territory_index_free(), before or after `ctx` and
 *   `workspace`.
 * Threads: one thread a context and a workspace; the index: any number.
 * Cost: O(n log n) in the vertices of the cells, about 1 s for 20,000 cells
 *   of a map; then some 60 bytes a vertex.
 * Since: 0.1.
 */
GB_API gb_status gb_territory_index_open(
    gb_context *ctx, gb_workspace *workspace,
    const gb_territory_index_options *options, gb_territory_index **out);

/**
 * One more holder of the index, who lets go of it with
 * gb_territory_index_free() too: so a server can put a new index in place
 * while others still ask the old one.  Hands `index` back.  Any thread.
 */
GB_API gb_territory_index *gb_territory_index_ref(gb_territory_index *index);

/** Let go; the last holder frees it.  NULL is taken.  Any thread. */
GB_API void gb_territory_index_free(gb_territory_index *index);

/** What is in an index. */
typedef struct gb_territory_index_info {
    size_t size;          /* set by the caller */
    int64_t version;      /* of the territories */
    const char *date;     /* borrowed from the index */
    uint32_t n_territories;
    uint32_t n_cells;
    uint64_t n_bytes;     /* of memory */
} gb_territory_index_info;
#define GB_TERRITORY_INDEX_INFO_INIT                                          \
    { sizeof(gb_territory_index_info), 0, 0, 0, 0, 0 }

/** Fill the known part of `out`, by out->size.  Any thread. */
GB_API void gb_territory_index_about(const gb_territory_index *index,
                                     gb_territory_index_info *out);

/** Why a place has the owner that it has.  Never renumbered. */
typedef enum gb_point_reason {
    GB_POINT_INSIDE = 0,   /* in the territory */
    GB_POINT_BORDER = 1,   /* on the border of a territory, to 1.1 mm: it goes
                              to the first by reference of those that meet
                              there */
    GB_POINT_NO_OWNER = 2, /* in a territory, or on its border, that nobody
                              has on that date */
    GB_POINT_OUTSIDE = 3,  /* in no territory (of the scope) */
    GB_POINT_INVALID = 4   /* not finite, or off the globe */
} gb_point_reason;

/**
 * Which territory a place lies in.  Texts are borrowed from the index, and ""
 * where there is none.
 */
typedef struct gb_territory_answer {
    size_t size;          /* set by the caller */
    int32_t reason;       /* gb_point_reason */
    int32_t is_on_border; /* 1: of a territory, whatever the reason */
    uint32_t number;      /* of the territory among those of the index, by
                             reference; or GB_TERRITORY_NONE */
    uint32_t other;       /* on a border: the next territory that meets there;
                             outside: the nearest; or GB_TERRITORY_NONE */
    const char *territory, *cell, *branch; /* references */
    const char *manager;  /* who has it on the date */
    const char *other_territory;
    double distance_m;    /* outside: to the nearest, within 0.1 % up to
                             100 km; else 0 */
} gb_territory_answer;
#define GB_TERRITORY_ANSWER_INIT                                              \
    { sizeof(gb_territory_answer), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Which territory does a place lie in, and who has it?
 *
 * The answer is that of a scan over all borders: places and vertices are
 * taken to 1e-8 of a degree and compared in integers, so that a place on a
 * border is on it for everybody.  Borders are those of the cells to within
 * 2 mm.
 *
 * @param index   May be NULL: then everything is outside.
 * @param at      WGS 84; gb_datum_convert() makes it of others.
 * @param answer  The known part is filled, by answer->size.
 *
 * Threads: any number at once.  No context, no allocation, no lock; errno and
 *   the like are left alone.
 * Cost: a fraction of a microsecond; outside, some microseconds.
 * Since: 0.1.
 */
GB_API void gb_territory_at_point(const gb_territory_index *index,
                                  gb_lonlat at, gb_territory_answer *answer);

/** "inside", "border", "no_owner", "outside", "invalid"; "" if unknown. */
GB_API const char *gb_point_reason_name(int32_t reason);

#ifdef __cplusplus
}
#endif
#endif
