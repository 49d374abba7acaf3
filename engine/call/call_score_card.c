/*
 * call_score_card.c - score cards fitted, applied, shown and compared, on CSV
 * files; no workspace is needed.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "call_file.h"
#include "call_groups.h"
#include "call_score.h"
#include "report_file.h"

enum { ROWS_AT_ONCE = 65536, KNOWN_TEXTS = 4096 };

/* ---- fit ---- */

typedef struct fitting {
    call *c;
    call_score_data data;
    call_card card; /* as written */
    const char **skipped, **texts, **left_out, **kept, **amounts;
    size_t n_skipped, n_texts, n_left_out, n_kept, n_amounts;
} fitting;

static gb_status take_lists(fitting *x)
{
    call *c = x->c;
    gb_status status = call_score_list(c, "texts", &x->texts, &x->n_texts);

    if (!status)
        status = call_score_list(c, "leave_out", &x->left_out,
                                 &x->n_left_out);
    if (!status)
        status = call_score_list(c, "keep", &x->kept, &x->n_kept);
    if (!status)
        status = call_score_list(c, "amounts", &x->amounts, &x->n_amounts);
    if (status)
        return status;
    x->skipped = base_alloc_array(c->mem, x->n_left_out + 3,
                                  sizeof *x->skipped);
    if (!x->skipped)
        return base_fail_nomem(c->ctx);
    for (size_t i = 0; i < x->n_left_out; i++)
        x->skipped[x->n_skipped++] = x->left_out[i];
    x->skipped[x->n_skipped++] = call_text(c, "target");
    if (call_has(c, "id"))
        x->skipped[x->n_skipped++] = call_text(c, "id");
    if (call_has(c, "time"))
        x->skipped[x->n_skipped++] = call_text(c, "time");
    return GB_OK;
}

static gb_status read_training(fitting *x)
{
    call *c = x->c;
    const call_score_wish wish = {
        .path = call_text(c, "in"), .target = call_text(c, "target"),
        .event = call_text(c, "event"), .where = call_text(c, "train_where"),
        .time = call_text(c, "time"), .n_texts = x->n_texts,
        .texts = x->texts, .n_skipped = x->n_skipped, .skipped = x->skipped
    };

    return call_score_read(c, &wish, &x->data);
}

static gb_status fit_card(fitting *x)
{
    call *c = x->c;
    gb_scorecard_fit_options o = GB_SCORECARD_FIT_OPTIONS_INIT;

    o.name = call_text(c, "name");
    o.max_factors = (uint32_t)call_int(c, "max_factors");
    o.max_bins = (uint32_t)call_int(c, "max_bins");
    o.min_rows = (uint32_t)call_int(c, "min_rows");
    o.points_to_double = (uint32_t)call_int(c, "points_to_double");
    o.max_psi = call_real(c, "max_psi");
    o.max_alone = call_real(c, "max_alone");
    o.max_correlation = call_real(c, "max_correlation");
    o.derive = call_choice(c, "derive") == 1 ? GB_SCORECARD_AS_THEY_ARE
                                             : GB_SCORECARD_RATIOS;
    o.time = call_has(c, "time") ? x->data.time : NULL;
    o.kept = x->kept;
    o.n_kept = x->n_kept;
    o.amounts = x->amounts;
    o.n_amounts = x->n_amounts;
    o.id = call_text(c, "id");
    o.target = call_text(c, "target");
    o.where = call_text(c, "train_where");
    return gb_scorecard_fit(c->ctx, &x->data.rows.table, x->data.outcome, &o,
                            &x->card.card);
}

static gb_status card_text(call *c, const gb_score_card *card, base_text *out)
{
    size_t needed = 0;
    char *buffer;
    gb_status status = gb_scorecard_text(c->ctx, card, NULL, 0, &needed);

    if (status != GB_ERR_BUFFER)
        return status;
    buffer = base_alloc(c->mem, needed);
    if (!buffer)
        return base_fail_nomem(c->ctx);
    status = gb_scorecard_text(c->ctx, card, buffer, needed, NULL);
    if (!status)
        base_text_add(out, buffer);
    base_free(c->mem, buffer);
    return status;
}

