/*
 * call_spots.c - hotspots: areas whose values keep company, from a CSV file
 * of values and a GAL file of neighbours.
 */
#include "call_groups.h"

#include <math.h>
#include <string.h>

#include <gridbeat/spots.h>

#include "call_file.h"
#include "call_gal.h"

enum { LEAST_FOR_ALL = 4, N_CLASSES = GB_SPOT_UNKNOWN + 1 };

static const char *const class_names[N_CLASSES]
    = { GB_N("none"), GB_N("hot"), GB_N("cold"), GB_N("high-high"),
        GB_N("low-low"), GB_N("high-low"), GB_N("low-high"),
        GB_N("unknown") };

typedef struct hotspots {
    call *c;
    base_text gal_text;
    gal lists;
    double *values;
    gb_spots_options options;
    gb_spot *spots;
    gb_moran moran;
    size_t n_known, n_of[N_CLASSES];
    score_rejects bad_links, bad_values;
} hotspots;

/* ---- input ---- */

static gb_status read_lists(hotspots *h)
{
    call *c = h->c;
    const char *path = call_text(c, "weights");
    gb_status status;

    base_text_init(&h->gal_text, c->mem);
    status = call_file_read(c, path, &h->gal_text);
    if (!status
        && (h->gal_text.n == 0
            || memchr(h->gal_text.chars, '\0', h->gal_text.n)))
        status = base_fail(c->ctx, GB_ERR_PARSE, "%s: this is no text", path);
    if (!status)
        status = gal_parse(c->ctx, h->gal_text.chars, path, &h->lists,
                           &h->bad_links);
    return status ? status
                  : score_rejects_judge(c->ctx, path, &h->bad_links,
                                        call_real(c, "max_reject"));
}

/* A row's value to its area. */
static void take_value(hotspots *h, const base_csv_row *row,
                       const score_column columns[2], bool *is_told)
{
    const char *id = score_field_of(row, &columns[0]);
    const char *field = score_field_of(row, &columns[1]);
    const size_t area = id ? gal_find(&h->lists, id) : SIZE_MAX;
    const char *why = NULL;
    double value = NAN;

    if (area == SIZE_MAX)
        why = GB_N("there is no such area in the file of weights");
    else if (is_told[area])
        why = GB_N("the area has a value already");
    if (why) {
        score_rejects_add(&h->bad_values, row->line, columns[0].names[0], id,
                          why);
        return;
    }
    is_told[area] = true;
    if (!field || !*field)
        return; /* blank: unknown */
    if (!base_parse_real(field, &value) || !isfinite(value)) {
        score_rejects_add(&h->bad_values, row->line, columns[1].names[0],
                          field, GB_N("not a number"));
        return;
    }
    h->values[area] = value;
    h->n_known++;
}

static gb_status take_values(hotspots *h, base_csv *csv)
{
    call *c = h->c;
    const char *path = call_text(c, "values");
    score_column columns[2] = { { { "id" }, 0 },
                                { { call_text(c, "column") }, 0 } };
    bool *is_told = base_alloc_zeroed(c->mem, h->lists.n, sizeof *is_told);
    base_csv_row row = { .found = BASE_CSV_ROW };
    gb_status status = is_told ? GB_OK : base_fail_nomem(c->ctx);

    if (!status)
        status = score_heading_read(c->ctx, csv, path, columns, 2, 2);
    while (!status && row.found != BASE_CSV_END) {
        status = score_row_next(csv, &row, &h->bad_values);
        if (!status && row.found == BASE_CSV_ROW)
            take_value(h, &row, columns, is_told);
    }
    base_free(c->mem, is_told);
    return status ? status
                  : score_rejects_judge(c->ctx, path, &h->bad_values,
                                        call_real(c, "max_reject"));
}

static gb_status read_values(hotspots *h)
{
    call *c = h->c;
    base_csv *csv = NULL;
    gb_status status;

    h->values = base_alloc_array(c->mem, h->lists.n, sizeof *h->values);
    h->spots = base_alloc_array(c->mem, h->lists.n, sizeof *h->spots);
    if (!h->values || !h->spots)
        return base_fail_nomem(c->ctx);
    for (size_t i = 0; i < h->lists.n; i++)
        h->values[i] = (double)NAN;
    status = base_csv_open(c->ctx, call_text(c, "values"), &csv);
    if (!status)
        status = take_values(h, csv);
    base_csv_close(csv);
    return status;
}

/* ---- the statistics ---- */

static gb_status judge(hotspots *h)
{
    call *c = h->c;
    const gb_neighbours near = { sizeof near, h->lists.n, h->lists.first,
                                 h->lists.areas, NULL };
    gb_status status;

    h->options = (gb_spots_options)GB_SPOTS_OPTIONS_INIT;
    h->options.stat = call_choice(c, "stat");
    h->options.is_fdr = call_flag(c, "fdr");
    h->options.level = call_real(c, "level");
    h->options.is_binary = call_flag(c, "binary");
    status = gb_spots(c->ctx, h->values, &near, &h->options, h->spots);
    for (size_t i = 0; i < h->lists.n && !status; i++)
        h->n_of[h->spots[i].spot_class]++;
    h->moran.size = sizeof h->moran;
    h->moran.n_known = 0;
    if (!status && h->n_known >= LEAST_FOR_ALL
        && h->lists.first[h->lists.n] > 0)
        status = gb_spots_moran(c->ctx, h->values, &near, &h->options,
                                &h->moran);
    return status;
}

