// Takes what the server sends, and shows it. All that is shown comes from the journal; nothing is kept here but which experiment is looked at.
import { clock, count, duration, escape, number, offset, outcome } from './text.js';
import { drawMap, drawTimeline } from './draw.js';

const at = id => document.getElementById(id);
const confirm = at('confirm');
let page = null;
let arrived = 0;
let chosen = null;
let online = false;
let said = '';
let saidSoftly = '';

const html = (element, content) => { if (element.dataset.was !== content) { element.innerHTML = content; element.dataset.was = content; } };
const words = (element, content) => { if (element.textContent !== content) element.textContent = content; };

/** Now, on the journal's clock. It stands still when the run does. */
function now() {
  const running = page.state.run && !page.state.run.outcome && page.age_ms < 5000;
  return page.state.as_of_ms + (running ? Math.min(2000, page.age_ms + performance.now() - arrived) : 0);
}

function current() {
  const shown = page.state.shown;
  return shown.find(x => x.id === chosen) ?? shown.find(x => x.faults.length) ?? shown[0];
}

/** How long ago the latest event was. */
const age = () => page ? page.age_ms + performance.now() - arrived : 0;

/** The run has ended without a word. */
const gone = () => !page.state.run?.outcome && age() > 30000;

function pulse() {
  const run = page?.state.run;
  const [state, text] = run?.outcome ? ['ended', 'run ended'] : !online ? ['lost', 'not connected'] : !run ? ['waiting', 'waiting'] : age() > 5000 ? ['lost', `no news for ${duration(age())}`] : ['live', 'live'];
  at('pulse').dataset.state = state;
  words(at('pulse'), text);
}

function strip(view) {
  const element = at('strip');
  const ms = now();
  const quiet = (state, headline, detail) => { element.dataset.state = state; html(element, `<div class="now"><p class="headline">${headline}</p><p class="detail"><span class="attributes">${detail}</span></p></div>`); };
  if (gone() && !view.end) {
    const faults = view.faults.map(f => `${escape(f.type)} on ${escape(f.place)}`).join(', ');
    quiet('halted', `No word for ${duration(age())}`, faults ? `The run is gone. Last heard of: ${faults}; faults end 3 s after their run.` : 'The run is gone. No fault was on when it was last heard of.');
    return;
  }
  if (view.faults.length) {
    element.dataset.state = 'fault';
    const shown = view.faults.slice(0, 2);
    html(element, shown.map((fault, i) => {
      const more = i === shown.length - 1 && view.faults.length > shown.length ? ` <em>and ${view.faults.length - shown.length} more</em>` : '';
      const time = fault.until_ms ? `${duration(ms - fault.since_ms)} of ${duration(fault.until_ms - fault.since_ms)}` : `for ${duration(ms - fault.since_ms)}`;
      return `<div class="now"><p class="headline"><span aria-hidden="true">⚡</span> ${escape(fault.type)} <span class="place">on ${escape(fault.place)}</span>${more}</p><p class="detail"><span class="timer">${time}</span><span class="attributes">${escape(fault.name === fault.type ? '' : fault.name + ' · ')}${escape(fault.detail)}</span></p></div>`;
    }).join(''));
    return;
  }
  if (view.rehearsal && !view.end) {
    if (view.rehearsal.alarm) quiet('bad', '▲ Something is wrong', escape(view.rehearsal.alarm));
    else quiet('calm', 'A rehearsal', 'What goes wrong is for you to find out. It is told when that is over.');
  } else if (view.verdict) {
    const [tone, sign] = outcome(view.verdict.outcome);
    quiet(tone, `${sign} ${escape(view.verdict.outcome)}`, escape(view.verdict.sentence));
  } else if (view.halt) quiet('halted', '■ All faults halted', `${escape(view.halt.reason ?? '')} ${clock(view.halt.at_ms)}. No new fault is accepted.`);
  else if (view.end) quiet('calm', 'Ended, being judged', escape(view.end.message ?? view.end.reason));
  else {
    const next = view.timeline.faults.flatMap(f => f.spans.filter(s => s.planned && s.from_ms > ms).map(s => ({ ...f, at: s.from_ms }))).sort((a, b) => a.at - b.at)[0];
    quiet('calm', 'No fault is on', next ? `next: ${escape(next.type)} on ${escape(next.place)} in ${duration(next.at - ms)}` : 'none is to come');
  }
}

function figures(view) {
  const c = view.connections;
  const missing = c.expected - c.connected;
  const figure = (id, big, more, tone = '') => { const e = at(id); e.dataset.tone = tone; html(e.querySelector('.big'), big); html(e.querySelector('.more'), more); };
  const counts = view.connections.expected > 0;
  const [away, many] = [missing > 0 && counts ? `${count(missing)} away` : 'all of them', c.expected >= 10000];
  figure('connected', `${count(c.connected)}${many ? '' : `<span class="of"> / ${count(c.expected)}</span>`}`, many ? `of ${count(c.expected)}` : away, missing > c.expected * .05 && !view.end ? 'bad' : '');
  figure('reconnects', `${number(c.reconnects_per_second)}<span class="of"> /s</span>`, `${count(c.reconnects)} in all · ${number(c.attempts_per_second)} tries/s`, c.reconnects_per_second > 0 && !view.end ? 'watch' : '');
  at('latency-note').hidden = !view.is_simulated;
  for (const latency of view.latencies) {
    const cells = at(latency.name.replace(' ', '-')).querySelectorAll('td');
    [latency.p50_ms, latency.p95_ms, latency.p99_ms].forEach((value, i) => words(cells[i], number(value)));
  }
}