/* Numbers that were no numbers, by column. */
static json_t *describe_odd(call *c, const call_score_data *data)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < data->rows.n_columns; i++) {
        const uint64_t n = data->rows.columns[i].n_odd;
        char text[300];

        if (n == 0)
            continue;
        snprintf(text, sizeof text,
                 call_words(c, GB_N("column %.100s: %llu values are no numbers "
                                    "and count as blank")),
                 data->file.names[i], (unsigned long long)n);
        call_put(list, NULL, call_string(text));
    }
    if (list && data->file.n_bad > 0)
        call_put(list, NULL, call_score_told(&data->file));
    return list;
}

static json_t *describe_fit(fitting *x)
{
    const json_t *fitted = json_object_get(x->card.json, "fitted");

    return json_pack(
        "{s:O, s:O, s:O, s:O, s:o, s:o, s:o, s:O}", "card",
        json_object_get(x->card.json, "card"), "rows",
        json_object_get(fitted, "rows"), "events",
        json_object_get(fitted, "events"), "auc",
        json_object_get(fitted, "auc"), "factors",
        call_score_describe(x->c, &x->card), "left_out",
        call_score_left_out(x->c, &x->card), "remarks",
        describe_odd(x->c, &x->data), "suspects",
        json_object_get(fitted, "suspects"));
}

