/*
 * call_score_explain.c - why one customer of a table has his points, and what
 * has moved since an earlier table.
 */
#include <stdlib.h>
#include <string.h>

#include "call_file.h"
#include "call_groups.h"
#include "call_score.h"

typedef struct explaining {
    call *c;
    call_card card;
    size_t n_factors;
    call_score_file file;
    call_score_rows rows;
    char **fields; /* of the customer, borrowed from kept */
    base_arena kept;
    uint32_t *bins;
    int32_t *parts;
    int64_t points;
    double probability;
    bool has_scale, is_found;
} explaining;

static gb_status take_row(explaining *x, const base_csv_row *row)
{
    x->fields = base_arena_alloc(&x->kept, row->n_fields, sizeof *x->fields);
    if (!x->fields)
        return base_fail_nomem(x->c->ctx);
    for (size_t i = 0; i < row->n_fields; i++) {
        const size_t n = strlen(row->fields[i]) + 1;

        x->fields[i] = base_arena_alloc(&x->kept, n, 1);
        if (!x->fields[i])
            return base_fail_nomem(x->c->ctx);
        memcpy(x->fields[i], row->fields[i], n);
    }
    x->is_found = true;
    return call_score_rows_add(&x->rows, row);
}

/* The customer's row in the file; none is no error. */
static gb_status find_row(explaining *x, const char *path)
{
    call *c = x->c;
    const char *id = call_text(c, "id"), *wanted = call_text(c, "customer");
    base_csv_row row = { .found = BASE_CSV_ROW };
    size_t column;
    gb_status status = call_score_open(c->ctx, path, &x->file);

    if (!status)
        status = call_score_rows_begin(c->ctx, &x->file, &x->rows);
    if (!id)
        id = call_card_told(&x->card, "id");
    if (!status)
        status = call_score_must_find(&x->file, id ? id : "id", &column);
    if (!status)
        call_score_wanted(&x->card, &x->file, &x->rows);
    while (!status && !x->is_found
           && !(status = call_score_next(&x->file, &row))
           && row.found == BASE_CSV_ROW)
        if (strcmp(row.fields[column], wanted) == 0)
            status = take_row(x, &row);
    return status;
}

static gb_status look(explaining *x, const char *path)
{
    call *c = x->c;
    gb_status status;

    base_arena_init(&x->kept, c->mem);
    status = call_card_read(c, "card", &x->card);
    x->n_factors = gb_score_card_n_factors(x->card.card);
    x->has_scale = json_object_get(x->card.json, "scale") != NULL;
    x->bins = base_alloc_array(c->mem, x->n_factors, sizeof *x->bins);
    x->parts = base_alloc_array(c->mem, x->n_factors, sizeof *x->parts);
    if (!status && (!x->bins || !x->parts))
        status = base_fail_nomem(c->ctx);
    if (!status)
        status = find_row(x, path);
    if (status || !x->is_found)
        return status;
    call_score_rows_table(&x->rows, &x->file);
    status = gb_scorecard_apply(c->ctx, x->card.card, &x->rows.table, x->parts,
                                &x->points,
                                x->has_scale ? &x->probability : NULL);
    return status ? status
                  : gb_scorecard_bins(c->ctx, x->card.card, &x->rows.table,
                                      x->bins);
}

static void clear(explaining *x)
{
    if (x->kept.mem)
        base_arena_clear(&x->kept);
    base_free(x->c->mem, x->bins);
    base_free(x->c->mem, x->parts);
    call_score_rows_clear(&x->rows);
    call_score_close(&x->file);
    call_card_clear(&x->card);
}

static const json_t *factor_at(const explaining *x, size_t f)
{
    return json_array_get(json_object_get(x->card.json, "factors"), f);
}

/* What stands in the table, of one column or two. */
static json_t *value_of(const explaining *x, size_t f)
{
    const json_t *factor = factor_at(x, f);
    const json_t *pair = json_object_get(factor, "ratio");
    const char *name
        = json_string_value(json_object_get(factor, "column"));
    size_t a, b;

    pair = pair ? pair : json_object_get(factor, "difference");
    a = call_score_find(&x->file,
                        pair ? json_string_value(json_array_get(pair, 0))
                             : name);
    b = call_score_find(&x->file, json_string_value(json_array_get(pair, 1)));
    if (a == SIZE_MAX)
        return json_string("");
    if (b == SIZE_MAX)
        return call_string(x->fields[a]);
    return json_sprintf("%s | %s", x->fields[a], x->fields[b]);
}

typedef struct place {
    int32_t points;
    size_t factor;
} place;

