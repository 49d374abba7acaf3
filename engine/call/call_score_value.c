/*
 * call_score_value.c - score.value, score.matrix and score.values: what the
 * customers of a workspace bring, how loyal they are, which strategy suits
 * them, and what a visit to each is worth.
 */
#include <math.h>
#include <string.h>

#include "call_file.h"
#include "call_groups.h"
#include "call_steps.h"
#include "plan_value.h"

/* Customers with their values, between begin_valuing() and end_valuing(). */
typedef struct valuing {
    call *c;
    base_run run;
    plan_settings settings;
    plan_data data;
    plan_table table;
    plan_values values;
    gb_score_card *card;
    char *card_json;
} valuing;

static gb_status load_and_value(valuing *x, const char *only_ref)
{
    call *c = x->c;
    store_scope scope;
    gb_status status = store_scope_parse(c->workspace, c->scope_text, &scope);

    if (!status)
        status = plan_data_customers(&x->data, c->workspace, &x->run,
                                     &x->settings, scope, only_ref);
    if (!status && only_ref && x->data.targets.n == 0)
        status = base_fail(c->ctx, GB_ERR_NOT_FOUND,
                           "there is no customer \"%s\" in this scope",
                           only_ref);
    if (!status)
        status = plan_card(&x->data, &x->card);
    if (!status)
        status = plan_table_fill(&x->data, &x->table);
    if (!status)
        status = plan_values_make(&x->data, x->card, &x->table.table, NULL,
                                  only_ref != NULL, &x->values);
    return status;
}

static gb_status begin_valuing(call *c, const char *only_ref, valuing *x)
{
    gb_status status;

    memset(x, 0, sizeof *x);
    x->c = c;
    status = call_file_text(c, "card", &x->card_json);
    x->settings.given.date = call_text(c, "date");
    x->settings.given.card = x->card_json;
    x->settings.on = store_day_parse(call_text(c, "date"));
    call_enter_store(c, &x->run);
    return status ? status : load_and_value(x, only_ref);
}

static gb_status end_valuing(valuing *x, gb_status status)
{
    plan_values_clear(&x->values);
    if (x->data.run)
        plan_table_clear(&x->data, &x->table);
    plan_data_clear(&x->data);
    status = call_leave_store(x->c, &x->run, status);
    gb_score_card_free(x->card);
    base_free(x->c->mem, x->card_json);
    return status;
}

/* ---- one customer ---- */

static const char *lang_of(const call *c)
{
    return base_lang_name(c->ctx->lang);
}

static json_t *part(const valuing *x, gb_value_model model, size_t p)
{
    return json_pack("{s:s, s:s}", "part", gb_value_part(x->card, model, p),
                     "title",
                     gb_value_part_title(x->card, model, p, lang_of(x->c)));
}

static json_t *contribution_parts(const valuing *x)
{
    json_t *list = json_array();

    for (size_t p = 0; p < x->values.kept.n_contribution; p++) {
        const int64_t now = x->values.to.contribution_parts[p];
        const int64_t stake = x->values.to.at_stake_parts[p];
        json_t *row;

        if (now == 0 && stake == 0)
            continue;
        row = part(x, GB_VALUE_CONTRIBUTION, p);
        call_put(row, "now_fen", json_integer(now));
        call_put(row, "at_stake_fen", json_integer(stake));
        call_put(list, NULL, row);
    }
    return list;
}

static json_t *loyalty_parts(const valuing *x)
{
    json_t *list = json_array();

    for (size_t p = 0; p < x->values.kept.n_loyalty; p++) {
        json_t *row = part(x, GB_VALUE_LOYALTY, p);

        call_put(row, "points",
                 json_integer(x->values.to.loyalty_parts[p]));
        call_put(list, NULL, row);
    }
    return list;
}

static json_t *urgency_parts(const valuing *x)
{
    json_t *list = json_array();

    for (size_t p = 0; p < x->values.kept.n_urgency; p++) {
        json_t *row = part(x, GB_VALUE_URGENCY, p);

        call_put(row, "factor", json_real(x->values.to.urgency_parts[p]));
        call_put(list, NULL, row);
    }
    return list;
}

