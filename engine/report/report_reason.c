/*
 * report_reason.c - see report_reason.h.
 */
#include "report_reason.h"

#include <jansson.h>
#include <string.h>

#include "base_check.h"

static const struct sentence {
    const char *code, *text;
} sentences[] = {
    { "planned", GB_N("on the route") },
    { "no_time", GB_N("no time left that day: {extra_s} s more, or in place "
                      "of {displaces}, which is worth {displaced_prize} "
                      "against {prize}") },
    { "not_worth_the_way",
      GB_N("the way of {extra_s} s costs more than the visit brings "
           "({prize} points)") },
    { "detour", GB_N("its hour would send the manager to and fro") },
    { "below_the_cut", GB_N("others of the same manager are worth more") },
    { "planned_later", GB_N("planned for a later day, at {at}") },
    { "promised", GB_N("has an appointment on a later day") },
    { "visited_lately", GB_N("was visited not long ago") },
    { "manager_off", GB_N("the manager is not at work that day") },
    { "do_not_visit", GB_N("wishes no visits") },
    { "held_out", GB_N("held out at random until {until}, to measure what "
                       "visits bring") },
    { "no_location", GB_N("no location: ask for the address") },
    { "coarse_location",
      GB_N("the location is known to a street or district only") },
    { "outside_territories", GB_N("lies outside every territory") },
    { "no_owner", GB_N("the territory has no manager") },
    { "off_road", GB_N("no street of the manager's mode within 500 m") },
    { "branch_off_road", GB_N("the branch is not on a street") },
    { "vehicle", GB_N("no manager may visit here") },
    { "unreachable", GB_N("there is no way there and back") },
    { "window", GB_N("the time window closes {mend_s} s too early") },
    { "shift", GB_N("the shift ends {mend_s} s too early") },
    { "duration", GB_N("the day is {mend_s} s too short") },
    { "break", GB_N("the lunch break would begin {mend_s} s too late") },
    { "several", GB_N("several limits at once stand against it") },
    { "frozen", GB_N("the fixed stops leave no way") },
    { "group", GB_N("another of the same group is visited") },
};

static const char *const states[STORE_N_STATES]
    = { GB_N("planned"),          GB_N("another channel"),
        GB_N("deferred"),         GB_N("no room that day"),
        GB_N("impossible"),       GB_N("set aside for now") };

const char *report_state_title(base_lang lang, int32_t state)
{
    return state >= 0 && state < STORE_N_STATES
               ? base_lang_text(lang, states[state])
               : "";
}

static void add_figure(base_text *text, const json_t *figures,
                       const char *name, size_t n)
{
    char key[32];
    const json_t *value;

    if (n >= sizeof key)
        return;
    memcpy(key, name, n);
    key[n] = '\0';
    value = json_object_get(figures, key);
    if (json_is_integer(value))
        base_text_format(text, "%lld", (long long)json_integer_value(value));
    else if (json_is_string(value))
        base_text_add(text, json_string_value(value));
    else
        base_text_add(text, "-");
}

static void fill(base_text *text, const char *form, const json_t *figures)
{
    while (*form) {
        const char *open = strchr(form, '{');
        const char *close = open ? strchr(open, '}') : NULL;

        if (!close) {
            base_text_add(text, form);
            return;
        }
        base_text_append(text, form, (size_t)(open - form));
        add_figure(text, figures, open + 1, (size_t)(close - open - 1));
        form = close + 1;
    }
}

void report_reason(base_text *text, base_lang lang,
                   const store_plan_target *target)
{
    json_t *figures = NULL;

    if (target->reason_json && target->reason_json[0])
        figures = json_loads(target->reason_json, 0, NULL);
    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (strcmp(sentences[i].code, target->reason) == 0) {
            fill(text, base_lang_text(lang, sentences[i].text), figures);
            json_decref(figures);
            return;
        }
    json_decref(figures);
    if (target->state == STORE_OTHER_CHANNEL)
        base_text_add(text, base_lang_text(lang, GB_N("by channel rule ")));
    base_text_add(text, target->reason);
}
