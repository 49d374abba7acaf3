/*
 * gridbeat/gridbeat.h - all of gridbeat; the documented entry.
 */
#ifndef GRIDBEAT_H
#define GRIDBEAT_H

#include <gridbeat/base.h>
#include <gridbeat/behaviour.h>
#include <gridbeat/bound.h>
#include <gridbeat/call.h>
#include <gridbeat/cells.h>
#include <gridbeat/geo.h>
#include <gridbeat/report.h>
#include <gridbeat/plan.h>
#include <gridbeat/grid.h>
#include <gridbeat/location.h>
#include <gridbeat/policy.h>
#include <gridbeat/presence.h>
#include <gridbeat/score.h>
#include <gridbeat/spots.h>
#include <gridbeat/scorecard.h>
#include <gridbeat/roads.h>
#include <gridbeat/route.h>
#include <gridbeat/route_reason.h>
#include <gridbeat/route_replan.h>
#include <gridbeat/route_file.h>
#include <gridbeat/route_json.h>
#include <gridbeat/route_bound.h>
#include <gridbeat/segment.h>
#include <gridbeat/tag.h>
#include <gridbeat/territory_index.h>
#include <gridbeat/tier.h>
#include <gridbeat/value.h>
#include <gridbeat/workspace.h>
#include <gridbeat/world.h>

#endif
