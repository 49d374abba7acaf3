/*
 * roads_links.h - reads a bank's own map, tables of links, nodes and turns,
 * into a roads_source.
 *
 *   nodes.csv   id,lon,lat,signal,barrier        columns: data/FORMATS.md
 *   links.csv   id,from,to,line,class,name,...   one street or line a row
 *   turns.csv   from,via,to,kind,modes           what may not be done
 *
 * A row becomes one way, in the order of the file, whose id is its line.  Its
 * ends are the nodes it names, or else where its line begins and ends: lines
 * join where these are equal to 1e-7 degrees.  Points between are its own:
 * lines that cross do not meet.
 *
 * What a row says of speeds and access becomes a kind, so that the rest of
 * the way is that of an OpenStreetMap map.
 */
#ifndef ROADS_LINKS_H
#define ROADS_LINKS_H

#include "roads_source.h"

/*
 * Rows that are wrong are told to on_row (may be NULL), counted as
 * refused_rows and left out.  GB_ERR_IO, GB_ERR_PARSE for a header,
 * GB_ERR_DATA when no street is left, GB_ERR_ARGUMENT for an unknown datum.
 * Clear `out` in any case.
 */
gb_status roads_links_read(base_run *run, const gb_roads_links *links,
                           gb_roads_row_fn *on_row, void *user,
                           roads_source *out, gb_roads_report *report);

#endif
