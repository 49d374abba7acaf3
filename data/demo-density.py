#!/usr/bin/env python3
"""demo-density.png: what `density` writes of the demo bank's dormant
customers, turned on its side, with the legend under it.

  gridbeat world make --osm data/liechtenstein-2013-08-03.osm.pbf --branches 2 \\
    --managers 6 --customers 20000 --seed 1 --out delivery
  awk -F, 'NR == 1 || $10 < "2025-09-01"' delivery/customers.csv > dormant.csv
  gridbeat density --points dormant.csv --radius-m 400 --step-m 25 \\
    --max-reject 10% --out dormant.png
  data/demo-density.py dormant.png dormant.legend.png data/demo-density.png
"""
import sys

import matplotlib.image as image
import numpy as np


def rgb(name):
    picture = image.imread(name)
    if picture.ndim == 2:
        picture = np.stack([picture] * 3, axis=-1)
    if picture.shape[2] == 4:
        alpha = picture[..., 3:]
        picture = picture[..., :3] * alpha + (1 - alpha)
    return picture[..., :3]


surface, legend = np.rot90(rgb(sys.argv[1])), rgb(sys.argv[2])
width = max(surface.shape[1], legend.shape[1])
rows = []
for part in (surface, np.ones((12, width, 3)), legend):
    wide = np.ones((part.shape[0], width, 3))
    wide[:, :part.shape[1]] = part
    rows.append(wide)
image.imsave(sys.argv[3], np.clip(np.vstack(rows), 0, 1))
