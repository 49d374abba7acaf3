/*
 * roads_profile_write.c - a profile as JSON, all of it.
 */
#include <string.h>

#include "roads_profile_json.h"

/* With as many digits as it needs, of the four that count. */
static void write_real(base_text *out, double value)
{
    int64_t digits = (int64_t)(value * 1e4 + 0.5);
    int decimals = 4;

    for (; decimals > 0 && digits % 10 == 0; decimals--)
        digits /= 10;
    base_text_real(out, value, decimals);
}

static void write_members(base_text *out, const roads_mode_profile *m,
                          gb_mode mode, roads_members members,
                          const char *indent)
{
    bool is_first = true;

    for (size_t i = 0; i < members.n; i++) {
        const roads_member *one = &members.items[i];
        const unsigned char *at = (const unsigned char *)m + one->offset;
        uint16_t dkmh;
        double real;

        if (!(one->modes >> mode & 1))
            continue;
        base_text_format(out, "%s%s\"%s\": ", is_first ? "" : ",", indent,
                         one->name);
        is_first = false;
        memcpy(&dkmh, at, sizeof dkmh);
        if (one->kind == ROADS_MEMBER_FLAG) {
            base_text_add(out, *at ? "true" : "false");
        } else if (one->kind == ROADS_MEMBER_KMH) {
            write_real(out, dkmh / 10.0);
        } else {
            memcpy(&real, at, sizeof real);
            write_real(out, real);
        }
    }
}

static void write_speeds(base_text *out, const char *name,
                         const uint16_t dkmh[ROADS_CLASS_COUNT])
{
    base_text_format(out, "    \"%s\": {", name);
    for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
        base_text_format(out, "%s\n      \"%s\": ", c ? "," : "",
                         roads_class_name((roads_class)c));
        write_real(out, dkmh[c] / 10.0);
    }
    base_text_add(out, "\n    },\n");
}

static void write_mode(base_text *out, const roads_mode_profile *m,
                       gb_mode mode)
{
    bool is_first = true;

    base_text_format(out, "  \"%s\": {\n", roads_mode_names[mode]);
    write_speeds(out, "speed_kmh", m->speed_dkmh);
    write_speeds(out, "own_speed_kmh", m->own_dkmh);
    base_text_add(out, "    \"ends\": { \"classes\": [");
    for (int c = 0; c < ROADS_CLASS_COUNT; c++)
        if (m->is_end[c]) {
            base_text_format(out, "%s\"%s\"", is_first ? "" : ", ",
                             roads_class_name((roads_class)c));
            is_first = false;
        }
    base_text_add(out, "],");
    write_members(out, m, mode, roads_end_members, " ");
    base_text_add(out, " },");
    write_members(out, m, mode, roads_mode_members,
                  "\n    ");
    base_text_add(out, ",\n    \"turns\": {");
    write_members(out, m, mode, roads_turn_members, " ");
    base_text_add(out, " }\n  },\n");
}

/* Only the classes whose factor is not 1. */
static void write_factors(base_text *out, const roads_band *band)
{
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        bool is_first = true;

        base_text_format(out, "%s\n        \"%s\": {", m ? "," : "",
                         roads_mode_names[m]);
        for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
            if (band->factor[m][c] == 1)
                continue;
            base_text_format(out, "%s \"%s\": ", is_first ? "" : ",",
                             roads_class_name((roads_class)c));
            write_real(out, band->factor[m][c]);
            is_first = false;
        }
        base_text_add(out, is_first ? "}" : " }");
    }
}

static void write_band(base_text *out, const roads_band *band)
{
    static const char *const days[] = { "", "\"working\"", "\"rest\"",
                                        "\"working\", \"rest\"" };

    base_text_format(out,
                     "    {\n      \"name\": \"%s\", \"days\": [%s], "
                     "\"from\": \"%02d:%02d\", \"to\": \"%02d:%02d\",\n"
                     "      \"factor\": {",
                     band->name, days[band->day_kinds & 3],
                     band->from_min / 60, band->from_min % 60,
                     band->to_min / 60, band->to_min % 60);
    write_factors(out, band);
    base_text_add(out, "\n      }\n    }");
}

void roads_profile_write(const roads_profile *profile, base_text *out)
{
    base_text_add(out, "{\n");
    for (int m = 0; m < GB_MODE_COUNT; m++)
        write_mode(out, &profile->modes[m], (gb_mode)m);
    base_text_add(out, "  \"bands\": [");
    for (int b = 0; b < profile->n_bands; b++) {
        base_text_add(out, b ? ",\n" : "\n");
        write_band(out, &profile->bands[b]);
    }
    base_text_add(out, profile->n_bands ? "\n  ]\n}\n" : "]\n}\n");
}
