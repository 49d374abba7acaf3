/*
 * score_density_sweep.h - polynomial kernels on a raster, exactly, in a time
 * that does not depend on the raster's step within the radius.
 *
 * Along a raster row the kernel of a point is a polynomial in x between the
 * two ends of its chord, and zero outside.  So the point adds its moments to
 * the cell where the chord begins and takes them back behind the cell where
 * it ends; running sums of these are the moments of all points whose chord
 * covers a cell, and the row's value is a polynomial of them:
 *
 *        w, w p, w (h - p2)                    h = r2 - dy2
 *     ---+=====================+-----> x       value = sum of w (h - (x - p)2)
 *       +entry     p       exit-
 *
 * Sums run over the points of one strip (score_density_strips.h) at a time,
 * with x and p from its middle: at most some 3.5 radii, so what cancels costs
 * two digits of Epanechnikov's sixteen and three of the quartic's.  A count of
 * the points under way tells where all have ended, and there the sums begin
 * at zero again.
 *
 * Method: the sweep is that of T. N. Chan, Z. Li, L. H. U, J. Xu, R. Cheng,
 * "Fast Augmentation Algorithms for Network Kernel Density Visualization" and
 * "SLAM: Efficient Sweep Line Algorithms for Kernel Density Visualization"
 * (2022), with counting sort and entry and exit by cell in place of sorted
 * events, and moments from a middle near by in place of global ones.
 */
#ifndef SCORE_DENSITY_SWEEP_H
#define SCORE_DENSITY_SWEEP_H

#include "score_density_strips.h"

enum { SCORE_SWEEP_PAIRS = 3, SCORE_SWEEP_ROWS = 4 };

typedef struct score_sweep {
    const score_strips *strips; /* in units of cells, from the first's centre */
    bool is_quartic;
    double radius;  /* in cells; of the widest where points have their own */
    uint32_t n_x;
    bool is_narrow; /* without wide vectors, wherever it runs; for tests */
} score_sweep;

/* Width of strips for a radius in cells. */
double score_sweep_width(double radius);

/* Bytes of scratch memory, which is to be all zeros. */
size_t score_sweep_scratch(const score_sweep *sweep);

/*
 * Add the sums of w (r2 - d2), or of w (r2 - d2)2, to the rows
 * [row, row + n_rows), n_rows at most SCORE_SWEEP_ROWS; values is the first
 * of them, and what is added lacks the division by r2 or r4, in cells.  The
 * scratch memory is zeros again afterwards.
 */
void score_sweep_rows(const score_sweep *sweep, size_t row, size_t n_rows,
                      void *scratch, double *values);

#endif
