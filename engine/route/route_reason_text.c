/*
 * route_reason_text.c - reasons as sentences; see gridbeat/route_reason.h.
 *
 * A sentence is made of clauses that stand alone in any language, each with
 * few words of its own, so that none has to agree with another.
 */
#include <gridbeat/route_reason.h>

#include <stdio.h>
#include <string.h>

#include "base_check.h"
#include "base_context.h"
#include "base_lang.h"
#include "base_text.h"

enum { LONGEST_PART = 200 };

typedef struct part {
    char text[LONGEST_PART];
} part;

typedef struct saying {
    base_lang lang;
    const gb_route_names *names; /* or NULL */
    base_text text;
} saying;

#define WORDS(s, english) base_text_format(&(s)->text, "%s",                  \
                                           base_lang_text((s)->lang, english))
#define SAY(s, english, ...)                                                  \
    base_text_format(&(s)->text, base_lang_text((s)->lang, english),          \
                     __VA_ARGS__)

/* ---- the parts ---- */

/* A name that is a word stands for itself, one that is a number does not. */
static part named(const saying *s, const char *name, uint32_t number,
                  const char *with_name, const char *with_number)
{
    part p;

    if (!name)
        snprintf(p.text, sizeof p.text, base_lang_text(s->lang, with_number),
                 number);
    else if (name[0] >= '0' && name[0] <= '9')
        snprintf(p.text, sizeof p.text, base_lang_text(s->lang, with_name),
                 name);
    else
        snprintf(p.text, sizeof p.text, "%.150s", name);
    return p;
}

static part client_of(const saying *s, uint32_t client)
{
    const gb_route_names *n = s->names;

    return named(s, n && n->client ? n->client(n->user, client) : NULL,
                 client, GB_N("client %.150s"), GB_N("client %u"));
}

static part vehicle_of(const saying *s, uint32_t vehicle)
{
    const gb_route_names *n = s->names;

    return named(s, n && n->vehicle ? n->vehicle(n->user, vehicle) : NULL,
                 vehicle, GB_N("manager %.150s"), GB_N("manager %u"));
}

/* 14:28; of a later day 38:28. */
static part clock_of(int64_t at_s)
{
    const char *sign = at_s < 0 ? "-" : "";
    const long long s = at_s < 0 ? -(long long)at_s : (long long)at_s;
    part p;

    if (s % 60)
        snprintf(p.text, sizeof p.text, "%s%02lld:%02lld:%02lld", sign,
                 s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(p.text, sizeof p.text, "%s%02lld:%02lld", sign, s / 3600,
                 s / 60 % 60);
    return p;
}

/* Whole minutes, and seconds where there are few or some left over. */
static part time_of(const saying *s, int64_t seconds)
{
    const char *sign = seconds < 0 ? "-" : "";
    const long long n = seconds < 0 ? -(long long)seconds
                                    : (long long)seconds;
    part p;

    if (n < 60)
        snprintf(p.text, sizeof p.text,
                 base_lang_text(s->lang, GB_N("%s%lld s")), sign, n);
    else if (n < 3600 && n % 60 == 0)
        snprintf(p.text, sizeof p.text,
                 base_lang_text(s->lang, GB_N("%s%lld min")), sign, n / 60);
    else if (n < 3600)
        snprintf(p.text, sizeof p.text,
                 base_lang_text(s->lang, GB_N("%s%lld min %lld s")), sign,
                 n / 60, n % 60);
    else
        snprintf(p.text, sizeof p.text,
                 base_lang_text(s->lang, GB_N("%s%lld h %02lld min")), sign,
                 n / 3600, n / 60 % 60);
    return p;
}

static part length_of(int64_t metres)
{
    char digits[32];
    part p;

    if (metres > -1000 && metres < 1000)
        snprintf(p.text, sizeof p.text, "%lld m", (long long)metres);
    else
        snprintf(p.text, sizeof p.text, "%s km",
                 base_real_text(digits, (double)metres / 1000, 1));
    return p;
}

/* Thousandths of a point as points. */
static part points_of(int64_t milli)
{
    part p;

    if (milli % 1000)
        (void)base_real_text(p.text, (double)milli / 1000, 1);
    else
        snprintf(p.text, sizeof p.text, "%lld", (long long)(milli / 1000));
    return p;
}

/* ---- not served ---- */

/* Constraints that have no numbers to tell. */
static const struct {
    int32_t constraint;
    const char *text;
} others[] = {
    { GB_ROUTE_CONSTRAINT_VEHICLE, GB_N("nobody may serve it") },
    { GB_ROUTE_CONSTRAINT_UNREACHABLE, GB_N("no way leads there and back") },
    { GB_ROUTE_CONSTRAINT_FROZEN,
      GB_N("what is frozen leaves no room for it") },
    { GB_ROUTE_CONSTRAINT_GROUP,
      GB_N("another one of its group is served") },
    { GB_ROUTE_CONSTRAINT_SKILLS,
      GB_N("nobody who may serve it has the skills") },
    { GB_ROUTE_CONSTRAINT_ORDER,
      GB_N("who comes before or after it is on another route") },
    { GB_ROUTE_CONSTRAINT_PATTERN,
      GB_N("its visits fit no pattern of days") },
};

static void say_other(saying *s, int32_t constraint)
{
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i].constraint == constraint) {
            WORDS(s, others[i].text);
            return;
        }
    WORDS(s, GB_N("more than one thing stands against it"));
}

