// Drawings by the style of all our pages: shapes with classes, colours in the style sheet, a title and a description.

import { s } from './dom.js';
import { count, percent, t } from './words.js';

let ids = 0;

/** Bars from left to right, as many as there are counts, of a range of values. */
export function histogram(title, counts, from, to) {
  const width = 460, height = 170, left = 46, right = 452, bottom = 140, top = 12;
  const most = Math.max(1, ...counts), step = (right - left) / counts.length;
  const shapes = [];
  for (const rows of new Set([0, Math.floor(most / 2), most])) {
    const y = bottom - rows / most * (bottom - top);
    shapes.push(s('line', { x1: left, y1: y, x2: right, y2: y, class: rows === 0 ? 'axis' : 'grid' }));
    shapes.push(label(left - 8, y + 4, count(rows), 'end'));
  }
  counts.forEach((rows, i) => {
    const size = rows / most * (bottom - top), low = from + (to - from) * i / counts.length;
    const bar = s('rect', { x: left + i * step + 0.5, y: bottom - size, width: Math.max(1, step - 1), height: size, rx: 1.5, class: 'bar' });
    bar.append(s('title', {}, `${low.toFixed(3)}: ${count(rows)}`));
    shapes.push(bar);
  });
  [0, 0.25, 0.5, 0.75, 1].forEach(share =>
    shapes.push(label(left + share * (right - left), bottom + 18, (from + share * (to - from)).toFixed(2), 'middle')));
  return drawing(title, t('chartBars', count(counts.length), count(most)), width, height, shapes);
}

/** A bar for each name, the longest first; a click chooses. */
export function bars(title, rows, chosen, choose) {
  const width = 460, line = 26, shown = rows.slice(0, 12), left = 150, right = 380;
  const most = Math.max(1, ...shown.map(row => row.rows)), all = rows.reduce((sum, row) => sum + row.rows, 0);
  const shapes = shown.map((row, i) => {
    const y = i * line + 4;
    const group = s('g', {
      class: chosen(row.label) ? 'pick chosen' : 'pick', role: 'button', tabindex: 0,
      'aria-pressed': String(chosen(row.label)), 'aria-label': `${row.label} ${told(row)}`,
      onclick: () => choose(row.label),
      onkeydown: event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose(row.label);
      },
    });
    group.append(
      s('rect', { x: 0, y: y - 2, width, height: line - 2, class: 'pad' }),
      label(left - 8, y + 14, clipped(row.label), 'end', 'name'),
      s('rect', { x: left, y, width: Math.max(1, row.rows / most * (right - left)), height: line - 8, rx: 3, class: 'bar' }),
      label(left + row.rows / most * (right - left) + 6, y + 14, told(row), 'start'));
    return group;
  });
  function told(row) {
    return `${count(row.rows)} · ${percent(row.rows / all)}`;
  }

  const more = rows.length - shown.length;
  if (more > 0) shapes.push(label(left, shown.length * line + 16, `+ ${count(more)}`, 'start'));
  return drawing(title, t('chartLabels', count(rows.length)), width, shown.length * line + (more > 0 ? 24 : 8), shapes, 'group');
}

function clipped(text) {
  const characters = [...text];
  return characters.length > 12 ? characters.slice(0, 11).join('') + '…' : text;
}

function label(x, y, text, anchor, style = 'tick') {
  return s('text', { x, y, 'text-anchor': anchor, class: style }, text);
}

function drawing(title, description, width, height, shapes, role = 'img') {
  const id = `chart-${++ids}`;
  return s('svg', { viewBox: `0 0 ${width} ${height}`, role, 'aria-labelledby': `${id}-t ${id}-d` },
    s('title', { id: `${id}-t` }, title), s('desc', { id: `${id}-d` }, description), ...shapes);
}
