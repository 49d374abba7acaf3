/*
 * score_card_write.c - a card as JSON text, for people first: a factor a
 * line, its bins below it.
 */
#include "score_card.h"

#include "base_check.h"
#include "score_worth.h"

static void add_pair(base_text *text, const char *key, const char *value)
{
    base_text_format(text, "\"%s\": ", key);
    base_text_json(text, value);
}

static void add_counts(base_text *text, const score_factor *f, size_t b)
{
    if (f->rows)
        base_text_format(text, ", \"rows\": %lld, \"events\": %lld",
                         (long long)f->rows[b], (long long)f->events[b]);
}

/* The texts of a group in their order, as the shipped card would list them. */
static void add_values(base_text *text, const score_factor *f, size_t b)
{
    bool is_first = true;

    base_text_add(text, "\"values\": [");
    for (size_t v = 0; v < f->n_values; v++) {
        if (f->values[v].bin != b)
            continue;
        if (!is_first)
            base_text_add(text, ", ");
        base_text_json(text, f->values[v].text);
        is_first = false;
    }
    base_text_add(text, "], ");
}

static void add_bins(base_text *text, const score_factor *f)
{
    base_text_format(text, ",\n     \"%s\": [",
                     f->kind == SCORE_TEXT ? "groups" : "bins");
    for (size_t b = 0; b < f->n_bins; b++) {
        base_text_add(text, b > 0 ? ",\n       {" : "\n       {");
        if (b + 1 < f->n_bins && f->kind == SCORE_TEXT) {
            add_values(text, f, b);
        } else if (b + 1 < f->n_bins) {
            base_text_add(text, "\"below\": ");
            base_text_exact(text, f->below[b]);
            base_text_add(text, ", ");
        }
        base_text_format(text, "\"points\": %d", f->points[b]);
        add_counts(text, f, b);
        base_text_add(text, "}");
    }
    base_text_format(text, "],\n     \"missing\": %d", f->missing);
    if (f->rows)
        base_text_format(text,
                         ", \"missing_rows\": %lld, \"missing_events\": %lld",
                         (long long)f->rows[f->n_bins],
                         (long long)f->events[f->n_bins]);
}

static void add_factor(base_text *text, const score_factor *f)
{
    base_text_add(text, "    {");
    add_pair(text, "name", f->name);
    base_text_add(text, ", ");
    add_pair(text, "title_en", f->title_en);
    base_text_add(text, ", ");
    add_pair(text, "title_zh", f->title_zh);
    base_text_add(text, ",\n     ");
    if (f->kind == SCORE_TAG) {
        add_pair(text, "tag", f->tag);
        base_text_format(text, ", \"points\": %d}", f->points[0]);
        return;
    }
    if (f->other) {
        base_text_add(text,
                      f->kind == SCORE_RATIO ? "\"ratio\": ["
                                             : "\"difference\": [");
        base_text_json(text, f->column);
        base_text_add(text, ", ");
        base_text_json(text, f->other);
        base_text_add(text, "]");
    } else {
        add_pair(text, "column", f->column);
    }
    add_bins(text, f);
    base_text_add(text, "}");
}

static void add_profile(base_text *text, const gb_score_card *card, size_t p)
{
    const score_profile *profile = &card->profiles[p];

    base_text_add(text, "      {");
    add_pair(text, "name", profile->name);
    if (profile->tag) {
        base_text_add(text, ", ");
        add_pair(text, "tag", profile->tag);
    }
    base_text_add(text, ", \"permille\": [");
    for (size_t s = 0; s < card->n_slots; s++)
        base_text_format(text, "%s%d", s ? ", " : "", profile->permille[s]);
    base_text_format(text, "]}%s\n", p + 1 < card->n_profiles ? "," : "");
}

static void add_presence(base_text *text, const gb_score_card *card)
{
    base_text_add(text, ",\n  \"presence\": {\n    \"slots\": [");
    for (size_t s = 0; s <= card->n_slots; s++) {
        const int32_t at_s = card->slot_borders_s[s];

        base_text_format(text, "%s\"%02d:%02d\"", s ? ", " : "", at_s / 3600,
                         at_s / 60 % 60);
    }
    base_text_add(text, "],\n    \"profiles\": [\n");
    for (size_t p = 0; p < card->n_profiles; p++)
        add_profile(text, card, p);
    base_text_add(text, "    ]\n  }");
}

/* What was read of them is written again, with its own line breaks. */
static void add_worth(base_text *text, const gb_score_card *card)
{
    for (size_t k = 0; card->worth && k < COUNT_OF(score_worth_keys); k++)
        if (card->worth->texts[k]) {
            base_text_format(text, ",\n  \"%s\": ", score_worth_keys[k]);
            base_text_add(text, card->worth->texts[k]);
        }
}

void score_card_write(const gb_score_card *card, base_text *text)
{
    base_text_add(text, "{\n  ");
    add_pair(text, "card", card->name);
    base_text_format(text, ",\n  \"version\": %lld",
                     (long long)card->version);
    if (card->has_scale) {
        base_text_add(text, ",\n  \"scale\": {\"points\": ");
        base_text_exact(text, card->scale.points);
        base_text_add(text, ", \"odds\": ");
        base_text_exact(text, card->scale.odds);
        base_text_add(text, ", \"to_double\": ");
        base_text_exact(text, card->scale.to_double);
        base_text_add(text, "}");
    }
    if (card->fitted) {
        base_text_add(text, ",\n  \"fitted\": ");
        base_text_add(text, card->fitted);
    }
    base_text_add(text, ",\n  \"factors\": [\n");
    for (size_t f = 0; f < card->n_factors; f++) {
        add_factor(text, &card->factors[f]);
        base_text_add(text, f + 1 < card->n_factors ? ",\n" : "\n");
    }
    base_text_add(text, "  ]");
    add_worth(text, card);
    if (card->has_presence)
        add_presence(text, card);
    base_text_add(text, "\n}\n");
}