/* What to do by channel, as people say it. */
static const char *channel_words(const call *c, const char *channel)
{
    static const char *const names[]
        = { "visit", "call", "sms", "app", "none" };
    static const char *const words[]
        = { GB_N("a visit"), GB_N("a telephone call"), GB_N("a text message"),
            GB_N("a message in the app"), GB_N("no contact") };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(channel, names[i]) == 0)
            return call_words(c, words[i]);
    return channel;
}

/* A box and its strategy, in both languages and in the caller's. */
static json_t *describe_box(valuing *x, uint32_t number)
{
    gb_value_box box = { .size = sizeof box };

    if (gb_value_box_get(&x->data.quiet, x->card, number, lang_of(x->c), &box))
        return NULL;
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "box",
        box.name, "title", box.title, "contribution", box.contribution_name,
        "contribution_title", box.contribution_title, "loyalty",
        box.loyalty_name, "loyalty_title", box.loyalty_title, "channel",
        box.channel, "channel_title", channel_words(x->c, box.channel),
        "every_days", (json_int_t)box.every_days, "template",
        call_text_json(box.template_ref), "advice",
        call_text_json(box.advice));
}

static json_t *describe_customer(valuing *x)
{
    const gb_value_result *to = &x->values.to;
    const double fen_per_point = gb_value_fen_per_point(x->card);
    json_t *made = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:f, s:o, s:o, s:o}", "customer",
        x->data.targets.items[0].ref, "date", x->settings.given.date,
        "points", (json_int_t)to->points[0], "card_points",
        (json_int_t)x->values.card_points[0], "contribution_fen",
        (json_int_t)to->contribution_fen[0], "at_stake_fen",
        (json_int_t)to->at_stake_fen[0], "urgency", to->urgency[0],
        "contribution", contribution_parts(x), "loyalty_parts",
        loyalty_parts(x), "urgency_parts", urgency_parts(x));

    if (!isnan(to->chance[0]))
        call_put(made, "chance", json_real(to->chance[0]));
    if (fen_per_point > 0)
        call_put(made, "fen_per_point", json_real(fen_per_point));
    if (to->loyalty[0] >= 0)
        call_put(made, "loyalty", json_integer(to->loyalty[0]));
    if (to->box[0] != GB_VALUE_NO_BOX)
        call_put(made, "strategy", describe_box(x, to->box[0]));
    return made;
}

static gb_status score_value(call *c, json_t **result)
{
    valuing x;
    gb_status status = begin_valuing(c, call_text(c, "customer"), &x);

    if (!status)
        status = call_result(c, result, describe_customer(&x));
    return end_valuing(&x, status);
}

/* ---- the matrix ---- */

typedef struct tally {
    int64_t customers, contribution_fen, at_stake_fen, loyalty;
} tally;

static tally *count_boxes(valuing *x, size_t n_boxes)
{
    const gb_value_result *to = &x->values.to;
    tally *boxes = base_alloc_zeroed(x->c->mem, n_boxes, sizeof *boxes);

    for (size_t i = 0; boxes && i < x->data.targets.n; i++) {
        tally *box = &boxes[to->box[i]];

        box->customers++;
        box->contribution_fen += to->contribution_fen[i];
        box->at_stake_fen += to->at_stake_fen[i];
        box->loyalty += to->loyalty[i];
    }
    return boxes;
}

static double share(int64_t part, size_t whole)
{
    return whole > 0 ? round((double)part * 1e4 / (double)whole) / 1e4 : 0;
}

