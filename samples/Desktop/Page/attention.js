// The attention of a layer, as a picture of squares.

import { post } from './api.js';
import { h, put } from './dom.js';
import { t } from './words.js';

/** Puts the map of a text into a section, with a choice of layer and head. */
export function drawAttention(app, section, typed) {
  const { layers, heads } = app.state.start.model;
  const layer = h('input', { type: 'range', id: 'layer', min: 0, max: layers - 1, value: layers - 1, oninput: show });
  const head = h('select', { id: 'head', onchange: show }, h('option', { value: -1 }, t('headMean')),
    Array.from({ length: heads }, (_, i) => h('option', { value: i }, i)));
  const number = h('output', { htmlFor: 'layer' });
  const canvas = h('canvas', { class: 'map', role: 'img', tabindex: 0 });
  const note = h('p', { class: 'note', 'aria-live': 'polite' });
  let asking = null, answer = null, at = [0, 0];
  put(section, h('h2', {}, t('attention')), h('p', { class: 'note' }, t('attentionNote')),
    h('div', { class: 'row' }, h('label', { htmlFor: 'layer' }, t('layer')), layer, number,
      heads > 1 && h('label', { htmlFor: 'head' }, t('head')), heads > 1 && head),
    canvas, note);
  canvas.addEventListener('pointermove', event => {
    const box = canvas.getBoundingClientRect();
    tell([(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map(share => Math.floor(share * canvas.width)));
  });
  canvas.addEventListener('keydown', event => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    tell(at.map((place, i) => place + step[i]));
  });
  show();

  async function show() {
    put(number, layer.value);
    asking?.abort();
    const own = asking = new AbortController();
    const next = await app.attempt(() => post('/api/attention', {
      ...typed, layer: Number(layer.value), head: heads > 1 ? Number(head.value) : -1,
    }, own.signal));
    if (!next || own !== asking) return;
    answer = { ...next, weights: Uint8Array.from(atob(next.weights), c => c.charCodeAt(0)) };
    const n = answer.tokens.length, points = new ImageData(n, n);
    for (let i = 0; i < n * n; i++) {
      points.data.set([224, 92, 20, Math.round(255 * Math.sqrt(answer.weights[i] / 255))], 4 * i);
    }
    canvas.width = canvas.height = n;
    canvas.getContext('2d').putImageData(points, 0, 0);
    canvas.setAttribute('aria-label', `${t('attention')}, ${t('layer')} ${layer.value}`);
  }

  // What a square means: row, column.
  function tell(place) {
    if (!answer) return;
    const n = answer.tokens.length;
    at = place.map(each => Math.min(n - 1, Math.max(0, each)));
    const [row, column] = at;
    put(note, `${answer.tokens[row]} ← ${answer.tokens[column]}: ${(answer.weights[row * n + column] / 255 * answer.greatest).toFixed(4)}`);
  }
}