static void say_impossible(saying *s, const gb_route_reason *r)
{
    const part who = vehicle_of(s, r->vehicle);
    const part mend_s = time_of(s, r->mend);
    const part at = clock_of(r->needed), by = clock_of(r->limit);

    if (r->mend_s > 0 && r->needed == 0 && r->limit == 0) {
        SAY(s, GB_N("%s would need %s more (%s)"), who.text,
            time_of(s, r->mend_s).text,
            gb_route_constraint_name(r->constraint));
        return;
    }
    switch (r->constraint) {
    case GB_ROUTE_CONSTRAINT_WINDOW:
        SAY(s, GB_N("%s would be there at %s; the window closes at %s, %s too "
                    "early"), who.text, at.text, by.text, mend_s.text);
        return;
    case GB_ROUTE_CONSTRAINT_SHIFT:
        SAY(s, GB_N("%s would be back at %s; the shift ends at %s, %s too "
                    "early"), who.text, at.text, by.text, mend_s.text);
        return;
    case GB_ROUTE_CONSTRAINT_DURATION:
        SAY(s, GB_N("%s would be out for %s; %s less is allowed"), who.text,
            time_of(s, r->needed).text, mend_s.text);
        return;
    case GB_ROUTE_CONSTRAINT_TRAVEL:
        SAY(s, GB_N("%s would be on the way for %s; %s less is allowed"),
            who.text, time_of(s, r->needed).text, mend_s.text);
        return;
    case GB_ROUTE_CONSTRAINT_DISTANCE:
        SAY(s, GB_N("%s would go %s; %s less is allowed"), who.text,
            length_of(r->needed).text, length_of(r->mend).text);
        return;
    case GB_ROUTE_CONSTRAINT_BREAK:
        SAY(s, GB_N("a break of %s would have to begin %s later"), who.text,
            mend_s.text);
        return;
    case GB_ROUTE_CONSTRAINT_RELEASE:
        SAY(s, GB_N("it can be set out with from %s on; for %s that is %s too "
                    "late"), by.text, who.text, mend_s.text);
        return;
    case GB_ROUTE_CONSTRAINT_LOAD:
        SAY(s, GB_N("it is a load of %lld; %s can carry %lld"),
            (long long)r->needed, who.text, (long long)r->limit);
        return;
    default:
        say_other(s, r->constraint);
    }
}

static void say_crowded(saying *s, const gb_route_reason *r)
{
    if (r->constraint != GB_ROUTE_CONSTRAINT_NONE && r->n_displaced == 0) {
        say_other(s, r->constraint);
        return;
    }
    if (r->n_displaced == 0) {
        WORDS(s, GB_N("nobody has room for it"));
        return;
    }
    if (r->displaced_client == GB_ROUTE_NONE)
        SAY(s, GB_N("worth %lld; with %s it would take the place of a break"),
            (long long)r->prize, vehicle_of(s, r->displaced_vehicle).text);
    else if (r->n_displaced == 1)
        SAY(s, GB_N("worth %lld; with %s it would take the place of %s, worth "
                    "%lld"), (long long)r->prize,
            vehicle_of(s, r->displaced_vehicle).text,
            client_of(s, r->displaced_client).text,
            (long long)r->displaced_prize);
    else
        SAY(s, GB_N("worth %lld; with %s it would take the place of %u stops "
                    "worth %lld, %s among them"), (long long)r->prize,
            vehicle_of(s, r->displaced_vehicle).text, r->n_displaced,
            (long long)r->displaced_prize,
            client_of(s, r->displaced_client).text);
    if (r->gain_milli != 0)
        SAY(s, GB_N("; the value would change by %s"),
            points_of(r->gain_milli).text);
}