function alerts(view) {
  words(at('alerts-note'), view.alerts.note ?? '');
  html(at('alerts'), view.alerts.on.map(a => `<li class="${a.fires ? escape(a.severity) : 'pending'}"><p class="head"><b>${escape(a.name)}</b> <span class="owner">${a.fires ? `${a.severity === 'page' ? 'pages' : 'ticket for'} ${escape(a.owner ?? 'nobody')}, ${escape(a.team)}` : 'pending'}</span></p><p class="soft">${escape(a.title)} ${duration(now() - a.since_ms).replace(/\.\d/, '')} ago. ${escape(a.runbook)}</p></li>`).join('')
    || (view.alerts.note?.startsWith('not evaluated') ? '' : '<li class="none">None fires.</li>'));
}

function errors(view) {
  html(at('errors'), view.errors.map(e => `<tr class="${e.recent ? 'recent' : ''}"><th scope="row">${escape(e.class)} <small>${escape(e.endpoint)}</small></th><td>${count(e.recent)}</td><td class="soft">${count(e.total)}</td></tr>`).join('')
    || '<tr><td class="soft none">None so far.</td></tr>');
}

function experiments(state, view) {
  const several = state.shown.length > 1;
  at('tabs').hidden = !several;
  if (several) {
    html(at('tabs'), state.shown.map(x => `<button type="button" data-id="${escape(x.id)}" aria-pressed="${x.id === view.id}"${x.faults.length ? ' class="hit"' : ''}>${x.faults.length ? '<span aria-hidden="true">⚡</span> ' : ''}${escape(x.id)}</button>`).join(''));
  }
  html(at('experiments'), state.experiments.map(x => {
    const [tone, sign] = x.outcome ? outcome(x.outcome) : ['quiet', x.state === 'running' ? '▶' : x.state === 'skipped' ? '–' : '…'];
    return `<li><span class="badge ${tone}">${sign} ${escape(x.outcome ?? x.state)}</span> <b>${escape(x.id)}</b> <span class="soft">${escape(x.sentence ?? x.title)}</span></li>`;
  }).reverse().join(''));
  words(at('command'), state.run?.command ?? '');
}

function tell(view) {
  const faults = view.faults.map(f => `${f.type} on ${f.place}`).join(', ');
  const loud = `${view.id}: ${view.rehearsal ? view.rehearsal.alarm ?? 'Rehearsal.' : faults ? `Fault on: ${faults}.` : view.halt ? 'All faults are halted.' : 'No fault is on.'}`;
  if (loud !== said) words(at('say'), said = loud);
  const soft = [view.alerts.on.filter(a => a.fires).map(a => `Alert ${a.name} for ${a.owner ?? 'nobody'}.`).join(' '), view.verdict ? `${view.verdict.outcome}. ${view.verdict.sentence}` : `Phase ${view.phase}.`].join(' ');
  if (soft !== saidSoftly) words(at('say-softly'), saidSoftly = soft);
}

function show() {
  pulse();
  const { state, halt } = page;
  document.body.dataset.ready = 'yes';
  at('halt').hidden = !halt.can;
  words(at('halt-why'), halt.can ? '' : halt.why);
  if (!halt.can && confirm.open) confirm.close();
  const view = current();
  if (!view) return;
  document.title = `${view.faults.length ? '⚡ ' : ''}${view.id} – Chaos`;
  words(at('title'), view.title);
  words(at('where'), [view.verdict ? 'judged' : view.phase, view.is_simulated ? 'virtual time' : '', view.id, state.run ? `seed ${state.run.seed}` : ''].filter(Boolean).join(' · '));
  document.body.dataset.fault = view.faults.length > 0 && !gone();
  tell(view);
  figures(view);
  alerts(view);
  errors(view);
  experiments(state, view);
  html(at('marks'), view.timeline.marks.slice(-30).reverse().map(m => `<li class="${escape(m.kind)}"><span>${offset(m.at_ms, view.started_ms)}</span> ${escape(m.title)}</li>`).join('') || '<li class="soft none">Nothing out of the ordinary so far.</li>');
  words(at('world-name'), view.world.name);
  draw();
}

function draw() {
  const view = page && current();
  if (!view) return;
  const width = id => Math.max(240, Math.floor(at(id).clientWidth));
  html(at('map'), drawMap(view.world, width('map')));
  html(at('timeline'), drawTimeline(view, now(), width('timeline')));
  strip(view);
}

async function halt() {
  try {
    const response = await fetch('/halt', { method: 'POST' });
    if (!response.ok) throw new Error(await response.text());
    const answer = await response.json();
    if (answer.problems.length) words(at('halt-why'), answer.problems.join(' '));
  } catch (error) {
    words(at('halt-why'), `Not halted: ${error.message}`);
  }
}

function ask() {
  if (!at('halt').hidden && !confirm.open) confirm.showModal();
}

at('halt').addEventListener('click', ask);
confirm.addEventListener('close', () => { if (confirm.returnValue === 'halt') halt(); confirm.returnValue = ''; });
addEventListener('keydown', event => {
  if (event.key === 'h' && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); ask(); }
});
at('tabs').addEventListener('click', event => { const id = event.target.closest('button')?.dataset.id; if (id) { chosen = id; show(); at('tabs').querySelector(`[data-id="${CSS.escape(id)}"]`)?.focus(); } });
new ResizeObserver(draw).observe(document.body);

const events = new EventSource('/events');
events.onopen = () => { online = true; pulse(); };
events.addEventListener('bye', () => { events.close(); online = false; pulse(); });
events.onerror = () => { online = false; pulse(); };
events.onmessage = event => { page = JSON.parse(event.data); arrived = performance.now(); online = true; show(); };
setInterval(() => { pulse(); draw(); }, 250);
