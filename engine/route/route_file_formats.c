/*
 * route_file_formats.c - the formats, and how to tell them apart.
 */
#include "route_file_internal.h"

#include <string.h>

#include "route_json_own.h"
#include "route_read.h"
#include "route_scan.h"
#include "route_vroom.h"
#include "route_write_sol.h"

const route_file_format ROUTE_FILE_FORMATS[ROUTE_FILE_N_FORMATS] = {
    [GB_ROUTE_FORMAT_AUTO] = { "auto", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_VRPLIB] = { "vrplib", route_read_vrplib, route_write_sol,
                                 route_read_sol, NULL },
    [GB_ROUTE_FORMAT_SOLOMON] = { "solomon", route_read_solomon,
                                  route_write_sol, route_read_sol, NULL },
    [GB_ROUTE_FORMAT_CORDEAU] = { "cordeau", route_read_cordeau,
                                  route_write_sol, route_read_sol, NULL },
    [GB_ROUTE_FORMAT_TOPTW] = { "toptw", route_read_toptw, route_write_sol,
                                route_read_sol, NULL },
    [GB_ROUTE_FORMAT_VROOM] = { "vroom", route_vroom_read, route_vroom_write,
                                route_vroom_read_routes,
                                route_vroom_figures },
    [GB_ROUTE_FORMAT_JSON] = { "json", route_own_read, route_own_write,
                               route_own_read_routes, NULL },
};

const char *gb_route_format_name(int32_t format)
{
    if (format < 0 || format >= ROUTE_FILE_N_FORMATS)
        return NULL;
    return ROUTE_FILE_FORMATS[format].name;
}

bool gb_route_format_parse(const char *name, int32_t *format)
{
    for (int32_t f = 0; name && format && f < ROUTE_FILE_N_FORMATS; f++)
        if (strcmp(name, ROUTE_FILE_FORMATS[f].name) == 0) {
            *format = f;
            return true;
        }
    return false;
}

/* Words of a line up to `most`, and whether all are numbers. */
typedef struct guess_line {
    int n;
    bool is_numbers;
    route_word first;
} guess_line;

static guess_line look_at_line(route_scan *scan)
{
    guess_line line = { 0, true, { NULL, 0, 0, 0 } };
    route_word word = route_scan_word(scan);

    line.first = word;
    for (; word.n > 0 && line.n < 16; word = route_scan_word(scan)) {
        line.n++;
        line.is_numbers &= route_word_is_number(&word);
    }
    return line;
}

/* "4 10 100 1": Cordeau has a line of two numbers for each depot or day,
 * TOPTW one, whatever the fourth number is. */
static int32_t guess_numbers(route_scan *scan, const guess_line *first)
{
    guess_line line = { 0, false, { NULL, 0, 0, 0 } };
    int n_pairs = 0;

    if (first->n != 4)
        return GB_ROUTE_FORMAT_AUTO;
    while (route_scan_line(scan)) {
        line = look_at_line(scan);
        if (line.n != 2 || !line.is_numbers)
            break;
        n_pairs++;
    }
    if (n_pairs == 0 || !line.is_numbers)
        return GB_ROUTE_FORMAT_AUTO;
    return n_pairs == 1 && line.n >= 9 && route_word_is(&line.first, "0")
               ? GB_ROUTE_FORMAT_TOPTW
               : GB_ROUTE_FORMAT_CORDEAU;
}

/* A key of VRPLIB's head, or the name of a section. */
static bool is_vrplib_key(const route_word *word)
{
    static const char *const KEYS[] = { "NAME", "TYPE", "DIMENSION",
                                        "COMMENT", "CAPACITY",
                                        "EDGE_WEIGHT_TYPE" };
    static const char SECTION[] = "_SECTION";
    route_word key = *word;

    if (key.n > 0 && key.text[key.n - 1] == ':')
        key.n--;
    for (size_t k = 0; k < sizeof KEYS / sizeof *KEYS; k++)
        if (key.n == strlen(KEYS[k])
            && memcmp(key.text, KEYS[k], key.n) == 0)
            return true;
    return key.n > sizeof SECTION
           && memcmp(key.text + key.n - (sizeof SECTION - 1), SECTION,
                     sizeof SECTION - 1)
                  == 0;
}

int32_t route_file_guess(const char *bytes, size_t n)
{
    route_scan scan;
    guess_line line;

    route_scan_init(&scan, NULL, "", bytes, n);
    if (!route_scan_line(&scan))
        return GB_ROUTE_FORMAT_AUTO;
    if (*scan.at == '{')
        return route_json_guess(bytes, n);
    line = look_at_line(&scan);
    if (line.is_numbers)
        return guess_numbers(&scan, &line);
    for (int k = 0; k < 40; k++) {
        if (line.n == 1 && route_word_is(&line.first, "VEHICLE"))
            return GB_ROUTE_FORMAT_SOLOMON;
        if (is_vrplib_key(&line.first))
            return GB_ROUTE_FORMAT_VRPLIB;
        if (!route_scan_line(&scan))
            break;
        line = look_at_line(&scan);
    }
    return GB_ROUTE_FORMAT_AUTO;
}
