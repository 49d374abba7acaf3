/*
 * call_gal.c - see call_gal.h.
 */
#include "call_gal.h"

#include <stdlib.h>
#include <string.h>

#include "base_array.h"

typedef struct words {
    char *at;
    uint64_t line; /* of the last word */
    uint64_t next_line;
} words;

typedef struct reading {
    gb_context *ctx;
    const char *path;
    words words;
    gal *out;
    BASE_ARRAY(const char *) names; /* of neighbours */
    BASE_ARRAY(uint64_t) lines;     /* where they stand */
} reading;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next word, cut off by '\0'; NULL: none. */
static char *next_word(words *w)
{
    char *word;

    while (is_space(*w->at))
        w->next_line += *w->at++ == '\n';
    w->line = w->next_line;
    if (!*w->at)
        return NULL;
    word = w->at;
    while (*w->at && !is_space(*w->at))
        w->at++;
    if (*w->at) {
        w->next_line += *w->at == '\n';
        *w->at++ = '\0';
    }
    return word;
}

static gb_status refuse(reading *r, const char *what)
{
    return base_fail(r->ctx, GB_ERR_PARSE, "%s: line %llu: %s", r->path,
                     (unsigned long long)r->words.line,
                     base_lang_text(r->ctx->lang, what));
}

/* A number below `end`. */
static gb_status take_count(reading *r, size_t end, size_t *out)
{
    const char *word = next_word(&r->words);
    int64_t n = -1;

    if (!word || !base_parse_int(word, &n) || n < 0 || (uint64_t)n >= end)
        return refuse(r, GB_N("a number of areas or neighbours is needed "
                              "here"));
    *out = (size_t)n;
    return GB_OK;
}

/* "n", or "0 n file key": the first line may hold three words more. */
static gb_status take_heading(reading *r, size_t most)
{
    gb_status status = take_count(r, most, &r->out->n);
    char *end;

    if (status || r->out->n > 0)
        return status;
    end = strchr(r->words.at, '\n');
    if (r->words.next_line > r->words.line || !end)
        return GB_OK; /* no areas at all */
    status = take_count(r, most, &r->out->n);
    if (!status && r->words.next_line == r->words.line) {
        r->words.at = end + 1;
        r->words.next_line++;
    }
    return status;
}

static gb_status take_area(reading *r, size_t i)
{
    gal *out = r->out;
    size_t n = 0;
    gb_status status;

    out->ids[i] = next_word(&r->words);
    if (!out->ids[i])
        return refuse(r, GB_N("the file ends before all areas are told"));
    out->first[i] = (uint32_t)r->names.n;
    status = take_count(r, out->n + 1, &n);
    for (size_t k = 0; k < n && !status; k++) {
        const char *name = next_word(&r->words);

        if (!name)
            return refuse(r, GB_N("the file ends before all neighbours are "
                                  "told"));
        if (!base_array_push(r->ctx->mem, &r->names, name)
            || !base_array_push(r->ctx->mem, &r->lines, r->words.line))
            status = base_fail_nomem(r->ctx);
    }
    return status;
}

typedef struct named {
    const char *id;
    uint32_t place;
} named;

static int by_id(const void *a, const void *b)
{
    const named *one = a, *other = b;
    const int order = strcmp(one->id, other->id);

    if (order != 0)
        return order;
    return one->place < other->place ? -1 : one->place > other->place;
}

static gb_status sort_ids(reading *r)
{
    gal *out = r->out;
    named *all = base_alloc_array(r->ctx->mem, out->n, sizeof *all);
    gb_status status = all ? GB_OK : base_fail_nomem(r->ctx);

    for (size_t i = 0; !status && i < out->n; i++)
        all[i] = (named){ out->ids[i], (uint32_t)i };
    if (!status && out->n > 0)
        qsort(all, out->n, sizeof *all, by_id);
    for (size_t i = 0; !status && i < out->n; i++) {
        out->by_id[i] = all[i].place;
        if (i > 0 && strcmp(all[i].id, all[i - 1].id) == 0)
            status = base_fail(r->ctx, GB_ERR_PARSE,
                               "%s: area \"%s\" is there twice", r->path,
                               all[i].id);
    }
    base_free(r->ctx->mem, all);
    return status;
}

