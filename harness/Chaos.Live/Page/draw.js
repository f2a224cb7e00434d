// The world and the timeline as SVG, drawn for the width that there is: text keeps its size on every screen.
import { count, escape, number, duration } from './text.js';

const text = (x, y, content, cls = '', anchor = 'start') => `<text x="${x}" y="${y}" class="${cls}" text-anchor="${anchor}">${escape(content)}</text>`;
const box = (x, y, w, h, cls) => `<rect x="${x}" y="${y}" width="${Math.max(0, w)}" height="${h}" rx="6" class="${cls}"/>`;
const fit = (content, width) => { const most = Math.max(1, Math.floor(width / 6.2)); return content.length <= most ? content : content.slice(0, most - 1) + '…'; };
const bolt = (x, y) => `<g class="bolt"><circle cx="${x}" cy="${y}" r="11"/><path transform="translate(${x - 7} ${y - 8}) scale(.7)" d="M12 1 3 13h6l-2 9 10-13h-6z"/></g>`;

function line(x1, x2, y, link, name) {
  const faults = link?.faults ?? [];
  const wide = x2 - x1;
  const middle = (x1 + x2) / 2;
  let svg = `<path class="link${faults.length ? ' hit' : ''}" d="M${x1} ${y}H${x2}"/>`;
  if (wide > 70) svg += text(middle, y + 26, fit(name, wide - 6), 'soft', 'middle');
  if (faults.length) {
    svg += bolt(middle, y);
    if (wide > 70) svg += text(middle, y - 17, fit(faults.join(', '), wide + 6), 'hit', 'middle');
  }
  return svg;
}