static void say_unprofitable(saying *s, const gb_route_reason *r)
{
    SAY(s, GB_N("worth %lld; with %s it would take %s and %s, and change the "
                "value by %s"), (long long)r->prize,
        vehicle_of(s, r->vehicle).text, time_of(s, r->extra_s).text,
        length_of(r->extra_m).text, points_of(r->gain_milli).text);
}

static void say_unserved(saying *s, const gb_route_reason *r)
{
    switch (r->kind) {
    case GB_ROUTE_REASON_IMPOSSIBLE:
        say_impossible(s, r);
        break;
    case GB_ROUTE_REASON_CROWDED_OUT:
        say_crowded(s, r);
        break;
    case GB_ROUTE_REASON_UNPROFITABLE:
        say_unprofitable(s, r);
        break;
    default:
        WORDS(s, GB_N("no reason was asked for"));
        return;
    }
    if (r->is_rough)
        WORDS(s, GB_N(" (not everything was looked at)"));
}

/* ---- served ---- */

static void say_change(saying *s, const gb_route_alternative *a)
{
    SAY(s, GB_N(": value %s%s"), a->change_milli > 0 ? "+" : "",
        points_of(a->change_milli).text);
}

static void say_served(saying *s, const gb_route_served_reason *r)
{
    if (r->vehicle == GB_ROUTE_NONE) {
        WORDS(s, GB_N("not served"));
        return;
    }
    SAY(s, GB_N("%s at %s"), vehicle_of(s, r->vehicle).text,
        clock_of(r->start_s).text);
    if (r->left_out.is_possible) {
        WORDS(s, GB_N("; left out"));
        say_change(s, &r->left_out);
    }
    if (r->other_time.is_possible) {
        SAY(s, GB_N("; at %s"), clock_of(r->other_time.start_s).text);
        say_change(s, &r->other_time);
    }
    if (r->other_vehicle.is_possible) {
        SAY(s, GB_N("; with %s at %s"),
            vehicle_of(s, r->other_vehicle.vehicle).text,
            clock_of(r->other_vehicle.start_s).text);
        say_change(s, &r->other_vehicle);
    } else {
        WORDS(s, GB_N("; nobody else has room that day"));
    }
    if (r->other_day.is_possible) {
        SAY(s, GB_N("; on day %u with %s"), r->other_day.day + 1,
            vehicle_of(s, r->other_day.vehicle).text);
        say_change(s, &r->other_day);
    }
}

/* ---- the door ---- */

static gb_status begin(gb_context *ctx, const void *reason, const char *lang,
                       const gb_route_names *names, saying *s)
{
    base_enter(ctx);
    if (!reason)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no reason is given");
    if (names && names->size < sizeof names->size)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "names of %zu bytes; %zu expected", names->size,
                         sizeof *names);
    *s = (saying){ .names = names };
    if (!lang || !base_lang_parse(lang, &s->lang))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "language \"%.32s\" is not known",
                         lang ? lang : "");
    base_text_init(&s->text, ctx->mem);
    return GB_OK;
}

static gb_status hand_over(gb_context *ctx, saying *s, char *text,
                           size_t capacity, size_t *needed)
{
    const size_t n = s->text.n + 1;
    gb_status status = GB_OK;

    if (s->text.is_short)
        status = base_fail_nomem(ctx);
    else if (!needed || (!text && capacity))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "no `needed` or `text` is given");
    else {
        *needed = n;
        if (capacity < n)
            status = base_fail(ctx, GB_ERR_BUFFER,
                               "the sentence takes %zu bytes, not %zu", n,
                               capacity);
        else
            memcpy(text, s->text.chars ? s->text.chars : "", n);
    }
    base_text_clear(&s->text);
    return status;
}

gb_status gb_route_reason_text(gb_context *ctx, const gb_route_reason *reason,
                               const char *lang, const gb_route_names *names,
                               char *text, size_t capacity, size_t *needed)
{
    saying s;
    const gb_status status = begin(ctx, reason, lang, names, &s);

    if (status)
        return status;
    say_unserved(&s, reason);
    return hand_over(ctx, &s, text, capacity, needed);
}

gb_status gb_route_served_text(gb_context *ctx,
                               const gb_route_served_reason *reason,
                               const char *lang, const gb_route_names *names,
                               char *text, size_t capacity, size_t *needed)
{
    saying s;
    const gb_status status = begin(ctx, reason, lang, names, &s);

    if (status)
        return status;
    say_served(&s, reason);
    return hand_over(ctx, &s, text, capacity, needed);
}
