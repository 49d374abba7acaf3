/*
 * map.js - the map page.  Everything it shows is in the page: the data in
 * #data, the texts in #texts (an [en, zh] pair each).  It asks for nothing.
 *
 * Coordinates are whole millionths of a degree, longitude before latitude,
 * each point as the difference to the one before; the first to D.origin.
 */
'use strict';
(function () {
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const D = read('data'), TEXTS = read('texts');
  let zh = D.lang === 'zh';
  const t = (key, ...args) => (TEXTS[key] ? TEXTS[key][zh ? 1 : 0] : key).replace(/\{(\d)\}/g, (_, i) => args[i]);

  /* Tol's bright and muted colours, apart for every kind of colour vision. */
  const COLOURS = ['#4477AA', '#EE6677', '#228833', '#CCBB44', '#AA3377', '#66CCEE', '#882255', '#44AA99', '#999933', '#DDCC77', '#332288', '#CC6677'];
  const colour = i => COLOURS[i % COLOURS.length];
  const RAMP = ['#fff7bc', '#fee391', '#fec44f', '#fe9929', '#ec7014', '#cc4c02', '#8c2d04'];
  const BLUES = ['#eff3ff', '#c6dbef', '#9ecae1', '#4292c6', '#084594'];
  const STATES = {
    planned: { fill: '#228833', r: 5 }, crowded_out: { fill: '#CCBB44', r: 3.5 }, deferred: { fill: '#66CCEE', r: 3.5 },
    other_channel: { fill: '#BBBBBB', r: 2.5 }, impossible: { fill: '#EE6677', r: 4 }, set_aside: { fill: '#AA3377', r: 4 }
  };

  const el = (tag, attributes, ...inside) => { const e = document.createElement(tag); Object.assign(e, attributes); e.append(...inside); return e; };

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
  const whole = n => n.toLocaleString('en-US', { maximumFractionDigits: 0 });
  const percent = (permille, sign) => (sign && permille > 0 ? '+' : '') + (permille / 10).toFixed(1) + '%';

  const map = L.map('map', { preferCanvas: true, zoomSnap: 0.25, attributionControl: false, maxZoom: 19 });
  L.control.attribution({ prefix: false }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const panes = ['density', 'cells', 'streets', 'territories', 'customers', 'targets', 'lines'];
  panes.forEach((name, i) => { map.createPane(name).style.zIndex = 350 + i * 10; });
  const canvas = {};
  panes.forEach(name => { canvas[name] = L.canvas({ pane: name, padding: 0.3 }); });

  /* Popups get elements, never markup: data cannot become code. */
  function popup(title, rows) {
    return () => {
      const box = document.createElement('div');
      const head = document.createElement('b');
      head.textContent = typeof title === 'function' ? title() : title;
      box.append(head);
      for (const row of rows()) {
        const line = document.createElement('div');
        line.textContent = row;
        box.append(line);
      }
      return box;
    };
  }

  function streets() {
    const style = {
      arterial: { color: '#b9a98a', weight: 2 }, secondary: { color: '#c9bfa9', weight: 1.4 }, local: { color: '#d9d3c6', weight: 0.8 },
      rail: { color: '#8a8f94', weight: 1.2, dashArray: '4 3' }, river: { color: '#8fbcd8', weight: 2 }, border: { color: '#c7a9c7', weight: 1, dashArray: '2 4' }
    };
    const group = L.layerGroup();
    for (const kind of Object.keys(D.lines || {}))
      L.polyline(D.lines[kind].map(points), { ...style[kind], pane: 'streets', renderer: canvas.streets, interactive: false }).addTo(group);
    return group;
  }

  function density() {
    const d = D.density;
    if (!d || !d.values.length) return L.layerGroup();
    const image = document.createElement('canvas');
    image.width = d.n_x; image.height = d.n_y;
    const paint = image.getContext('2d');
    for (let y = 0; y < d.n_y; y++)
      for (let x = 0; x < d.n_x; x++) {
        const level = d.values[y * d.n_x + x]; /* 0 to 255 */
        if (!level) continue;
        paint.globalAlpha = 0.12 + 0.63 * level / 255;
        paint.fillStyle = RAMP[Math.min(RAMP.length - 1, Math.floor(level * RAMP.length / 256))];
        paint.fillRect(x, d.n_y - 1 - y, 1, 1);
      }
    const sw = at(d.south_west), ne = at(d.north_east);
    return L.imageOverlay(image.toDataURL(), [sw, ne], { pane: 'density', interactive: false });
  }

  /* The highest fifth is hatched as well as dark: told apart without colour. */
  function potential() {
    const svg = L.svg({ pane: 'cells', padding: 0.5 });
    const group = L.layerGroup();
    const sorted = D.cells.map(c => c.potential).sort((a, b) => a - b);
    const rank = v => { let i = 0; while (i < 5 && v > sorted[Math.floor((i + 1) * sorted.length / 5) - 1]) i++; return Math.min(i, 4); };
    for (const cell of D.cells) {
      const fifth = rank(cell.potential);
      const shape = { pane: 'cells', renderer: svg, color: '#8896a3', weight: 0.6, fillOpacity: 0.6, smoothFactor: 0 };
      L.polygon(cell.p.map(rings => rings.map(points)), { ...shape, fillColor: BLUES[fifth] }).bindPopup(popup(cell.ref, () => [t('value') + ' ' + whole(cell.potential), t('targets') + ' ' + whole(cell.targets)])).addTo(group);
      if (fifth === 4)
        L.polygon(cell.p.map(rings => rings.map(points)), { ...shape, interactive: false, stroke: false, fillColor: 'url(#hatch)', fillOpacity: 1 }).addTo(group);
    }
    group.on('add', () => {
      const root = svg._container.closest('svg') || svg._container;
      if (root.querySelector('#hatch')) return;
      const ns = 'http://www.w3.org/2000/svg';
      const defs = document.createElementNS(ns, 'defs');
      const pattern = document.createElementNS(ns, 'pattern');
      for (const [k, v] of Object.entries({ id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' })) pattern.setAttribute(k, v);
      const line = document.createElementNS(ns, 'line');
      for (const [k, v] of Object.entries({ x1: 0, y1: 0, x2: 0, y2: 6, stroke: '#ffffff', 'stroke-width': 1.6 })) line.setAttribute(k, v);
      pattern.append(line); defs.append(pattern); root.append(defs);
    });
    return group;
  }

  const grid_bounds = {};
  function territories() {
    const group = L.layerGroup();
    for (const g of D.territories) {
      const shape = L.polygon(g.p.map(rings => rings.map(points)), {
        pane: 'territories', renderer: canvas.territories, color: colour(g.colour), weight: 2.5, fillColor: colour(g.colour), fillOpacity: 0.16, smoothFactor: 0
      }).addTo(group);
      grid_bounds[g.ref] = shape.getBounds();
      shape.bindPopup(popup(() => t('grid') + ' ' + g.ref, () => [t('manager') + ' ' + (g.manager || '-'), t('targets') + ' ' + whole(g.targets), t('workload') + ' ' + (g.workload_s / 3600).toFixed(1)]));
      if (g.label)
        L.tooltip(at(g.label), { content: el('span', {}, g.ref), permanent: true, direction: 'center', className: 'name' }).addTo(group);
    }
    return group;
  }

  /* Far out, places fall together into counted circles by a screen grid. */
  const customers = L.layerGroup();
  function cluster() {
    customers.clearLayers();
    const zoom = map.getZoom(), view = map.getBounds().pad(0.1), size = 56, buckets = new Map();
    for (const place of D.places) {
      const where = place.at_ || (place.at_ = at(place.at));
      if (!view.contains(where)) continue;
      const pixel = map.project(where, zoom);
      const key = zoom >= 17 ? place.ref : Math.floor(pixel.x / size) + ':' + Math.floor(pixel.y / size);
      const b = buckets.get(key) || { n: 0, x: 0, y: 0, places: [] };
      b.n += place.n; b.x += where[0] * place.n; b.y += where[1] * place.n; b.places.push(place);
      buckets.set(key, b);
    }
    for (const b of buckets.values()) {
      const r = Math.round(9 + 4 * Math.log10(b.n + 1) * 2);
      const icon = L.divIcon({ className: 'count', html: '', iconSize: [r * 2, r * 2] });
      const m = L.marker([b.x / b.n, b.y / b.n], { icon, pane: 'customers', keyboard: false });
      m.on('add', () => { m.getElement().textContent = b.n > 9999 ? Math.round(b.n / 1000) + 'k' : b.n; });
      m.bindPopup(popup(() => whole(b.n) + ' ' + t('customers'), () => b.places.slice(0, 8).map(p => p.ref + ' · ' + p.n)));
      customers.addLayer(m);
    }
  }

  function targets(keep, style) {
    const group = L.layerGroup();
    for (const c of D.targets) {
      if (!keep(c)) continue;
      const look = STATES[c.state] || STATES.set_aside;
      L.circleMarker(at(c.at), { pane: 'targets', renderer: canvas.targets, radius: look.r, color: '#333', weight: 0.6, fillColor: look.fill, fillOpacity: 0.9, ...style })
        .bindPopup(popup(c.ref, () => [t(c.state) + (c.why ? ': ' + c.why[zh ? 1 : 0] : ''), t('score') + ' ' + c.score + (c.grade ? ' · ' + t('grade') + ' ' + c.grade : '')]))
        .addTo(group);
    }
    return group;
  }

  const route_bounds = {};
  function routes() {
    const group = L.layerGroup();
    for (const r of D.routes) {
      const line = points(r.p);
      L.polyline(line, { pane: 'lines', renderer: canvas.lines, color: '#fff', weight: 6, opacity: 0.8, interactive: false }).addTo(group);
      const drawn = L.polyline(line, { pane: 'lines', renderer: canvas.lines, color: colour(r.colour), weight: 3.2 }).addTo(group);
      drawn.bindPopup(popup(() => t('manager') + ' ' + r.manager, () => [t(r.mode), t('stops') + ' ' + r.stops.length, clock(r.depart_s) + ' - ' + clock(r.back_s)]));
      route_bounds[r.manager] = L.latLngBounds(line.length ? line : [at(D.branch.at)]);
      r.stops.forEach((s, i) => {
        const icon = L.divIcon({ className: 'stop' + (s.must ? ' must' : ''), html: '', iconSize: [21, 21] });
        const m = L.marker(at(s.at), { icon, keyboard: false, zIndexOffset: 500 }).addTo(group);
        m.on('add', () => { const e = m.getElement(); e.textContent = i + 1; e.style.background = colour(r.colour); });
        m.bindPopup(popup((i + 1) + ' · ' + s.refs.join(', '), () => [clock(s.from_s) + ' - ' + clock(s.to_s), t('value') + ' ' + s.value + (s.must ? ' · ' + t('must') : '')]));
      });
    }
    return group;
  }

  const layers = {
    l_streets: [streets(), true], l_density: [density(), false], l_potential: [potential(), false], l_territories: [territories(), true],
    l_customers: [customers, false], l_targets: [targets(() => true, {}), true],
    l_maturing: [targets(c => c.maturing, { radius: 8, fill: false, color: '#EE6677', weight: 2.2 }), false],
    l_visited: [targets(c => c.visited, { radius: 8, fill: false, color: '#228833', weight: 2.2 }), false], l_routes: [routes(), true]
  };
  L.marker(at(D.branch.at), { icon: L.divIcon({ className: 'home', html: '$', iconSize: [24, 24] }), zIndexOffset: 1000 }).bindPopup(popup(() => t('branch') + ' ' + D.branch.ref, () => D.branch.name ? [D.branch.name] : [])).addTo(map);

  function swatch(fill, shape) {
    const ns = 'http://www.w3.org/2000/svg', svg = document.createElementNS(ns, 'svg'), mark = document.createElementNS(ns, shape === 'ring' ? 'circle' : shape || 'circle');
    svg.setAttribute('width', 18); svg.setAttribute('height', 14);
    const put = a => { for (const [k, v] of Object.entries(a)) mark.setAttribute(k, v); };
    if (shape === 'rect') put({ x: 1, y: 1, width: 16, height: 12, fill, stroke: '#56636f' });
    else put({ cx: 9, cy: 7, r: 5, fill: shape === 'ring' ? 'none' : fill, stroke: shape === 'ring' ? fill : '#333', 'stroke-width': shape === 'ring' ? 2 : 0.6 });
    svg.append(mark);
    return svg;
  }
  const key = (mark, text) => el('div', { className: 'key' }, mark, text);

  function table(head, rows) {
    const body = rows.map(([cells, go]) => {
      const tr = el('tr', go ? { className: 'link', onclick: go } : {}, ...cells.map(c => el('td', {}, String(c))));
      return tr;
    });
    return el('table', {}, el('tr', {}, ...head.map(h => el('th', {}, h))), ...body);
  }

  function legend() {
    const box = el('div', {});
    for (const state of Object.keys(STATES)) box.append(key(swatch(STATES[state].fill), t(state) + ' · ' + whole(D.targets.filter(c => c.state === state).length)));
    box.append(key(swatch('#EE6677', 'ring'), t('l_maturing')));
    box.append(key(swatch(BLUES[4], 'rect'), t('l_potential') + ': ' + t('high')));
    if (D.density && D.density.values.length) {
      const ramp = el('div', { className: 'ramp' });
      RAMP.forEach(c => { const i = el('i', {}); i.style.background = c; ramp.append(i); });
      box.append(el('div', {}, t('l_density') + ', ' + t('per_km2', D.density.radius_m)), ramp, el('div', { className: 'ends' }, el('span', {}, '0'), el('span', {}, whole(D.density.max_km2))));
    }
    return box;
  }

  function sentence() {
    const box = document.getElementById('sentence');
    const view = map.getBounds();
    const n = D.targets.filter(c => c.maturing && !c.visited && view.contains(at(c.at))).length;
    box.textContent = t('sentence', n);
  }

  function panel() {
    const box = document.getElementById('panel');
    document.documentElement.lang = zh ? 'zh-CN' : 'en';
    document.title = D.branch.name + ' ' + D.date + ' ' + t('title');
    box.replaceChildren(
      el('button', { id: 'language', onclick: () => { zh = !zh; panel(); } }, t('language')),
      el('h1', {}, t('title')),
      el('div', { className: 'sub' }, (D.branch.name || D.branch.ref) + ' · ' + D.date),
      el('div', { id: 'sentence' }),
      el('h2', {}, t('figures')),
      table(['', ''], D.figures.map(f => [[f.label[zh ? 1 : 0], f.value]])),
      el('h2', {}, t('day')),
      table([t('manager'), t('stops'), t('value'), t('value_h'), t('travel')], D.routes.map(r => [[r.manager + ' ' + t(r.mode), r.stops.length, whole(r.value), r.value_per_h.toFixed(1), percent(r.travel_permille)], () => map.fitBounds(route_bounds[r.manager], { padding: [30, 30] })])),
      el('h2', {}, t('grids')),
      table([t('grid'), t('manager'), t('targets'), t('workload'), t('deviation')], D.territories.map(g => [[g.ref, g.manager || '-', whole(g.targets), (g.workload_s / 3600).toFixed(1), percent(g.deviation_permille, true)], () => map.fitBounds(grid_bounds[g.ref], { padding: [20, 20] })])),
      el('h2', {}, t('layers')));
    for (const name of Object.keys(layers)) {
      const [layer] = layers[name];
      const tick = el('input', { type: 'checkbox', checked: map.hasLayer(layer) });
      tick.onchange = () => { if (tick.checked) { map.addLayer(layer); if (layer === customers) cluster(); } else map.removeLayer(layer); };
      box.append(el('label', {}, tick, ' ' + t(name)));
    }
    box.append(el('h2', {}, t('legend')), legend(), el('p', { className: 'sub' }, t('data')));
    map.attributionControl && map.attributionControl.setPrefix(false);
    sentence();
  }

  const all = L.latLngBounds([at(D.branch.at)]);
  for (const r of D.routes) if (route_bounds[r.manager]) all.extend(route_bounds[r.manager]);
  for (const c of D.targets) if (c.state === 'planned') all.extend(at(c.at));
  map.fitBounds(all.pad(0.05));
  for (const name of Object.keys(layers)) if (layers[name][1]) map.addLayer(layers[name][0]);
  map.on('moveend', () => { sentence(); if (map.hasLayer(customers)) cluster(); });
  panel();
  document.documentElement.dataset.ready = '1';
})();