/* ---- output ---- */

static void write_csv(const hotspots *h, base_text *text)
{
    base_text_add(text, "id,stat,z,p,p_fdr,class\n");
    for (size_t i = 0; i < h->lists.n; i++) {
        const gb_spot *spot = &h->spots[i];
        const double all[] = { spot->stat, spot->z, spot->p, spot->p_fdr };

        base_text_csv(text, h->lists.ids[i]);
        for (size_t k = 0; k < COUNT_OF(all); k++) {
            base_text_add(text, ",");
            if (!isnan(all[k]))
                base_text_exact(text, all[k]);
        }
        base_text_format(text, ",%s\n", class_names[spot->spot_class]);
    }
}

static bool put_classes(const hotspots *h, json_t *result)
{
    json_t *rows = json_array();
    bool is_put = call_put(result, "classes", rows);

    for (int k = 0; is_put && k < N_CLASSES; k++)
        if (h->n_of[k] > 0)
            is_put = json_array_append_new(
                         rows, json_pack("{s:s, s:s, s:I}", "class",
                                         class_names[k], "title",
                                         call_words(h->c, class_names[k]),
                                         "areas", (json_int_t)h->n_of[k]))
                == 0;
    return is_put;
}

static json_t *describe(const hotspots *h)
{
    json_t *made = json_pack(
        "{s:I, s:I, s:s, s:f, s:b}", "areas", (json_int_t)h->lists.n, "known",
        (json_int_t)h->n_known, "stat", call_text(h->c, "stat"), "level",
        h->options.level, "fdr", h->options.is_fdr);
    bool is_put = made && put_classes(h, made);

    if (is_put && h->moran.n_known > 0)
        is_put = call_put(made, "moran",
                          json_pack("{s:f, s:f, s:f, s:f}", "i", h->moran.i,
                                    "expected", h->moran.expected, "z",
                                    h->moran.z, "p", h->moran.p));
    is_put = is_put && score_rejects_put(h->c, &h->bad_values, made)
        && call_put(made, "bad_neighbours",
                    json_integer((json_int_t)h->bad_links.n_rejected));
    if (!is_put) {
        json_decref(made);
        return NULL;
    }
    return made;
}

static gb_status give(hotspots *h, json_t **result)
{
    gb_status status = call_result(h->c, result, describe(h));
    base_text text;

    base_text_init(&text, h->c->mem);
    if (!status && call_has(h->c, "out")) {
        write_csv(h, &text);
        status = call_file_give(h->c, *result, &text);
    }
    base_text_clear(&text);
    return status;
}

static gb_status run(call *c, json_t **result)
{
    hotspots h = { .c = c };
    gb_status status = read_lists(&h);

    if (!status)
        status = read_values(&h);
    if (!status)
        status = judge(&h);
    if (!status)
        status = give(&h, result);
    base_free(c->mem, h.values);
    base_free(c->mem, h.spots);
    gal_clear(&h.lists);
    base_text_clear(&h.gal_text);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "values", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV with the columns id and value; a blank value is "
                   "unknown") },
    { .name = "column", .type = CALL_TEXT, .fallback = "value",
      .help = GB_N("the column of the values") },
    { .name = "weights", .type = CALL_PATH, .is_required = true,
      .help = GB_N("GAL file: who is whose neighbour") },
    { .name = "stat", .type = CALL_ENUM, .choices = "gistar|gi|moran",
      .fallback = "gistar",
      .help = GB_N("Getis-Ord with the area itself, without it, or local "
                   "Moran") },
    { .name = "fdr", .type = CALL_BOOL,
      .help = GB_N("judge by the rate of false discoveries (Benjamini and "
                   "Hochberg)") },
    { .name = "level", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("the chance, or rate, up to which an area is a spot") },
    { .name = "binary", .type = CALL_BOOL,
      .help = GB_N("Moran: every neighbour weighs 1, instead of shares of "
                   "their number") },
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("refuse a file with a larger share of bad rows") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("CSV of id, stat, z, p, p_fdr and class") },
};
static const call_column columns[] = {
    { "areas", GB_N("areas"), CALL_SHOW_PLAIN },
    { "known", GB_N("of known value"), CALL_SHOW_PLAIN },
    { "moran.i", GB_N("Moran's I"), CALL_SHOW_PLAIN },
    { "moran.p", GB_N("its p"), CALL_SHOW_PLAIN },
    { "rejected", GB_N("bad rows"), CALL_SHOW_PLAIN },
    { "bad_neighbours", GB_N("bad neighbours"), CALL_SHOW_PLAIN },
};
static const call_column class_columns[] = {
    { "title", GB_N("class"), CALL_SHOW_PLAIN },
    { "areas", GB_N("areas"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { CALL_COLUMNS(columns) },
    { .rows = "classes", CALL_COLUMNS(class_columns) },
    SCORE_REJECTS_BLOCK("rejects"),
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "hotspots",
      .help = GB_N("Find areas whose high or low values keep company"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_spots_group = CALL_GROUP(methods);