/** Lanes of clients, gateway nodes and store, one a region; what crosses between regions is beside them. */
export function drawMap(world, width) {
  const narrow = width < 520;
  const regions = world.regions;
  const links = Object.fromEntries(world.links.map(l => [l.name, l]));
  const level = narrow ? 31 : 84;
  const beside = regions.length > 1 ? level * (regions.length - 1) : 0;
  const card = width - beside - (beside ? 8 : 0);
  const [pad, clientsW, nodesW, storeW] = narrow ? [7, 48, Math.max(92, Math.min(118, card - 164)), 42] : [16, 104, Math.min(190, card * .28), 104];
  let [svg, y] = ['', 0];
  const middles = {};
  for (const region of regions) {
    const rows = Math.max(1, region.nodes.length);
    const nodesH = rows * 24 + 10;
    const inner = Math.max(nodesH, region.has_upstream ? 92 : 40);
    const height = inner + 42;
    const own = world.links.filter(l => !l.to && l.from === region.name && l.faults.length);
    const hit = own.length > 0 || region.nodes.some(n => n.fault);
    svg += box(0.5, y + 0.5, card - 1, height - 1, `region${hit ? ' hit' : ''}`) + text(pad, y + 20, region.name, 'name');
    if ((card - nodesW) / 2 - pad - clientsW <= 70 && own.length) svg += text(card - pad, y + 20, fit(own.map(l => `${l.faults.join(', ')} on ${l.name}`).join(' · '), card - 60), 'hit', 'end');
    const top = y + 30;
    const middle = top + inner / 2;
    const [cx, nx, sx] = [pad, (card - nodesW) / 2, card - pad - storeW];
    const storeY = region.has_upstream ? top + 19 : middle;
    svg += line(cx + clientsW, nx, middle, links[`${region.name}.clients`], `${region.name}.clients`);
    if (region.store) svg += line(nx + nodesW, sx, storeY, links[`${region.name}.redis`], `${region.name}.redis`);
    if (region.has_upstream) svg += line(nx + nodesW, sx, top + inner - 19, links[`${region.name}.upstream`], `${region.name}.upstream`);
    svg += box(cx, middle - 19, clientsW, 38, 'part');
    svg += narrow ? text(cx + clientsW / 2, middle - 1, region.clients < 100000 ? count(region.clients) : region.clients.toLocaleString('en', { notation: 'compact' }), '', 'middle') + text(cx + clientsW / 2, middle + 12, 'clients', 'small', 'middle') : text(cx + clientsW / 2, middle + 4, `${count(region.clients)} clients`, region.clients < 100000 ? '' : 'small', 'middle');
    svg += box(nx, middle - nodesH / 2, nodesW, nodesH, `part${region.nodes.some(n => n.fault) ? ' hit' : ''}`);
    region.nodes.forEach((node, i) => {
      const ny = middle - nodesH / 2 + 21 + i * 24;
      const name = node.name.slice(region.name.length + 1);
      const state = node.state === 'up' || node.state === 'external' ? `${node.connections}` : node.state;
      const cls = node.fault ? 'hit' : node.state === 'up' || node.state === 'external' ? '' : 'soft';
      svg += `<circle class="state ${escape(node.fault ? 'hit' : node.state)}" cx="${nx + 12}" cy="${ny - 4}" r="4"/>`;
      svg += text(nx + 20, ny, fit(narrow ? name.replace('gateway', 'gw') : name, nodesW - 20 - state.length * 6.5 - 10), cls) + text(nx + nodesW - 8, ny, state, cls || 'fig', 'end');
    });
    if (region.store) svg += box(sx, storeY - 19, storeW, 38, 'part') + text(sx + storeW / 2, storeY + 4, 'store', '', 'middle');
    if (region.has_upstream) svg += box(sx, top + inner - 38, storeW, 38, 'part') + text(sx + storeW / 2, top + inner - 15, narrow ? 'HTTP' : 'upstream', '', 'middle');
    middles[region.name] = y + height / 2;
    y += height + 10;
  }
  for (let i = 0; i < regions.length; i++) {
    for (let j = i + 1; j < regions.length; j++) {
      const [a, b] = [regions[i].name, regions[j].name];
      const between = world.links.filter(l => (l.from === a && l.to === b) || (l.from === b && l.to === a));
      if (!between.length) continue;
      const faults = [...new Set(between.flatMap(l => l.faults))];
      const [y1, y2] = [middles[a] + (j - i - 1) * 10, middles[b] - (j - i - 1) * 10];
      const out = card + (j - i) * level - level / 2 - (narrow ? 2 : 6);
      const middle = (y1 + y2) / 2;
      svg += `<path class="link${faults.length ? ' hit' : ''}" d="M${card} ${y1}H${out - 8}Q${out} ${y1} ${out} ${y1 + 8}V${y2 - 8}Q${out} ${y2} ${out - 8} ${y2}H${card}"/>`;
      const far = `${number(between[0].rtt_ms).replace(/\.0+$/, '')} ms`;
      svg += box(out - (narrow ? 13 : 24), middle - 9, narrow ? 26 : 48, faults.length && !narrow ? 36 : 18, 'backing') + text(out, middle + 4, narrow ? far.replace(' ms', '') : far, 'soft', 'middle');
      if (faults.length) svg += bolt(out, middle - 24) + (narrow ? '' : text(out, middle + 22, fit(faults.join(', '), level), 'hit backed', 'middle'));
    }
  }
  const told = regions.map(r => `${r.name}: ${r.clients} clients; ${r.nodes.map(n => `${n.name} ${n.fault ?? n.state}, ${n.connections} connected`).join('; ')}`)
    .concat(world.links.filter(l => l.faults.length).map(l => `${l.faults.join(' and ')} on ${l.name}`)).join('. ');
  return `<svg role="img" aria-label="${escape(told)}" width="${width}" height="${Math.max(1, y - 10)}" viewBox="0 0 ${width} ${Math.max(1, y - 10)}">${svg}</svg>`;
}

function spark(values, x, y, height, max, cls, area) {
  let [path, down] = ['', true];
  const points = [];
  values.forEach((value, i) => {
    if (value === null) { down = true; return; }
    const [px, py] = [x(i).toFixed(1), (y + height - Math.min(1, value / max) * height).toFixed(1)];
    path += `${down ? 'M' : 'L'}${px} ${py}`;
    points.push([px, py]);
    down = false;
  });
  const filled = area && points.length > 1 ? `<path class="${cls} area" d="M${points[0][0]} ${y + height}L${points.map(p => p.join(' ')).join('L')}L${points.at(-1)[0]} ${y + height}Z"/>` : '';
  return filled + `<path class="${cls} curve" d="${path}"/>`;
}

const nice = value => { const p = 10 ** Math.floor(Math.log10(value)); return [1, 2, 5, 10].map(f => f * p).find(v => v >= value); };