static gb_status give_card(fitting *x, json_t **result)
{
    call *c = x->c;
    base_text text;
    gb_status status;

    base_text_init(&text, c->mem);
    status = card_text(c, x->card.card, &text);
    if (!status && text.is_short)
        status = base_fail_nomem(c->ctx);
    if (!status) {
        x->card.json = json_loads(text.chars, 0, NULL);
        status = x->card.json ? GB_OK : base_fail_nomem(c->ctx);
    }
    if (!status)
        status = call_result(c, result, describe_fit(x));
    if (!status)
        status = call_file_give(c, *result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status card_fit(call *c, json_t **result)
{
    fitting x = { .c = c };
    gb_status status = take_lists(&x);

    if (!status)
        status = read_training(&x);
    if (!status)
        status = fit_card(&x);
    if (!status)
        status = give_card(&x, result);
    call_card_clear(&x.card);
    call_score_data_clear(c, &x.data);
    base_free(c->mem, x.skipped);
    base_free(c->mem, x.texts);
    base_free(c->mem, x.left_out);
    base_free(c->mem, x.kept);
    base_free(c->mem, x.amounts);
    return status;
}

/* ---- apply ---- */

/* Few sums of points are different, and a probability is slow to write. */
typedef struct known_text {
    int64_t points;
    char text[32];
} known_text;

typedef struct applying {
    call *c;
    call_card card;
    call_score_file file;
    call_score_rows rows;
    size_t id; /* SIZE_MAX: the number of the row */
    BASE_ARRAY(char) ids; /* of the rows at hand, each ends in '\0' */
    int64_t *points;
    double *probability;
    int32_t *parts;
    base_text out;
    known_text *known;
    uint64_t n_done;
    bool has_scale, has_parts;
} applying;

static gb_status find_id(applying *x)
{
    const char *name = call_text(x->c, "id");

    if (name)
        return call_score_must_find(&x->file, name, &x->id);
    name = call_card_told(&x->card, "id");
    x->id = call_score_find(&x->file, name ? name : "id");
    return GB_OK;
}

static gb_status begin_apply(applying *x)
{
    call *c = x->c;
    gb_status status = call_card_read(c, "card", &x->card);

    base_text_init(&x->out, c->mem);
    if (!status)
        status = call_score_open(c->ctx, call_text(c, "in"), &x->file);
    if (!status)
        status = call_score_rows_begin(c->ctx, &x->file, &x->rows);
    if (!status)
        status = find_id(x);
    if (status)
        return status;
    call_score_wanted(&x->card, &x->file, &x->rows);
    x->has_scale = json_object_get(x->card.json, "scale") != NULL;
    x->has_parts = call_flag(c, "parts");
    x->points = base_alloc_array(c->mem, ROWS_AT_ONCE, sizeof *x->points);
    x->probability
        = base_alloc_array(c->mem, ROWS_AT_ONCE, sizeof *x->probability);
    x->known = base_alloc_array(c->mem, KNOWN_TEXTS, sizeof *x->known);
    if (x->has_parts)
        x->parts = base_alloc_array(
            c->mem, ROWS_AT_ONCE,
            gb_score_card_n_factors(x->card.card) * sizeof *x->parts);
    if (!x->points || !x->probability || !x->known
        || (x->has_parts && !x->parts))
        return base_fail_nomem(c->ctx);
    for (size_t k = 0; k < KNOWN_TEXTS; k++)
        x->known[k].points = -1;
    return GB_OK;
}

static void write_head(applying *x)
{
    base_text_add(&x->out, "id,points,probability");
    for (size_t f = 0;
         x->has_parts && f < gb_score_card_n_factors(x->card.card); f++) {
        base_text_add(&x->out, ",");
        base_text_csv(&x->out, gb_score_card_factor(x->card.card, f));
    }
    base_text_add(&x->out, "\n");
}

static const char *probability_text(applying *x, size_t row)
{
    known_text *known = &x->known[(uint64_t)x->points[row] % KNOWN_TEXTS];

    if (known->points != x->points[row]) {
        base_text text;

        base_text_init(&text, x->c->mem);
        base_text_exact(&text, x->probability[row]);
        snprintf(known->text, sizeof known->text, "%s",
                 text.chars ? text.chars : "");
        known->points = x->points[row];
        base_text_clear(&text);
    }
    return known->text;
}

static void write_rows(applying *x)
{
    const size_t n_factors = gb_score_card_n_factors(x->card.card);
    const char *id = x->ids.items;

    for (size_t row = 0; row < x->rows.n_rows; row++) {
        if (x->id == SIZE_MAX)
            base_text_format(&x->out, "%llu",
                             (unsigned long long)(x->n_done + row + 1));
        else
            base_text_csv(&x->out, id);
        if (x->id != SIZE_MAX)
            id += strlen(id) + 1;
        base_text_format(&x->out, ",%lld,", (long long)x->points[row]);
        if (x->has_scale)
            base_text_add(&x->out, probability_text(x, row));
        for (size_t f = 0; x->has_parts && f < n_factors; f++)
            base_text_format(&x->out, ",%d", x->parts[row * n_factors + f]);
        base_text_add(&x->out, "\n");
    }
}

static gb_status apply_rows(applying *x)
{
    gb_status status;

    call_score_rows_table(&x->rows, &x->file);
    status = gb_scorecard_apply(x->c->ctx, x->card.card, &x->rows.table,
                                x->parts, x->points,
                                x->has_scale ? x->probability : NULL);
    if (status)
        return status;
    write_rows(x);
    x->n_done += x->rows.n_rows;
    call_score_rows_reset(&x->rows);
    x->ids.n = 0;
    return x->out.is_short ? base_fail_nomem(x->c->ctx) : GB_OK;
}

static gb_status keep_id(applying *x, const char *id)
{
    const size_t n = strlen(id) + 1;

    if (!base_array_reserve(x->c->mem, &x->ids, n))
        return base_fail_nomem(x->c->ctx);
    memcpy(x->ids.items + x->ids.n, id, n);
    x->ids.n += n;
    return GB_OK;
}

static gb_status apply_all(applying *x)
{
    base_csv_row row = { .found = BASE_CSV_ROW };
    gb_status status = GB_OK;

    write_head(x);
    while (!status && !(status = call_score_next(&x->file, &row))
           && row.found == BASE_CSV_ROW) {
        if (x->id != SIZE_MAX)
            status = keep_id(x, row.fields[x->id]);
        if (!status)
            status = call_score_rows_add(&x->rows, &row);
        if (!status && x->rows.n_rows == ROWS_AT_ONCE)
            status = apply_rows(x);
    }
    return status ? status : apply_rows(x);
}

static gb_status card_apply(call *c, json_t **result)
{
    applying x = { .c = c };
    gb_status status = begin_apply(&x);

    if (!status)
        status = apply_all(&x);
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:I, s:I, s:o*}", "rows",
                                       (json_int_t)x.n_done, "bad",
                                       (json_int_t)x.file.n_bad, "remark",
                                       call_score_told(&x.file)));
    if (!status)
        status = call_file_give(c, *result, &x.out);
    base_text_clear(&x.out);
    base_array_clear(c->mem, &x.ids);
    base_free(c->mem, x.points);
    base_free(c->mem, x.probability);
    base_free(c->mem, x.parts);
    base_free(c->mem, x.known);
    call_score_rows_clear(&x.rows);
    call_score_close(&x.file);
    call_card_clear(&x.card);
    return status;
}

