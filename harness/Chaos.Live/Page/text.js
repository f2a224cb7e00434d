// Numbers and words as people read them.

export const escape = text => String(text ?? '').replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);

/** Three digits that matter: 0.42, 8.31, 56.2, 1,840. */
export function number(value) {
  if (value === null || value === undefined) return '–';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: value === 0 ? 0 : digits });
}

export const count = value => value.toLocaleString('en');

/** 7.2 s, 48 s, 3 min 5 s, 14 h. */
export function duration(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 120) return `${Math.round(s)} s`;
  if (s < 7200) return `${Math.floor(s / 60)} min${s < 600 && Math.floor(s % 60) > 0 ? ` ${Math.floor(s % 60)} s` : ''}`;
  return s < 172800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} days`;
}

export const clock = ms => new Date(ms).toLocaleTimeString('en-GB');

/** Whole seconds from the start: +12 s. */
export const offset = (ms, start) => `+${Math.round((ms - start) / 1000)} s`;

const outcomes = {
  passed: ['good', '✓'], deviated: ['bad', '✗'], inconclusive: ['unsure', '?'], 'baseline-not-met': ['unsure', '?'], aborted: ['bad', '✗'], interrupted: ['unsure', '■'],
  'probe-error': ['error', '!'], error: ['error', '!'],
};

/** Tone and sign of an outcome. */
export const outcome = name => outcomes[name] ?? ['quiet', '·'];
