/*
 * score_tier_text.c - "A=20%,B=30%,C" and "A>=500,B>=200,C".
 */
#include "score_tier.h"

#include <math.h>
#include <string.h>

#include "base_text.h"

/* A piece between commas, without the blanks around it. */
typedef struct piece {
    const char *text;
    size_t n;
} piece;

static void trim(piece *p)
{
    while (p->n > 0 && *p->text == ' ') {
        p->text++;
        p->n--;
    }
    while (p->n > 0 && p->text[p->n - 1] == ' ')
        p->n--;
}

static gb_status refuse(gb_context *ctx, piece p, const char *why)
{
    const int most = p.n > 80 ? 80 : (int)p.n;

    return base_fail(ctx, GB_ERR_PARSE, "tier \"%.*s\": %s", most, p.text,
                     base_lang_text(ctx->lang, why));
}

static bool number_of(piece p, double *out)
{
    char digits[64];

    trim(&p);
    if (p.n == 0 || p.n >= sizeof digits)
        return false;
    memcpy(digits, p.text, p.n);
    digits[p.n] = '\0';
    return base_parse_real(digits, out) && isfinite(*out);
}

static gb_status take_name(gb_context *ctx, piece name, gb_tiers *out)
{
    trim(&name);
    if (name.n == 0)
        return refuse(ctx, name, GB_N("it has no name"));
    if (name.n >= SCORE_TIER_NAME)
        return refuse(ctx, name, GB_N("its name is longer than 63 bytes"));
    if (memchr(name.text, '%', name.n) || memchr(name.text, '<', name.n)
        || !base_is_utf8(name.text, name.n))
        return refuse(ctx, name,
                      GB_N("a share is written A=20%, a threshold A>=500"));
    for (size_t t = 0; t < out->n; t++)
        if (strlen(out->name[t]) == name.n
            && memcmp(out->name[t], name.text, name.n) == 0)
            return refuse(ctx, name, GB_N("it is there twice"));
    memcpy(out->name[out->n], name.text, name.n);
    return GB_OK;
}

/* Behind '=': a share with its %. */
static gb_status take_share(gb_context *ctx, piece whole, piece value,
                            gb_tiers *out)
{
    double percent;

    trim(&value);
    if (value.n == 0 || value.text[value.n - 1] != '%'
        || !number_of((piece){ value.text, value.n - 1 }, &percent)
        || !(percent > 0 && percent <= 100))
        return refuse(ctx, whole,
                      GB_N("a share lies above 0 and is at most 100 %"));
    out->share[out->n] = percent / 100;
    return GB_OK;
}

static gb_status take_threshold(gb_context *ctx, piece whole, piece value,
                                gb_tiers *out)
{
    if (!number_of(value, &out->at_least[out->n]))
        return refuse(ctx, whole, GB_N("its threshold is no number"));
    if (out->n > 0 && !(out->at_least[out->n] < out->at_least[out->n - 1]))
        return refuse(ctx, whole,
                      GB_N("its threshold is not below the one before"));
    return GB_OK;
}

enum { BARE, SHARE, THRESHOLD };

static gb_status take_piece(gb_context *ctx, piece p, gb_tiers *out,
                            int kinds[])
{
    const char *equals = memchr(p.text, '=', p.n);
    piece name = { p.text, equals ? (size_t)(equals - p.text) : p.n };
    piece value = { equals ? equals + 1 : p.text, 0 };
    int kind = equals ? SHARE : BARE;
    gb_status status;

    if (equals)
        value.n = p.n - name.n - 1;
    if (equals && name.n > 0 && name.text[name.n - 1] == '>') {
        kind = THRESHOLD;
        name.n--;
    }
    if (out->n == SCORE_MOST_TIERS)
        return refuse(ctx, p, GB_N("more than 64 tiers"));
    if (memchr(name.text, '>', name.n))
        return refuse(ctx, p,
                      GB_N("a share is written A=20%, a threshold A>=500"));
    status = take_name(ctx, name, out);
    if (!status && kind == SHARE)
        status = take_share(ctx, p, value, out);
    if (!status && kind == THRESHOLD)
        status = take_threshold(ctx, p, value, out);
    kinds[out->n++] = kind;
    return status;
}

/* Tiers without a share divide what the others leave. */
static gb_status share_out(gb_context *ctx, const char *text, gb_tiers *out,
                           const int kinds[])
{
    const piece all = { text, strlen(text) };
    double given = 0;
    size_t n_bare = 0;

    for (size_t t = 0; t < out->n; t++) {
        given += out->share[t];
        n_bare += kinds[t] == BARE;
    }
    if (given > 1 + 1e-9)
        return refuse(ctx, all, GB_N("the shares are more than 100 %"));
    if (n_bare > 0 && given > 1 - 1e-9)
        return refuse(ctx, all,
                      GB_N("the shares leave nothing for the others"));
    if (n_bare == 0 && given < 1 - 1e-9)
        return refuse(ctx, all,
                      GB_N("the shares are less than 100 %: leave the last "
                           "one without a share, and it has the rest"));
    for (size_t t = 0; t < out->n; t++)
        if (kinds[t] == BARE)
            out->share[t] = (1 - given) / (double)n_bare;
    return GB_OK;
}

static gb_status settle(gb_context *ctx, const char *text, gb_tiers *out,
                        const int kinds[])
{
    const piece all = { text, strlen(text) };
    size_t n_thresholds = 0, n_shares = 0;

    for (size_t t = 0; t < out->n; t++) {
        n_thresholds += kinds[t] == THRESHOLD;
        n_shares += kinds[t] == SHARE;
    }
    if (n_thresholds == 0) {
        out->by_shares = true;
        return share_out(ctx, text, out, kinds);
    }
    if (n_shares > 0)
        return refuse(ctx, all, GB_N("shares and thresholds do not mix"));
    out->is_open = kinds[out->n - 1] == BARE;
    if (n_thresholds + out->is_open < out->n)
        return refuse(ctx, all, GB_N("all but the last need a threshold"));
    return GB_OK;
}

gb_status score_tiers_read(gb_context *ctx, const char *text, gb_tiers *out)
{
    int kinds[SCORE_MOST_TIERS + 1];
    const char *at = text;
    gb_status status = GB_OK;

    for (;;) {
        piece p = { at, strcspn(at, ",") };

        at += p.n;
        trim(&p);
        status = take_piece(ctx, p, out, kinds);
        if (status || *at == '\0')
            break;
        at++;
    }
    return status ? status : settle(ctx, text, out, kinds);
}