/* Most points first, then in the card's order. */
static int by_points(const void *a, const void *b)
{
    const place *x = a, *y = b;

    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    return (x->factor > y->factor) - (x->factor < y->factor);
}

static json_t *describe_part(const explaining *x, const explaining *before,
                             size_t f)
{
    base_text words;
    json_t *part;

    base_text_init(&words, x->c->mem);
    call_score_say_bin(x->c, factor_at(x, f), x->bins[f], &words);
    part = json_pack("{s:s, s:s, s:o, s:s, s:i}", "factor",
                     gb_score_card_factor(x->card.card, f), "title",
                     gb_score_card_title(x->card.card, f,
                                         base_lang_name(x->c->ctx->lang)),
                     "value", value_of(x, f), "bin",
                     words.chars ? words.chars : "", "points",
                     (int)x->parts[f]);
    if (part && before->is_found) {
        base_text_reset(&words);
        call_score_say_bin(x->c, factor_at(x, f), before->bins[f], &words);
        json_object_set_new(part, "was",
                            json_string(words.chars ? words.chars : ""));
        json_object_set_new(part, "moved",
                            json_integer(x->parts[f] - before->parts[f]));
    }
    base_text_clear(&words);
    return part;
}

static gb_status describe(const explaining *x, const explaining *before,
                          json_t **out)
{
    base_mem *mem = x->c->mem;
    place *order = base_alloc_array(mem, x->n_factors, sizeof *order);
    json_t *list = json_array();

    if (!order || !list) {
        base_free(mem, order);
        json_decref(list);
        return base_fail_nomem(x->c->ctx);
    }
    for (size_t f = 0; f < x->n_factors; f++)
        order[f] = (place){ x->parts[f], f };
    qsort(order, x->n_factors, sizeof *order, by_points);
    for (size_t f = 0; f < x->n_factors; f++)
        call_put(list, NULL, describe_part(x, before, order[f].factor));
    base_free(mem, order);
    *out = json_pack("{s:s, s:I, s:o, s:o}", "customer",
                     call_text(x->c, "customer"), "points",
                     (json_int_t)x->points, "probability",
                     x->has_scale ? json_real(x->probability) : json_null(),
                     "parts", list);
    if (*out && before->is_found)
        json_object_set_new(*out, "moved",
                            json_integer(x->points - before->points));
    return *out ? GB_OK : base_fail_nomem(x->c->ctx);
}

static gb_status explain(call *c, json_t **result)
{
    explaining x = { .c = c }, before = { .c = c };
    json_t *made = NULL;
    gb_status status = look(&x, call_text(c, "in"));

    if (!status && !x.is_found)
        status = base_fail(c->ctx, GB_ERR_NOT_FOUND,
                           "%s has no customer \"%s\"", call_text(c, "in"),
                           call_text(c, "customer"));
    if (!status && call_has(c, "since"))
        status = look(&before, call_text(c, "since"));
    if (!status)
        status = describe(&x, &before, &made);
    if (!status)
        status = call_result(c, result, made);
    clear(&x);
    clear(&before);
    return status;
}

static const call_param params[] = {
    { .name = "customer", .type = CALL_TEXT, .is_required = true,
      .is_positional = true, .help = GB_N("the customer's reference") },
    { .name = "card", .type = CALL_PATH, .is_required = true,
      .help = GB_N("the card in JSON") },
    { .name = "in", .type = CALL_PATH, .is_required = true,
      .help = GB_N("customers: CSV, names in the first row") },
    { .name = "since", .type = CALL_PATH,
      .help = GB_N("an earlier table, to tell what has moved") },
    { .name = "id", .type = CALL_TEXT,
      .help = GB_N("the column of the customer's reference; else that of the "
                   "fit, or `id`") },
};
static const call_column columns[] = {
    { "customer", GB_N("customer"), CALL_SHOW_ID },
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
    { "probability", GB_N("probability"), CALL_SHOW_RATIO },
    { "moved", GB_N("moved by"), CALL_SHOW_PLAIN },
};
static const call_column part_columns[] = {
    { "title", GB_N("factor"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_ID },
    { "bin", GB_N("bin"), CALL_SHOW_PLAIN },
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
    { "was", GB_N("was"), CALL_SHOW_PLAIN },
    { "moved", GB_N("moved by"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { CALL_COLUMNS(columns) },
    { .rows = "parts", CALL_COLUMNS(part_columns) },
};
static const call_method methods[] = {
    { .name = "score.card.explain",
      .help = GB_N("Say why a customer of a table has his points"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = explain },
};
const call_group call_score_explain_group = CALL_GROUP(methods);