/* ---- show ---- */

static gb_status card_show(call *c, json_t **result)
{
    call_card card;
    gb_status status = call_card_read(c, "card", &card);

    if (!status) {
        const json_t *fitted = json_object_get(card.json, "fitted");

        status = call_result(
            c, result,
            json_pack("{s:O, s:O, s:O*, s:O*, s:O*, s:O*, s:O*, s:o, s:o}",
                      "card", json_object_get(card.json, "card"), "version",
                      json_object_get(card.json, "version"), "scale",
                      json_object_get(card.json, "scale"), "rows",
                      json_object_get(fitted, "rows"), "events",
                      json_object_get(fitted, "events"), "auc",
                      json_object_get(fitted, "auc"), "suspects",
                      json_object_get(fitted, "suspects"), "factors",
                      call_score_describe(c, &card), "left_out",
                      call_score_left_out(c, &card)));
    }
    call_card_clear(&card);
    return status;
}

/* ---- the table ---- */

static const call_param fit_params[] = {
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .help = GB_N("customers with what became of them: CSV, names in the "
                   "first row, rows in the order of time") },
    { .name = "target", .type = CALL_TEXT, .is_required = true,
      .help = GB_N("the column of the outcome: yes or no, 1 or 0") },
    { .name = "event", .type = CALL_TEXT,
      .help = GB_N("the text of that column that is the outcome") },
    { .name = "id", .type = CALL_TEXT,
      .help = GB_N("the column of the customer's reference: no factor") },
    { .name = "train_where", .type = CALL_TEXT,
      .help = GB_N("which rows to learn from, as an SQLite condition over the "
                   "columns; `rowid` is the number of the row") },
    { .name = "time", .type = CALL_TEXT,
      .help = GB_N("the column to order the rows by: no factor") },
    { .name = "max_factors", .type = CALL_INT, .min = 1, .max = 30,
      .fallback = "8", .help = GB_N("at most so many") },
    { .name = "leave_out", .type = CALL_LIST,
      .help = GB_N("columns that were not known beforehand, or may not be "
                   "used") },
    { .name = "keep", .type = CALL_LIST,
      .help = GB_N("columns that no test throws out") },
    { .name = "texts", .type = CALL_LIST,
      .help = GB_N("columns of numbers that are names") },
    { .name = "derive", .type = CALL_ENUM, .choices = "ratios|none",
      .fallback = "ratios",
      .help = GB_N("ratios and differences of amounts of like unit (_fen, "
                   "_yuan and so on) as factors") },
    { .name = "amounts", .type = CALL_LIST,
      .help = GB_N("further columns that are amounts of one unit") },
    { .name = "max_bins", .type = CALL_INT, .min = 2, .max = 12,
      .fallback = "6", .help = GB_N("bins of a factor at most") },
    { .name = "min_rows", .type = CALL_INT, .min = 1, .max = INT32_MAX,
      .help = GB_N("rows of a bin at least; else a half per cent, and 25") },
    { .name = "points_to_double", .type = CALL_INT, .min = 5, .max = 200,
      .fallback = "20", .help = GB_N("points that double the odds") },
    { .name = "max_psi", .type = CALL_REAL,
      .help = GB_N("population stability index from which a column must show "
                   "that it still holds; else 0.25") },
    { .name = "max_alone", .type = CALL_REAL,
      .help = GB_N("AUC from which a column alone is suspected to have been "
                   "known only afterwards; else 0.85") },
    { .name = "max_correlation", .type = CALL_REAL,
      .help = GB_N("of two factors; else 0.8") },
    { .name = "name", .type = CALL_TEXT, .fallback = "fitted",
      .help = GB_N("of the card") },
    { .name = "out", .type = CALL_PATH, .help = GB_N("the card in JSON") },
};
static const call_column about_columns[] = {
    { "card", GB_N("card"), CALL_SHOW_PLAIN },
    { "rows", GB_N("rows learnt from"), CALL_SHOW_PLAIN },
    { "events", GB_N("of them with the outcome"), CALL_SHOW_PLAIN },
    { "auc", GB_N("AUC on these rows"), CALL_SHOW_PLAIN },
};
static const call_column bin_columns[] = {
    { "title", GB_N("factor"), CALL_SHOW_PLAIN },
    { "bin", GB_N("value"), CALL_SHOW_PLAIN },
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
    { "share", GB_N("share"), CALL_SHOW_RATIO },
    { "rate", GB_N("outcome"), CALL_SHOW_RATIO },
};
static const call_column left_columns[] = {
    { "column", GB_N("left out"), CALL_SHOW_PLAIN },
    { "why", GB_N("because"), CALL_SHOW_PLAIN },
};
static const call_column remark_columns[] = {
    { "", GB_N("remarks"), CALL_SHOW_PLAIN },
};
static const call_block fit_blocks[] = {
    { CALL_COLUMNS(about_columns) },
    { .rows = "factors", CALL_COLUMNS(bin_columns) },
    { .when = "left_out", .rows = "left_out", CALL_COLUMNS(left_columns) },
    { .when = "remarks", .rows = "remarks", CALL_COLUMNS(remark_columns) },
    { .when = "file", .text = GB_N("written: {file}") },
};
static const call_block show_blocks[] = {
    { CALL_COLUMNS(about_columns) },
    { .when = "scale",
      .text = GB_N("at {scale.points} points the odds are {scale.odds}; "
                   "{scale.to_double} points more double them") },
    { .rows = "factors", CALL_COLUMNS(bin_columns) },
    { .when = "left_out", .rows = "left_out", CALL_COLUMNS(left_columns) },
};