static json_t *describe_matrix(valuing *x, const tally *boxes, size_t n_boxes)
{
    const size_t n = x->data.targets.n;
    json_t *list = json_array();
    int64_t contribution_fen = 0, at_stake_fen = 0;

    for (uint32_t b = 0; b < n_boxes; b++) {
        const tally *t = &boxes[b];
        json_t *row = describe_box(x, b);

        call_put(row, "customers", json_integer(t->customers));
        call_put(row, "share", json_real(share(t->customers, n)));
        call_put(row, "contribution_fen", json_integer(t->contribution_fen));
        call_put(row, "at_stake_fen", json_integer(t->at_stake_fen));
        call_put(row, "mean_loyalty",
                 json_integer(t->customers > 0 ? t->loyalty / t->customers
                                               : 0));
        call_put(list, NULL, row);
        contribution_fen += t->contribution_fen;
        at_stake_fen += t->at_stake_fen;
    }
    return json_pack("{s:s, s:I, s:I, s:I, s:o}", "date",
                     x->settings.given.date, "customers", (json_int_t)n,
                     "contribution_fen", (json_int_t)contribution_fen,
                     "at_stake_fen", (json_int_t)at_stake_fen, "boxes", list);
}

static gb_status need_matrix(valuing *x, size_t *n_boxes)
{
    size_t n_contribution = 0, n_loyalty = 0;

    gb_value_matrix(x->card, &n_contribution, &n_loyalty);
    *n_boxes = n_contribution * n_loyalty;
    return *n_boxes > 0 ? GB_OK
                        : base_fail(x->c->ctx, GB_ERR_DATA,
                                    "the card has no \"matrix\"");
}

static gb_status write_customers(valuing *x, base_text *text)
{
    const gb_value_result *to = &x->values.to;

    base_text_add(text, "customer_ref,contribution_fen,at_stake_fen,loyalty,"
                        "points,box,channel,every_days,template\n");
    for (size_t i = 0; i < x->data.targets.n; i++) {
        gb_value_box box = { .size = sizeof box };
        gb_status status
            = gb_value_box_get(&x->data.quiet, x->card, to->box[i], NULL,
                               &box);

        if (status)
            return plan_take(&x->data, status);
        base_text_csv(text, x->data.targets.items[i].ref);
        base_text_format(text, ",%lld,%lld,%d,%lld,%s,%s,%u,",
                         (long long)to->contribution_fen[i],
                         (long long)to->at_stake_fen[i], to->loyalty[i],
                         (long long)to->points[i], box.name, box.channel,
                         box.every_days);
        base_text_csv(text, box.template_ref);
        base_text_add(text, "\n");
    }
    return text->is_short ? base_fail_nomem(x->c->ctx) : GB_OK;
}

static gb_status give_matrix(valuing *x, json_t **result)
{
    call *c = x->c;
    size_t n_boxes = 0;
    tally *boxes = NULL;
    base_text text;
    gb_status status = need_matrix(x, &n_boxes);

    base_text_init(&text, c->mem);
    if (!status) {
        boxes = count_boxes(x, n_boxes);
        status = boxes ? call_result(c, result,
                                     describe_matrix(x, boxes, n_boxes))
                       : base_fail_nomem(c->ctx);
    }
    if (!status && call_has(c, "out"))
        status = write_customers(x, &text);
    if (!status && call_has(c, "out"))
        status = call_file_give(c, *result, &text);
    base_text_clear(&text);
    base_free(c->mem, boxes);
    return status;
}

static gb_status score_matrix(call *c, json_t **result)
{
    valuing x;
    gb_status status = begin_valuing(c, NULL, &x);

    if (!status)
        status = give_matrix(&x, result);
    return end_valuing(&x, status);
}

static gb_status score_values(call *c, json_t **result)
{
    valuing x;
    gb_status status = begin_valuing(c, NULL, &x);

    if (!status)
        status = give_matrix(&x, result);
    if (!status)
        status = store_save_customer_values(c->workspace, &x.values.kept);
    return end_valuing(&x, status);
}

/* ---- the table ---- */

#define DATE                                                                  \
    { .name = "date", .type = CALL_DATE, .is_required = true,                 \
      .help = GB_N("the day as of which customers are looked at") }
#define CARD                                                                  \
    { .name = "card", .type = CALL_PATH,                                      \
      .help = GB_N("a score card in JSON; else the one that ships") }
