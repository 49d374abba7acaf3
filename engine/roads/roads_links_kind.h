/*
 * roads_links_kind.h - what a row of the table of links says of its street.
 */
#ifndef ROADS_LINKS_KIND_H
#define ROADS_LINKS_KIND_H

#include "roads_sheet.h"

enum {
    LINK_ID, LINK_FROM, LINK_TO, LINK_LINE, LINK_CLASS, LINK_NAME,
    LINK_ONEWAY, LINK_MAXSPEED, LINK_FOOT, LINK_EBIKE, LINK_CAR, LINK_ACCESS,
    LINK_BRIDGE, LINK_TUNNEL, LINK_ROUNDABOUT,
    LINK_COLUMN_COUNT
};
extern const char *const roads_link_columns[LINK_COLUMN_COUNT];

typedef struct roads_link_facts {
    roads_kind kind;
    bool is_street; /* else a line only: rail, river, canal, border */
    bool is_open;   /* to a mode, in a direction */
    int line_class; /* gb_line_class; -1: parts nothing */
} roads_link_facts;

/* false with the fault noted. */
bool roads_link_facts_take(roads_sheet *sheet, roads_link_facts *out);

#endif