static const call_param apply_params[] = {
    { .name = "card", .type = CALL_PATH, .is_required = true,
      .help = GB_N("the card in JSON") },
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .help = GB_N("customers: CSV, names in the first row") },
    { .name = "id", .type = CALL_TEXT,
      .help = GB_N("the column of the customer's reference; else that of the "
                   "fit, or `id`, or the number of the row") },
    { .name = "parts", .type = CALL_BOOL,
      .help = GB_N("the points of every factor too") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("id, points and probability as CSV") },
};
static const call_block apply_blocks[] = {
    { .when = "rows", .text = GB_N("{rows} rows scored") },
    { .when = "remark", .text = "{remark}" },
    { .when = "file", .text = GB_N("written: {file}") },
};
static const call_param show_params[] = {
    { .name = "card", .type = CALL_PATH, .is_required = true,
      .is_positional = true, .help = GB_N("the card in JSON") },
};

static const call_method methods[] = {
    { .name = "score.card.fit",
      .help = GB_N("Learn a score card from a table of customers"),
      CALL_PARAMS(fit_params), CALL_BLOCKS(fit_blocks), .run = card_fit },
    { .name = "score.card.apply",
      .help = GB_N("Score the customers of a table by a card"),
      CALL_PARAMS(apply_params), CALL_BLOCKS(apply_blocks),
      .run = card_apply },
    { .name = "score.card.show", .help = GB_N("Show a score card in words"),
      CALL_PARAMS(show_params), CALL_BLOCKS(show_blocks), .run = card_show },
};
const call_group call_score_card_group = CALL_GROUP(methods);