/** Phases, faults and figures over one axis of time. */
export function drawTimeline(view, nowMs, width) {
  const { from_ms: from, to_ms: to, phases, faults } = view.timeline;
  const series = view.series;
  const x = ms => Math.round((ms - from) / Math.max(1, to - from) * width * 10) / 10;
  const second = i => Math.min(x(from + (i + 1) * 1000), x(nowMs), width);
  let [svg, y] = ['', 0];
  for (const span of phases) {
    const [a, b] = [x(span.from_ms), x(span.to_ms)];
    svg += `<rect x="${a + .5}" y="${y}" width="${Math.max(0, b - a - 1)}" height="20" rx="3" class="phase${span.planned ? ' planned' : ''}${span.name === view.phase ? ' now' : ''}"/>`;
    if (b - a > span.name.length * 6.4 + 6) svg += text((a + b) / 2, y + 14, span.name, span.name === view.phase ? 'on' : 'soft', 'middle');
  }
  y += 28;
  const shown = faults.slice(0, 6);
  let shades = '';
  for (const lane of shown) {
    const on = view.faults.some(f => f.name === lane.name);
    const label = fit(`${lane.name === lane.type ? '' : lane.name + ' · '}${lane.type} on ${lane.place}`, width);
    const start = Math.max(0, Math.min(...lane.spans.map(s => x(s.from_ms)), width - label.length * 7));
    svg += text(start, y + 11, label, on ? 'hit backed' : 'soft backed');
    for (const span of lane.spans) {
      const [a, b] = [x(span.from_ms), x(span.to_ms)];
      svg += `<rect x="${a}" y="${y + 16}" width="${Math.max(2, b - a)}" height="9" rx="2" class="fault${span.planned ? ' planned' : ''}"/>`;
      if (!span.planned) shades += `<rect x="${a}" y="@" width="${Math.max(1, b - a)}" height="#" class="shade"/>`;
    }
    y += 32;
  }
  if (faults.length > shown.length) { svg += text(0, y + 10, `and ${faults.length - shown.length} more faults`, 'soft'); y += 18; }
  const top = y;
  const latency = [...series.p50_ms, ...series.p99_ms].filter(v => v !== null);
  const rows = [
    [[['connected', 'connected']], Math.max(1, view.connections.expected, ...series.connected), (at, max) => spark(series.connected, second, at, 36, max, 'connected', true)],
    ...view.is_simulated ? [] : [[[['p50', 'p50'], ['p99', 'p99, ms']], nice(Math.max(10, ...latency)), (at, max) => spark(series.p50_ms, second, at, 36, max, 'p50') + spark(series.p99_ms, second, at, 36, max, 'p99')]],
    [[['reconnects', 'reconnects'], ['errors', 'errors a second']], nice(Math.max(5, ...series.reconnects, ...series.errors)), (at, max) => spark(series.errors, second, at, 36, max, 'errors') + spark(series.reconnects, second, at, 36, max, 'reconnects', true)],
  ];
  for (const [names, max, draw] of rows) {
    let left = 0;
    for (const [cls, name] of names) {
      svg += `<path class="${cls} curve" d="M${left} ${y + 7}h14"/>` + text(left + 19, y + 11, name, 'soft backed');
      left += 34 + name.length * 6.4;
    }
    svg += text(width, y + 11, `${number(max).replace(/\.0+$/, '')}`, 'soft', 'end') + `<path class="grid" d="M0 ${y + 16}H${width}M0 ${y + 52}H${width}"/>` + draw(y + 16, max);
    y += 60;
  }
  const now = Math.min(x(nowMs), width);
  svg = shades.replaceAll('"@"', `"${top}"`).replaceAll('"#"', `"${y - top - 6}"`) + `<path class="now" d="M${now} 20V${y - 6}"/>` + svg;
  svg += text(0, y + 15, '0 s', 'soft') + text(width, y + 15, duration(to - from), 'soft', 'end');
  for (const mark of view.timeline.marks) svg += `<path class="mark ${escape(mark.kind)}" d="M${Math.min(width - 4, Math.max(4, x(mark.at_ms)))} ${y - 6}l4 8h-8z"><title>${escape(mark.title)}</title></path>`;
  const told = `Phase ${view.phase}, ${duration(nowMs - from)} after the start. ${faults.map(f => `${f.name} on ${f.place}`).join(', ')}`;
  return `<svg role="img" aria-label="${escape(told)}" width="${width}" height="${y + 19}" viewBox="0 0 ${width} ${y + 19}">${svg}</svg>`;
}