#define OUT                                                                   \
    { .name = "out", .type = CALL_PATH,                                       \
      .help = GB_N("every customer with figures and strategy, as CSV") }

static const call_param value_params[] = {
    { .name = "customer", .type = CALL_TEXT, .is_required = true,
      .is_positional = true, .help = GB_N("reference of the customer") },
    DATE, CARD,
};
static const call_column contribution_columns[] = {
    { "title", GB_N("contribution, yuan a year"), CALL_SHOW_PLAIN },
    { "now_fen", GB_N("now"), CALL_SHOW_FEN },
    { "at_stake_fen", GB_N("at stake"), CALL_SHOW_FEN },
};
static const call_column loyalty_columns[] = {
    { "title", GB_N("loyalty, of 1,000"), CALL_SHOW_PLAIN },
    { "points", GB_N("points"), CALL_SHOW_PLAIN },
};
static const call_column urgency_columns[] = {
    { "title", GB_N("urgency"), CALL_SHOW_PLAIN },
    { "factor", GB_N("times"), CALL_SHOW_TIMES },
};
static const call_block value_blocks[] = {
    { .text = GB_N("{customer}: a visit on {date} is worth {points} points") },
    { .when = "fen_per_point",
      .text = GB_N("= {chance:ratio} chance x {at_stake_fen:fen} yuan a year "
                   "at stake x {urgency:times} urgency / {fen_per_point:fen} yuan a "
                   "point") },
    { .text = GB_N("brings {contribution_fen:fen} yuan a year") },
    { .when = "contribution", .rows = "contribution",
      CALL_COLUMNS(contribution_columns) },
    { .when = "loyalty_parts", .text = GB_N("loyalty {loyalty} of 1,000") },
    { .when = "loyalty_parts", .rows = "loyalty_parts",
      CALL_COLUMNS(loyalty_columns) },
    { .when = "urgency_parts", .rows = "urgency_parts",
      CALL_COLUMNS(urgency_columns) },
    { .when = "strategy",
      .text = GB_N("strategy \"{strategy.title}\": {strategy.channel_title}, "
                   "every {strategy.every_days} days") },
    { .when = "strategy.advice", .text = "{strategy.advice}" },
};

static const call_param matrix_params[] = { DATE, CARD, OUT };
static const call_column box_columns[] = {
    { "contribution_title", GB_N("contribution"), CALL_SHOW_PLAIN },
    { "loyalty_title", GB_N("loyalty"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "share", GB_N("share"), CALL_SHOW_RATIO },
    { "contribution_fen", GB_N("yuan a year"), CALL_SHOW_FEN },
    { "at_stake_fen", GB_N("at stake"), CALL_SHOW_FEN },
    { "title", GB_N("strategy"), CALL_SHOW_PLAIN },
    { "channel_title", GB_N("by"), CALL_SHOW_PLAIN },
    { "every_days", GB_N("days between"), CALL_SHOW_PLAIN },
    { "template", GB_N("template"), CALL_SHOW_PLAIN },
    { "advice", GB_N("advice"), CALL_SHOW_PLAIN },
};
static const call_block matrix_blocks[] = {
    { .text = GB_N("{customers} customers bring {contribution_fen:fen} yuan a "
                   "year") },
    { .rows = "boxes", CALL_COLUMNS(box_columns) },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "score.value",
      .help = GB_N("Say what a customer brings, and what a visit is worth"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(value_params),
      CALL_BLOCKS(value_blocks), .run = score_value },
    { .name = "score.matrix",
      .help = GB_N("Count customers by contribution and loyalty, with the "
                   "strategy of each box"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(matrix_params),
      CALL_BLOCKS(matrix_blocks), .run = score_matrix },
    { .name = "score.values",
      .help = GB_N("Keep every customer's contribution, loyalty and box, for "
                   "rules"),
      .workspace = CALL_WRITES, CALL_PARAMS(matrix_params),
      CALL_BLOCKS(matrix_blocks), .run = score_values },
};
const call_group call_score_value_group = CALL_GROUP(methods);