size_t gal_find(const gal *lists, const char *id)
{
    size_t low = 0, high = lists->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(lists->ids[lists->by_id[middle]], id);

        if (order == 0)
            return lists->by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

/* Why a name is no neighbour; NULL: it is one. */
static const char *fault_of(size_t area, size_t other,
                            const uint32_t *last_area)
{
    if (other == SIZE_MAX)
        return GB_N("there is no such area in the file");
    if (other == area)
        return GB_N("an area is no neighbour of its own");
    return last_area[other] == area ? GB_N("named twice") : NULL;
}

/* Names become places; lists close up over those that are left out. */
static void link_areas(reading *r, uint32_t *last_area, score_rejects *rejects)
{
    gal *out = r->out;
    uint32_t n = 0;
    size_t k = 0;

    for (size_t i = 0; i < out->n; i++)
        last_area[i] = UINT32_MAX;
    for (size_t i = 0; i < out->n; i++) {
        const size_t end = out->first[i + 1];

        out->first[i] = n;
        for (; k < end; k++) {
            const size_t other = gal_find(out, r->names.items[k]);
            const char *why = fault_of(i, other, last_area);

            rejects->n_rows++;
            if (why) {
                score_rejects_add(rejects, r->lines.items[k], NULL,
                                  r->names.items[k], why);
                continue;
            }
            last_area[other] = (uint32_t)i;
            out->areas[n++] = (uint32_t)other;
        }
    }
    out->first[out->n] = n;
}

static gb_status take_links(reading *r, score_rejects *rejects)
{
    gal *out = r->out;
    uint32_t *last_area
        = base_alloc_array(r->ctx->mem, out->n, sizeof *last_area);

    out->areas = base_arena_alloc(&out->arena, r->names.n, sizeof *out->areas);
    if (last_area && out->areas)
        link_areas(r, last_area, rejects);
    base_free(r->ctx->mem, last_area);
    return last_area && out->areas ? GB_OK : base_fail_nomem(r->ctx);
}

static gb_status allocate(reading *r)
{
    gal *out = r->out;

    out->ids = base_arena_alloc(&out->arena, out->n, sizeof *out->ids);
    out->by_id = base_arena_alloc(&out->arena, out->n, sizeof *out->by_id);
    out->first = base_arena_alloc(&out->arena, out->n + 1, sizeof *out->first);
    return out->ids && out->by_id && out->first ? GB_OK
                                                : base_fail_nomem(r->ctx);
}

gb_status gal_parse(gb_context *ctx, char *text, const char *path, gal *out,
                    score_rejects *rejects)
{
    reading r = { .ctx = ctx, .path = path, .out = out,
                  .words = { text, 1, 1 }, .names = BASE_ARRAY_INIT,
                  .lines = BASE_ARRAY_INIT };
    gb_status status;

    *rejects = (score_rejects){ 0 };
    *out = (gal){ 0 };
    base_arena_init(&out->arena, ctx->mem);
    /* An area takes two words at least. */
    status = take_heading(&r, strlen(text) / 2 + 1);
    if (!status)
        status = allocate(&r);
    for (size_t i = 0; !status && i < out->n; i++)
        status = take_area(&r, i);
    if (!status && next_word(&r.words))
        status = refuse(&r, GB_N("the file goes on behind its last area"));
    if (!status) {
        out->first[out->n] = (uint32_t)r.names.n;
        status = sort_ids(&r);
    }
    if (!status)
        status = take_links(&r, rejects);
    base_array_clear(ctx->mem, &r.names);
    base_array_clear(ctx->mem, &r.lines);
    if (status)
        gal_clear(out);
    return status;
}

void gal_clear(gal *lists)
{
    base_arena_clear(&lists->arena);
    *lists = (gal){ 0 };
}
