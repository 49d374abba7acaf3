/*
 * map.js - the map page.  Everything it shows is in the page: the data in
 * #data, the texts in #texts (an [en, zh] pair each).  It asks for nothing.
 *
 * Coordinates are whole millionths of a degree, longitude before latitude,
 * each point as the difference to the one before; the first to D.origin.
 *
 * The part of the address behind # chooses what is seen first, so that a view
 * can be kept or sent: lang=zh, at=ZOOM/LAT/LON, route=MANAGER, on=LAYER,...
 * and off=LAYER,...
 */
'use strict';
(function () {
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const D = read('data'), TEXTS = read('texts');
  const asked = new URLSearchParams(location.hash.slice(1));
  const names = key => (asked.get(key) || '').split(',');
  let zh = (asked.get('lang') || D.lang) === 'zh';
  const t = (key, ...args) => (TEXTS[key] ? TEXTS[key][zh ? 1 : 0] : key).replace(/\{(\d)\}/g, (_, i) => args[i]);

  /* Tol's bright and muted colours, apart for every kind of colour vision. */
  const COLOURS = ['#4477AA', '#EE6677', '#228833', '#CCBB44', '#AA3377', '#66CCEE', '#882255', '#44AA99', '#999933', '#DDCC77', '#332288', '#CC6677'];
  const colour = i => COLOURS[i % COLOURS.length];
  /* The same, light, for areas: a grid looks like the route of its manager. */
  const AREAS = ['#77AADD', '#FFAABB', '#8CCB96', '#EEDD66', '#C79BD2', '#99DDFF', '#B9808F', '#66C4B4', '#C0C05A', '#F3EAB5', '#8F86C9', '#EE9988'];
  const area_colour = i => AREAS[i % AREAS.length];
  const RAMP = ['#fff7bc', '#fee391', '#fec44f', '#fe9929', '#ec7014', '#cc4c02', '#8c2d04'];
  /* Of the other surfaces; sequential ramps that every kind of colour vision keeps in order. */
  const PURPLES = ['#f7fcfd', '#e0ecf4', '#bfd3e6', '#9ebcda', '#8c96c6', '#8856a7', '#6e016b'], GREENS = ['#f7fcb9', '#d9f0a3', '#addd8e', '#78c679', '#41ab5d', '#238443', '#005a32'];
  /* Orange against purple: the pair that stays apart without red and green. */
  const HOT = '#e66101', COLD = '#5e3c99', CLUSTER = '#9c0f5c';
  const BLUES = ['#eff3ff', '#c6dbef', '#9ecae1', '#4292c6', '#084594'];
  const MATURING = '#D55E00', VISITED = '#009E73', BORDER = '#3d4750', BEFORE = '#CC3311', MOVED = '#EE7733', RENAMED = '#77AADD';
  const STREETS = {
    arterial: { color: '#c9b388', weight: 2.4 }, secondary: { color: '#cfc4ab', weight: 1.6 }, local: { color: '#dad4c8', weight: 1 },
    rail: { color: '#8a8f94', weight: 1.2, dashArray: '4 3' }, river: { color: '#8fbcd8', weight: 2.2 }, border: { color: '#c7a9c7', weight: 1, dashArray: '2 4' }
  };
  /* In the order of the states' numbers.  Shape tells them apart as well. */
  const STATES = [
    { name: 'planned', shape: 'circle', fill: '#228833', r: 4.5, shown: true }, { name: 'other_channel', shape: 'circle', fill: '#aab2b9', r: 2, shown: false },
    { name: 'deferred', shape: 'square', fill: '#66CCEE', r: 3.5, shown: true }, { name: 'crowded_out', shape: 'triangle', fill: '#CCBB44', r: 4, shown: true },
    { name: 'impossible', shape: 'cross', fill: '#EE6677', r: 4.5, shown: true }, { name: 'set_aside', shape: 'diamond', fill: '#AA3377', r: 4.5, shown: true }
  ];

  const el = (tag, attributes, ...inside) => { const e = document.createElement(tag); Object.assign(e, attributes); e.append(...inside); return e; };
  const svg = (tag, attributes, ...inside) => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    e.append(...inside);
    return e;
  };

  function points(flat) {
    const out = [];
    let x = D.origin[0], y = D.origin[1];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      x += flat[i]; y += flat[i + 1];
      out.push([y / 1e6, x / 1e6]);
    }
    return out;
  }
  const at = p => points(p)[0];
  const clock = s => String(Math.floor(s / 3600)).padStart(2, '0') + ':' + String(Math.floor(s / 60) % 60).padStart(2, '0');
  const span = (from, to) => clock(from) + '–' + clock(to);
  const whole = n => n.toLocaleString('en-US', { maximumFractionDigits: 0 });
  const percent = (permille, sign) => permille === null ? '–' : (sign && permille > 0 ? '+' : '') + (permille / 10).toFixed(1) + '%';

  const map = L.map('map', { preferCanvas: true, zoomSnap: 0.25, attributionControl: false, maxZoom: 19 });
  const attribution = L.control.attribution({ prefix: false }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const panes = ['density', 'cells', 'spots', 'streets', 'territories', 'moved', 'lines', 'targets', 'customers'];
  panes.forEach((name, i) => { map.createPane(name).style.zIndex = 350 + i * 10; });
  const canvas = {};
  panes.forEach(name => { canvas[name] = L.canvas({ pane: name, padding: 0.3 }); });

  /* Popups get elements, never markup: data cannot become code. */
  function popup(title, rows) {
    return () => el('div', {}, el('b', {}, title()), ...rows().filter(Boolean).map(row => el('div', {}, row)));
  }

  /* ---- marks and ways, drawn on a canvas ---- */

  const OUTLINES = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]], triangle: [[0, -1.2], [1.15, 0.85], [-1.15, 0.85]], diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
    cross: [[-1.2, -0.5], [-0.5, -1.2], [0, -0.7], [0.5, -1.2], [1.2, -0.5], [0.7, 0], [1.2, 0.5], [0.5, 1.2], [0, 0.7], [-0.5, 1.2], [-1.2, 0.5], [-0.7, 0]]
  };
  function outline(ctx, x, y, shape, r) {
    ctx.beginPath();
    if (!OUTLINES[shape]) ctx.arc(x, y, r, 0, 2 * Math.PI);
    else OUTLINES[shape].forEach(([dx, dy], i) => ctx[i ? 'lineTo' : 'moveTo'](x + dx * r, y + dy * r));
    ctx.closePath();
  }
  const Mark = L.CircleMarker.extend({
    _updatePath() {
      const r = this._renderer;
      if (!r._drawing || this._empty()) return;
      outline(r._ctx, this._point.x, this._point.y, this.options.shape, this._radius);
      r._fillStroke(r._ctx, this);
    }
  });

  /* A line with an arrow every so many pixels, so that it has a direction. */
  const Way = L.Polyline.extend({
    _updatePath() {
      const r = this._renderer;
      if (!r._drawing) return;
      r._updatePoly(this);
      if (this.options.arrows) for (const part of this._parts) this._arrows(r._ctx, part);
    },
    _arrows(ctx, part) {
      let ahead = 45;
      ctx.globalAlpha = this.options.opacity;
      ctx.fillStyle = this.options.color; ctx.strokeStyle = '#fff'; ctx.lineWidth = 1;
      for (let i = 1; i < part.length; i++) {
        const a = part[i - 1], b = part[i], length = a.distanceTo(b);
        for (; ahead < length; ahead += 90) {
          const x = a.x + (b.x - a.x) * ahead / length, y = a.y + (b.y - a.y) * ahead / length, ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
          ctx.beginPath();
          ctx.moveTo(x + 8 * ux, y + 8 * uy); ctx.lineTo(x - 5 * ux - 6 * uy, y - 5 * uy + 6 * ux);
          ctx.lineTo(x - 2 * ux, y - 2 * uy); ctx.lineTo(x - 5 * ux + 6 * uy, y - 5 * uy - 6 * ux); ctx.closePath();
          ctx.fill(); ctx.stroke();
        }
        ahead -= length;
      }
      ctx.globalAlpha = 1;
    }
  });

  /* ---- layers ---- */

  function streets() {
    const group = L.layerGroup();
    for (const kind of Object.keys(D.lines || {}))
      L.polyline(D.lines[kind].map(points), { ...STREETS[kind], pane: 'streets', renderer: canvas.streets, interactive: false }).addTo(group);
    return group;
  }

  function density(d, ramp) {
    if (!d || !d.values.length) return L.layerGroup();
    const image = el('canvas', { width: d.n_x, height: d.n_y }), paint = image.getContext('2d');
    for (let y = 0; y < d.n_y; y++)
      for (let x = 0; x < d.n_x; x++) {
        const level = d.values[y * d.n_x + x]; /* 0 to 255 */
        if (!level) continue;
        paint.globalAlpha = 0.12 + 0.63 * level / 255;
        paint.fillStyle = ramp[Math.min(ramp.length - 1, Math.floor(level * ramp.length / 256))];
        paint.fillRect(x, d.n_y - 1 - y, 1, 1);
      }
    return L.imageOverlay(image.toDataURL(), [at(d.south_west), at(d.north_east)], { pane: 'density', interactive: false });
  }

  /* The highest fifth is hatched as well as dark: told apart without colour. */
  function hatch(id) {
    return svg('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, svg('line', { x1: 0, y1: 0, x2: 0, y2: 6, stroke: '#ffffff', 'stroke-width': 1.8 }));
  }
  const sorted = D.cells.map(c => c.potential).sort((a, b) => a - b);
  const fifth = v => { let i = 0; while (i < 4 && v > sorted[Math.ceil((i + 1) * sorted.length / 5) - 1]) i++; return i; };
  function potential() {
    const pane = L.svg({ pane: 'cells', padding: 0.5 }), group = L.layerGroup();
    for (const cell of D.cells) {
      const rank = fifth(cell.potential), where = cell.p.map(rings => rings.map(points));
      const shape = { pane: 'cells', renderer: pane, color: '#8896a3', weight: 0.6, fillOpacity: 0.65, smoothFactor: 0 };
      L.polygon(where, { ...shape, fillColor: BLUES[rank], className: 'fifth' + rank }).bindPopup(popup(() => cell.ref, () => [t('value') + ' ' + whole(cell.potential), t('targets') + ' ' + whole(cell.targets)])).addTo(group);
      if (rank === 4) L.polygon(where, { ...shape, interactive: false, stroke: false, fillColor: 'url(#hatch)', fillOpacity: 1, className: 'hatched' }).addTo(group);
    }
    group.on('add', () => { const root = pane._container; if (!root.querySelector('#hatch')) root.append(svg('defs', {}, hatch('hatch'))); });
    return group;
  }

  /* Hot and cold by the orange and purple of HOT and COLD, and by hatching and dots; a cell unlike its neighbours is framed. */
  const SPOTS = ['none', 'hot', 'cold', 'high_high', 'low_low', 'high_low', 'low_high', 'unknown'];
  const dots = id => svg('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, svg('circle', { cx: 3, cy: 3, r: 1.3, fill: '#ffffff' }));
  const is_odd = s => s[1] === 5 || s[1] === 6;
  function spots(measure) {
    const pane = L.svg({ pane: 'spots', padding: 0.5 }), group = L.layerGroup();
    for (const cell of D.cells) {
      const s = cell.spots[measure];
      if (!s || (s[0] !== 1 && s[0] !== 2 && !is_odd(s))) continue;
      const where = cell.p.map(rings => rings.map(points)), kind = s[0] === 1 ? 'hot' : s[0] === 2 ? 'cold' : 'odd';
      const shape = { pane: 'spots', renderer: pane, smoothFactor: 0 }, fill = { hot: HOT, cold: COLD, odd: '#fff' }[kind];
      L.polygon(where, { ...shape, color: is_odd(s) ? '#111' : fill, weight: is_odd(s) ? 2.4 : 1, dashArray: is_odd(s) ? '2 3' : null, fillColor: fill, fillOpacity: kind === 'odd' ? 0.15 : 0.68, className: 'spot_' + kind })
        .bindPopup(popup(() => t('cell') + ' ' + cell.ref, () => [t('spot_' + SPOTS[s[0]]) + ' (z ' + (s[2] / 10).toFixed(1) + ')', s[1] !== 0 && s[1] !== 7 && t('spot_' + SPOTS[s[1]]), t('targets') + ' ' + whole(cell.targets) + ' / ' + whole(cell.customers), t('value') + ' ' + whole(cell.potential)])).addTo(group);
      if (kind !== 'odd') L.polygon(where, { ...shape, interactive: false, stroke: false, fillColor: 'url(#spots_' + kind + ')', fillOpacity: 0.9 }).addTo(group);
    }
    group.on('add', () => { const root = pane._container; if (root && !root.querySelector('#spots_hot')) root.append(svg('defs', {}, hatch('spots_hot'), dots('spots_cold'))); });
    return group;
  }
  const count_spots = measure => D.cells.filter(c => c.spots[measure] && (c.spots[measure][0] === 1 || c.spots[measure][0] === 2)).length;

  /* Heaps of targets: the outline, and how many. */
  const n_clusters = D.clusters ? D.clusters.items.length : 0;
  function clusters() {
    const group = L.layerGroup();
    for (const k of n_clusters ? D.clusters.items : []) {
      L.polygon(k.p.map(rings => rings.map(points)), { pane: 'spots', renderer: canvas.spots, color: CLUSTER, weight: 2.2, dashArray: '6 3', fillColor: CLUSTER, fillOpacity: 0.12, smoothFactor: 0 })
        .bindPopup(popup(() => t('cluster') + ' ' + k.number, () => [k.grid && t('grid') + ' ' + k.grid, t('targets') + ' ' + whole(k.targets), t('value') + ' ' + whole(k.value), t('balance', whole(k.fen / 100)), whole(k.area_m2) + ' m²'])).addTo(group);
      const icon = L.divIcon({ className: 'heap', html: '', iconSize: [30, 16] }), m = L.marker(at(k.at), { icon, interactive: false, keyboard: false, pane: 'spots' });
      m.on('add', () => { m.getElement().textContent = whole(k.targets); });
      m.addTo(group);
    }
    return group;
  }

  /* The cells beneath, with what each holds. */
  function cells() {
    const group = L.layerGroup();
    for (const cell of D.cells)
      L.polygon(cell.p.map(rings => rings.map(points)), { pane: 'cells', renderer: canvas.cells, color: '#6b7780', weight: 0.8, opacity: 0.9, fillColor: '#fff', fillOpacity: 0.01, smoothFactor: 0 })
        .bindPopup(popup(() => t('cell') + ' ' + cell.ref, () => [t('grid') + ' ' + cell.grid, t('n_customers') + ' ' + whole(cell.customers), t('targets') + ' ' + whole(cell.targets), t('value') + ' ' + whole(cell.potential)])).addTo(group);
    return group;
  }

  const grid_bounds = {}, short = ref => ref.startsWith(D.branch.ref + '-') ? ref.slice(D.branch.ref.length + 1) : ref;
  function territories() {
    const group = L.layerGroup();
    for (const g of D.territories) {
      const where = g.p.map(rings => rings.map(points)), common = { pane: 'territories', renderer: canvas.territories, smoothFactor: 0 };
      const shape = L.polygon(where, { ...common, stroke: false, fillColor: area_colour(g.colour), fillOpacity: 0.38 }).addTo(group);
      L.polygon(where, { ...common, fill: false, color: BORDER, weight: 1.8, opacity: 0.9, dashArray: '8 4', interactive: false }).addTo(group);
      grid_bounds[g.ref] = shape.getBounds();
      shape.bindPopup(popup(() => t('grid') + ' ' + g.ref, () => [t('manager') + ' ' + (g.manager || '-'), t('n_customers') + ' ' + whole(g.customers), t('targets') + ' ' + whole(g.targets), t('workload') + ' ' + (g.workload_s / 3600).toFixed(1),
        t('deviation') + ' ' + percent(g.deviation_permille, true), t('compact') + ' ' + (g.compact_permille / 1000).toFixed(2), (g.area_m2 / 1e6).toFixed(2) + ' km²']));
      if (g.label)
        L.tooltip(at(g.label), { content: el('span', {}, short(g.ref) + (g.manager ? ' · ' + g.manager : '')), permanent: true, direction: 'center', className: 'name' }).addTo(group);
    }
    return group;
  }

  /* ---- what changes hands from another version ---- */

  const who = (ref, manager) => ref ? short(ref) + (manager ? ' · ' + manager : '') : t('nobody');
  const edge_key = (a, b) => (a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? [a, b] : [b, a]).join(' ');
  function each_edge(territories, see) {
    for (const g of territories)
      for (const ring of g.p.flat().map(points)) ring.forEach((a, i) => see(a, ring[(i + 1) % ring.length], i));
  }
  /* Only what is no border any more: the rest is drawn already. */
  function before() {
    const group = L.layerGroup(), now = new Set(), runs = [];
    let last = null;
    each_edge(D.territories, (a, b) => now.add(edge_key(a, b)));
    each_edge(D.diff.territories, (a, b, i) => {
      const key = edge_key(a, b);
      if (i === 0) last = null;
      if (now.has(key)) { last = null; return; }
      now.add(key); /* once, not from both sides */
      if (last) last.push(b); else runs.push(last = [a, b]);
    });
    const common = { pane: 'moved', renderer: canvas.moved, interactive: false, smoothFactor: 0 };
    L.polyline(runs, { ...common, color: '#fff', weight: 5, opacity: 0.8 }).addTo(group);
    L.polyline(runs, { ...common, color: BEFORE, weight: 3, dashArray: '7 5', lineCap: 'butt' }).addTo(group);
    return group;
  }
  const moved_bounds = {}, flow_key = f => f.from + ' ' + f.to + ' ' + f.from_manager + ' ' + f.to_manager;
  /* Another manager: strong and hatched; another grid of the same one: faint. */
  function moved() {
    const pane = L.svg({ pane: 'moved', padding: 0.5 }), group = L.layerGroup();
    for (const c of D.diff.cells) {
      const where = c.p.map(rings => rings.map(points)), common = { pane: 'moved', renderer: pane, smoothFactor: 0 };
      const shape = L.polygon(where, { ...common, color: '#555', weight: 0.8, fillColor: c.hands ? MOVED : RENAMED, fillOpacity: c.hands ? 0.55 : 0.3 })
        .bindPopup(popup(() => t('cell') + ' ' + c.ref, () => [who(c.from, c.from_manager) + ' → ' + who(c.to, c.to_manager), t('n_customers') + ' ' + whole(c.customers), t('targets') + ' ' + whole(c.targets), D.diff.has_work && t('workload') + ' ' + (c.work_s / 3600).toFixed(1)])).addTo(group);
      if (c.hands) L.polygon(where, { ...common, interactive: false, stroke: false, fillColor: 'url(#hatch_moved)', fillOpacity: 0.8 }).addTo(group);
      const k = flow_key(c);
      moved_bounds[k] = (moved_bounds[k] || L.latLngBounds([])).extend(shape.getBounds());
    }
    group.on('add', () => { const root = pane._container; if (!root.querySelector('#hatch_moved')) root.append(svg('defs', {}, hatch('hatch_moved'))); });
    return group;
  }
  /* What a manager gains and loses, out of the flows. */
  function gains() {
    const of = new Map(), at_ = m => { if (!of.has(m)) of.set(m, { manager: m, n_in: 0, n_out: 0, cells: 0, work_s: 0 }); return of.get(m); };
    for (const f of D.diff.flows) {
      if (f.from_manager === f.to_manager) continue;
      if (f.to_manager) { const m = at_(f.to_manager); m.n_in += f.customers; m.cells += f.cells; m.work_s += f.work_s; }
      if (f.from_manager) { const m = at_(f.from_manager); m.n_out += f.customers; m.cells -= f.cells; m.work_s -= f.work_s; }
    }
    return [...of.values()].sort((a, b) => a.manager < b.manager ? -1 : 1);
  }
  const plus = n => (n > 0 ? '+' : '') + n;
  function changes() {
    if (!D.diff) return [];
    const hands = D.diff.flows.filter(f => f.from_manager !== f.to_manager), sum = key => hands.reduce((n, f) => n + f[key], 0);
    const out = [el('h2', {}, t('diff', D.diff.before, D.diff.after)),
      el('p', { id: 'changes' }, D.diff.flows.length ? t(D.diff.same_cells ? 'diff_sum' : 'diff_sum_cells', whole(sum('cells')), whole(sum('customers')), whole(sum('targets'))) : t('diff_none'))],
      work = D.diff.has_work ? [t('workload')] : [];
    if (!D.diff.flows.length) return out;
    out.push(table([t('manager'), t('gets'), t('gives'), t('n_cells'), ...work], gains().map(m => [[m.manager, whole(m.n_in), whole(m.n_out), plus(m.cells), ...work.map(() => plus((m.work_s / 3600).toFixed(1)))]])));
    out.push(table([t('from_to'), t('n_cells'), t('n_customers'), t('targets')], D.diff.flows.map(f => [[el('span', {}, who(f.from, f.from_manager), el('br', {}), '→ ' + who(f.to, f.to_manager)), whole(f.cells), whole(f.customers), whole(f.targets)], moved_bounds[flow_key(f)] && (() => map.fitBounds(moved_bounds[flow_key(f)], { padding: [60, 60] }))])));
    return out;
  }

  /* Far out, places fall together into counted circles by a screen grid. */
  const customers = L.layerGroup();
  function cluster() {
    customers.clearLayers();
    const zoom = map.getZoom(), view = map.getBounds().pad(0.1), size = 56, buckets = new Map();
    D.places.forEach((place, i) => {
      const where = place.at_ || (place.at_ = at(place.at));
      if (!view.contains(where)) return;
      const pixel = map.project(where, zoom), key = zoom >= 17 ? i : Math.floor(pixel.x / size) + ':' + Math.floor(pixel.y / size);
      const b = buckets.get(key) || { n: 0, coarse: 0, x: 0, y: 0, places: [] };
      b.n += place.n; b.coarse += place.coarse || 0; b.x += where[0] * place.n; b.y += where[1] * place.n; b.places.push(place);
      buckets.set(key, b);
    });
    for (const b of buckets.values()) {
      const r = Math.round(8 + 6 * Math.log10(b.n + 1));
      const icon = L.divIcon({ className: b.coarse === b.n ? 'count coarse' : 'count', html: '', iconSize: [r * 2, r * 2] });
      const m = L.marker([b.x / b.n, b.y / b.n], { icon, pane: 'customers', keyboard: false });
      m.on('add', () => { m.getElement().textContent = b.n > 9999 ? Math.round(b.n / 1000) + 'k' : b.n; });
      m.bindPopup(popup(() => whole(b.n) + ' ' + t('customers'), () => [b.coarse && t('coarse') + ': ' + whole(b.coarse), ...b.places.filter(p => p.name).slice(0, 8).map(p => p.name + ' · ' + p.n)]));
      customers.addLayer(m);
    }
  }
  customers.on('add', cluster);

  function targets(state) {
    const group = L.layerGroup(), look = STATES[state];
    for (const c of D.targets) {
      if (c.state !== state) continue;
      const style = c.coarse ? { shape: 'circle', radius: 6.5, color: look.fill, weight: 1.8, dashArray: '3 2', fillColor: '#fff', fillOpacity: 0.6 }
        : { shape: look.shape, radius: look.r, color: '#333', weight: look.r > 3 ? 0.7 : 0.3, fillColor: look.fill, fillOpacity: 0.95 };
      new Mark(at(c.at), { pane: 'targets', renderer: canvas.targets, ...style })
        .bindPopup(popup(() => c.ref, () => [t(look.name) + (c.why === undefined ? '' : ': ' + D.reasons[c.why][zh ? 1 : 0]), t('score') + ' ' + c.score + (c.grade ? ' · ' + t('grade') + ' ' + c.grade : ''), c.coarse && t('coarse')]))
        .addTo(group);
    }
    return group;
  }

  for (const m of D.marks) m.at_ = at(m.at);
  const waits = m => m.fen !== undefined && !m.visited;
  function marks(keep, style) {
    const group = L.layerGroup();
    for (const m of D.marks)
      if (keep(m))
        new Mark(m.at_, { pane: 'targets', renderer: canvas.targets, radius: 8, weight: 2.2, fillOpacity: 0, ...style })
          .bindPopup(popup(() => m.ref, () => [m.fen !== undefined && t('maturing', whole(m.fen / 100)), m.visited && t('l_visited')])).addTo(group);
    return group;
  }

  /* ---- routes: one may be chosen, then the others step back ---- */

  const drawn = {};
  let chosen = null;
  function stop(r, s, i) {
    const icon = L.divIcon({ className: 'stop' + (s.must ? ' must' : ''), html: '', iconSize: [20, 20] });
    const m = L.marker(at(s.at), { icon, keyboard: false, zIndexOffset: 500 });
    m.on('add', () => { const e = m.getElement(); e.textContent = i + 1; e.style.background = colour(r.colour); dim(); });
    m.on('click', () => choose(r.manager));
    m.bindPopup(popup(() => r.manager + ' · ' + (i + 1) + (s.place ? ' · ' + s.place : ''), () => [span(s.from_s, s.to_s), s.refs.join(', '), t('value') + ' ' + s.value + (s.must ? ' · ' + t('must') : '')]));
    return m;
  }
  function routes() {
    const group = L.layerGroup();
    for (const r of D.routes) {
      const line = points(r.p), common = { pane: 'lines', renderer: canvas.lines };
      const casing = L.polyline(line, { ...common, color: '#fff', weight: 7, interactive: false }).addTo(group);
      const way = new Way(line, { ...common, color: colour(r.colour), weight: 3.6, arrows: true }).addTo(group);
      way.bindPopup(popup(() => t('manager') + ' ' + r.manager, () => [t(r.mode) + ' · ' + span(r.depart_s, r.back_s), r.lunch && t('lunch') + ' ' + span(...r.lunch), t('stops') + ' ' + r.stops.length + ' · ' + t('value') + ' ' + whole(r.value)]));
      way.on('click', () => choose(r.manager));
      const stops = r.stops.map((s, i) => stop(r, s, i).addTo(group));
      drawn[r.manager] = { casing, way, stops, bounds: L.latLngBounds(line.concat(r.stops.map(s => at(s.at)), [at(D.branch.at)])) };
    }
    return group;
  }
  function dim() {
    for (const [manager, d] of Object.entries(drawn)) {
      const back = chosen !== null && chosen !== manager;
      for (const m of d.stops) {
        const e = m.getElement();
        if (e) { e.classList.toggle('back', back); e.classList.toggle('front', chosen === manager); }
      }
    }
  }
  function choose(manager) {
    chosen = manager;
    for (const [name, d] of Object.entries(drawn)) {
      const back = chosen !== null && chosen !== name;
      d.way.setStyle({ opacity: back ? 0.18 : 1, weight: chosen === name ? 5 : 3.6 });
      d.casing.setStyle({ opacity: back ? 0.1 : 0.9, weight: chosen === name ? 9 : 7 });
      if (chosen === name && map.hasLayer(d.way)) { d.casing.bringToFront(); d.way.bringToFront(); }
      d.stops.forEach(m => m.setZIndexOffset(chosen === name ? 2000 : 500));
    }
    dim();
    for (const row of document.querySelectorAll('tr[data-manager]')) row.classList.toggle('on', row.dataset.manager === manager);
  }

  /* ---- the layers and their switches ---- */

  const layers = {
    ...(D.diff ? { l_moved: { layer: moved(), shown: true, n: D.diff.cells.length }, l_before: { layer: before(), shown: true } } : {}),
    l_routes: { layer: routes(), shown: !D.diff }, l_territories: { layer: territories(), shown: true }, l_cells: { layer: cells(), shown: !!D.diff, n: D.cells.length }, l_streets: { layer: streets(), shown: true },
    l_density: { layer: density(D.density, RAMP) },
    l_density_value: { layer: density(D.density_value, PURPLES) },
    l_density_share: { layer: density(D.density_share, GREENS) },
    l_spots: { layer: spots(0), n: count_spots(0) },
    l_spots_value: { layer: spots(1), n: count_spots(1) },
    l_spots_share: { layer: spots(2), n: count_spots(2) },
    l_clusters: { layer: clusters(), n: n_clusters },
    l_potential: { layer: potential() }, l_customers: { layer: customers, n: D.places.reduce((n, p) => n + p.n, 0) },
    l_maturing: { layer: marks(waits, { color: MATURING }), n: D.marks.filter(waits).length },
    l_visited: { layer: marks(m => m.visited, { color: VISITED, dashArray: '4 2' }), n: D.marks.filter(m => m.visited).length }
  };
  STATES.forEach((s, i) => { layers[s.name] = { layer: targets(i), shown: s.shown && !D.diff, n: D.targets.filter(c => c.state === i).length, state: i }; });
  L.marker(at(D.branch.at), { icon: L.divIcon({ className: 'home', html: '', iconSize: [24, 24] }), zIndexOffset: 3000 })
    .on('add', e => { e.target.getElement().textContent = '★'; })
    .bindPopup(popup(() => t('branch') + ' ' + D.branch.ref, () => [D.branch.name])).addTo(map);

  const swatch = (...inside) => svg('svg', { width: 22, height: 16, viewBox: '0 0 22 16' }, ...inside);
  const box = (fill, more) => svg('rect', { x: 1, y: 1, width: 20, height: 14, fill, stroke: '#8896a3', 'stroke-width': 0.8, ...more });
  const ring = (colour_, dash) => svg('circle', { cx: 11, cy: 8, r: 5.5, fill: '#fff', stroke: colour_, 'stroke-width': 2, ...(dash ? { 'stroke-dasharray': dash } : {}) });
  const line = (style, dash) => svg('path', { d: 'M1 8H21', fill: 'none', stroke: style.color, 'stroke-width': style.weight, ...(dash ? { 'stroke-dasharray': dash } : {}) });
  function shape(look) {
    const s = { fill: look.fill, stroke: '#333', 'stroke-width': 0.7 }, r = Math.max(look.r, 2.5);
    return OUTLINES[look.shape] ? svg('path', { d: 'M' + OUTLINES[look.shape].map(([x, y]) => (11 + x * r) + ' ' + (8 + y * r)).join('L') + 'Z', ...s }) : svg('circle', { cx: 11, cy: 8, r, ...s });
  }
  const bubble = more => svg('circle', { cx: 11, cy: 8, r: 6.5, fill: '#4a555f', stroke: '#fff', ...more });
  let n_marks = 0; /* an id is one element's */
  const spot_mark = (kind, fill) => { const id = 'spot_key' + n_marks++; return [box(fill), svg('defs', {}, kind === 'hot' ? hatch(id) : dots(id)), box('url(#' + id + ')')]; };
  const MARKS = {
    l_moved: () => [box(MOVED), svg('defs', {}, hatch('hatch_moved_key')), box('url(#hatch_moved_key)')], l_before: () => [line({ color: BEFORE, weight: 3 }, '5 3')],
    l_cells: () => [box('#fff', { stroke: '#6b7780' }), svg('path', { d: 'M8 1V15M8 9H21', fill: 'none', stroke: '#6b7780', 'stroke-width': 0.8 })],
    l_routes: () => [line({ color: '#4477AA', weight: 3.4 }), svg('path', { d: 'M8 3.5L16 8L8 12.5Z', fill: '#4477AA', stroke: '#fff' })],
    l_territories: () => [box(AREAS[0], { 'fill-opacity': 0.4, stroke: BORDER, 'stroke-width': 1.4, 'stroke-dasharray': '5 3' })],
    l_streets: () => [svg('path', { d: 'M1 4H21', stroke: STREETS.arterial.color, 'stroke-width': 2.4 }), svg('path', { d: 'M1 8H21', stroke: STREETS.river.color, 'stroke-width': 2.2 }), svg('path', { d: 'M1 12H21', stroke: STREETS.rail.color, 'stroke-width': 1.4, 'stroke-dasharray': '4 3' })],
    l_density: () => [box(RAMP[3])], l_density_value: () => [box(PURPLES[4])], l_density_share: () => [box(GREENS[3])],
    l_spots: () => spot_mark('hot', HOT), l_spots_value: () => spot_mark('hot', HOT), l_spots_share: () => spot_mark('hot', HOT),
    l_clusters: () => [svg('ellipse', { cx: 11, cy: 8, rx: 9, ry: 6, fill: CLUSTER, 'fill-opacity': 0.12, stroke: CLUSTER, 'stroke-width': 1.8, 'stroke-dasharray': '4 2' })], l_potential: () => [box(BLUES[4]), svg('defs', {}, hatch('hatch_key')), box('url(#hatch_key)')],
    l_customers: () => [bubble({})], l_maturing: () => [ring(MATURING)], l_visited: () => [ring(VISITED, '4 2')]
  };
  const tell_layers = () => { document.documentElement.dataset.layers = Object.keys(layers).filter(name => map.hasLayer(layers[name].layer)).join(','); };
  function toggle(name) {
    const l = layers[name], tick = el('input', { type: 'checkbox', checked: map.hasLayer(l.layer), name });
    tick.onchange = () => { if (tick.checked) map.addLayer(l.layer); else map.removeLayer(l.layer); choose(chosen); tell_layers(); };
    return el('label', {}, tick, swatch(...(l.state === undefined ? MARKS[name]() : [shape(STATES[l.state])])), el('span', {}, t(name)), el('span', { className: 'n' }, l.n === undefined ? '' : whole(l.n)));
  }
  const key = (mark, text) => el('div', { className: 'key' }, mark, el('span', {}, text));

  function legend() {
    const list = el('div', { id: 'legend' });
    list.append(key(swatch(bubble({ fill: '#4477AA' })), t('stop')), key(swatch(bubble({ fill: '#4477AA', stroke: '#111', 'stroke-width': 2 })), t('stop_must')), key(swatch(box('#111')), t('branch')), key(swatch(ring('#AA3377', '3 2')), t('coarse')));
    list.append(key(swatch(bubble({ 'stroke-dasharray': '3 2', fill: '#fff', stroke: '#4a555f', 'stroke-width': 1.6 })), t('coarse_all')));
    list.append(el('div', { className: 'head' }, t('l_potential')));
    BLUES.forEach((fill, i) => list.append(key(i < 4 ? swatch(box(fill)) : swatch(...MARKS.l_potential()), t('fifth' + i))));
    for (const [d, name, unit, ramp] of [[D.density, 'l_density', 'per_km2', RAMP], [D.density_value, 'l_density_value', 'points_km2', PURPLES], [D.density_share, 'l_density_share', 'share_of', GREENS]]) {
      if (!d || !d.values.length) continue;
      list.append(el('div', { className: 'head' }, t(name) + ' ' + t(unit, d.radius_m)));
      list.append(el('div', { className: 'ramp' }, ...ramp.map(c => { const i = el('i', {}); i.style.background = c; return i; })));
      list.append(el('div', { className: 'ends' }, el('span', {}, '0'), el('span', {}, unit === 'share_of' ? (d.max_km2 * 100).toFixed(0) + '%' : whole(d.max_km2))));
    }
    if (D.cells.some(c => c.spots[0])) {
      list.append(el('div', { className: 'head' }, t('spots_head')));
      list.append(key(swatch(...spot_mark('hot', HOT)), t('spot_hot')), key(swatch(...spot_mark('cold', COLD)), t('spot_cold')), key(swatch(box('#fff', { stroke: '#111', 'stroke-width': 1.8, 'stroke-dasharray': '2 2' })), t('spot_odd')));
    }
    if (n_clusters) list.append(key(swatch(...MARKS.l_clusters()), t('clusters_key', D.clusters.min_points, D.clusters.radius_m)));
    return list;
  }

  /* ---- the panel ---- */

  function table(head, rows) {
    return el('table', {}, el('tr', {}, ...head.map(h => el('th', {}, h))), ...rows.map(([cells, go, manager]) => {
      const row = el('tr', go ? { className: 'link', onclick: go } : {}, ...cells.map(c => el('td', {}, ...(c instanceof Node ? [c] : [String(c)]))));
      if (manager) row.dataset.manager = manager;
      return row;
    }));
  }
  const chip = (fill, text) => { const c = el('i', { className: 'chip' }); c.style.background = fill; return el('span', {}, c, text); };

  /* The sentence of the view, and what a test or a frame around asks for. */
  function sentence() {
    const view = map.getBounds(), n = D.marks.filter(m => waits(m) && view.contains(m.at_)).length, root = document.documentElement.dataset;
    document.getElementById('sentence').textContent = t('sentence', n);
    root.maturing = n;
    root.bbox = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map(x => x.toFixed(7)).join(',');
  }

  function go_to(r) {
    const again = chosen === r.manager;
    choose(again ? null : r.manager);
    map.fitBounds(again ? everything : drawn[r.manager].bounds, { padding: [30, 30] });
  }
  function panel() {
    const side = document.getElementById('panel');
    document.documentElement.lang = zh ? 'zh-CN' : 'en';
    document.title = D.branch.name + ' ' + D.date + ' ' + t(D.diff ? 'title_diff' : 'title');
    side.replaceChildren(
      el('button', { id: 'language', onclick: () => { zh = !zh; panel(); } }, t('language')),
      el('h1', {}, t(D.diff ? 'title_diff' : 'title')),
      el('div', { className: 'sub' }, D.branch.name + ' · ' + D.date + (D.version ? ' · ' + t('version', D.version, t('state' + D.state)) : '')),
      el('div', { id: 'sentence' }),
      ...changes(),
      el('h2', {}, t('layers')), ...Object.keys(layers).filter(name => layers[name].state === undefined).map(toggle),
      el('h2', {}, t('l_targets')), ...STATES.map(s => toggle(s.name)),
      el('h2', {}, t('day')), el('p', { className: 'sub' }, t('choose')),
      table([t('manager'), t('stops'), t('value'), t('value_h'), t('travel')], D.routes.map(r => [[chip(colour(r.colour), r.manager + ' ' + t(r.mode)), r.stops.length, whole(r.value), r.value_per_h.toFixed(1), percent(r.travel_permille)], () => go_to(r), r.manager])),
      el('h2', {}, t('grids')),
      table([t('grid'), t('n_customers'), t('targets'), t('workload'), t('deviation'), t('compact')], D.territories.map(g => [[chip(area_colour(g.colour), who(g.ref, g.manager)), whole(g.customers), whole(g.targets), (g.workload_s / 3600).toFixed(1), percent(g.deviation_permille, true), (g.compact_permille / 1000).toFixed(2)], () => map.fitBounds(grid_bounds[g.ref], { padding: [20, 20] })])),
      el('h2', {}, t('figures')),
      table([], D.figures.map(f => [[f.label[zh ? 1 : 0], whole(f.value)]])),
      el('h2', {}, t('legend')), legend(), el('p', { className: 'sub' }, t('data')));
    attribution.setPrefix(t('data'));
    sentence();
    choose(chosen);
  }

  /* ---- start ---- */

  const everything = L.latLngBounds([at(D.branch.at)]);
  for (const d of D.diff ? [] : Object.values(drawn)) everything.extend(d.bounds);
  for (const b of D.routes.length && !D.diff ? [] : Object.values(grid_bounds)) everything.extend(b);
  for (const b of Object.values(moved_bounds)) everything.extend(b);
  const far = () => map.getContainer().classList.toggle('far', map.getZoom() < 14);
  const first = (asked.get('at') || '').split('/').map(Number);
  map.fitBounds(everything.pad(0.03));
  if (first.length === 3 && first.every(Number.isFinite)) map.setView([first[1], first[2]], first[0], { animate: false });
  for (const [name, l] of Object.entries(layers))
    if ((l.shown || names('on').includes(name)) && !names('off').includes(name)) map.addLayer(l.layer);
  tell_layers();
  far();
  map.on('zoomend', far);
  map.on('moveend', () => { sentence(); if (map.hasLayer(customers)) cluster(); });
  map.on('click', () => choose(null));
  panel();
  if (drawn[asked.get('route')]) { choose(asked.get('route')); if (!asked.has('at')) map.fitBounds(drawn[chosen].bounds, { animate: false, padding: [30, 30] }); }

  /* On paper the map has a size of its own and keeps what it shows. */
  let view = null;
  const resize = () => { map.invalidateSize({ animate: false, pan: false }); map.fitBounds(view, { animate: false }); };
  addEventListener('beforeprint', () => { view = map.getBounds().pad(-0.02); document.body.classList.add('paper'); resize(); });
  addEventListener('afterprint', () => { document.body.classList.remove('paper'); resize(); });
  addEventListener('hashchange', () => location.reload());
  Object.assign(document.documentElement.dataset, { routes: D.routes.length, territories: D.territories.length, targets: D.targets.length, ready: '1' });
})();
