// A text is answered while it is typed: labels, tokens, masks at once; what the answer rests on after the last key.

import { post } from './api.js';
import { h, later, put } from './dom.js';
import { drawAttention } from './attention.js';
import { count, percent, t } from './words.js';

export function typingView() {
  const typed = { text: '', pair: null };
  let answering = null, explaining = null, answer = null, changes = null;

  return { draw };

  function draw(app) {
    const text = area('typed-text', typed.text, value => typed.text = value);
    const pair = typed.pair === null ? null : area('typed-pair', typed.pair, value => typed.pair = value);
    const out = {
      answer: h('section', { 'aria-live': 'polite' }), rests: h('section'), masks: h('section', { hidden: true }),
      tokens: h('section'), attention: h('section'),
    };
    const explainLater = later(60, explain);
    const toggle = h('button', { type: 'button', class: 'quiet', onclick: () => {
      typed.pair = typed.pair === null ? '' : null;
      app.show('type');
    } }, t(typed.pair === null ? 'pairAdd' : 'pairRemove'));
    const page = h('div', { class: 'typing' },
      h('h1', { class: 'unseen' }, t('type')),
      h('section', { class: 'write' },
        h('label', { htmlFor: 'typed-text' }, t('text')), text,
        pair && h('label', { htmlFor: 'typed-pair' }, t('pair')), pair,
        h('div', { class: 'row' }, h('p', { class: 'note', id: 'typed-hint' }, t('textHint')), toggle)),
      out.answer, out.masks, out.rests, out.attention, out.tokens);
    text.setAttribute('aria-describedby', 'typed-hint');
    requestAnimationFrame(() => text.focus());
    show();
    if (typed.text) changed();
    return page;

    function area(id, value, set) {
      return h('textarea', { id, value, rows: 4, spellcheck: false, oninput: event => {
        set(event.target.value);
        changed();
      } });
    }

    function changed() {
      answering?.abort();
      explaining?.abort();
      changes = null;
      if (typed.text === '') {
        answer = null;
        show();
        return;
      }
      ask();
      explainLater();
    }

    async function ask() {
      const own = answering = new AbortController();
      const next = await app.attempt(() => post('/api/type', { ...typed }, own.signal));
      if (!next || own !== answering) return;
      answer = { ...next, ...typed, isValue: app.state.start.model.head === 'value' };
      show();
    }

    async function explain() {
      if (typed.text === '' || !app.state.start.model.explains) return;
      const own = explaining = new AbortController(), asked = { ...typed };
      const next = await app.attempt(() => post('/api/explain', asked, own.signal));
      if (!next || own !== explaining) return;
      changes = { ...next, ...asked };
      show();
    }

    function show() {
      showAnswer(out.answer, answer);
      showMasks(out.masks, answer);
      showRests(out.rests, answer, changes);
      showTokens(out.tokens, answer);
      put(out.attention, h('h2', {}, t('attention')), h('p', { class: 'note' }, t('attentionNote')),
        h('button', { type: 'button', disabled: !answer, onclick: () => drawAttention(app, out.attention, { ...typed }) },
          t('attentionShow')));
    }
  }
}

function showAnswer(section, answer) {
  if (!answer) {
    put(section, h('h2', {}, t('answer')), h('p', { class: 'note' }, t('nothing')));
    return;
  }
  const span = answer.answer?.found ? answer.pair.slice(answer.answer.start, answer.answer.end) : null;
  put(section, h('h2', {}, t('answer')),
    span && h('p', { class: 'lead' }, span, h('small', {}, ` ${percent(answer.answer.score)}`)),
    answer.scores.length > 0 && h('ul', { class: 'scores' }, answer.scores.map((each, i) => h('li', { class: i === 0 ? 'best' : null },
      h('bdi', {}, each.label),
      h('i', { 'aria-hidden': 'true', vars: { '--share': answer.isValue ? 0 : each.score } }),
      h('span', {}, answer.isValue ? each.score.toFixed(4) : percent(each.score))))),
    answer.entities.length > 0 && h('ul', { class: 'chips' }, answer.entities.map(each => h('li', {},
      h('b', {}, (each.inPair ? answer.pair : answer.text).slice(each.start, each.end)), ` ${each.label} ${percent(each.score)}`))),
    h('p', { class: 'note' }, answer.truncated
      ? t('tokensOf', count(answer.tokens.length), count(answer.totalTokens)) : t('tokensAll', count(answer.totalTokens)),
    ` · ${answer.milliseconds.toFixed(1)} ms`));
}

function showMasks(section, answer) {
  section.hidden = !answer?.masks.length;
  if (section.hidden) return;
  put(section, h('h2', {}, t('masks')), answer.masks.map(mask => h('ol', { class: 'chips' },
    mask.tokens.map(each => h('li', {}, h('b', {}, each.label), ` ${percent(each.score)}`)))));
}

function showRests(section, answer, changes) {
  section.hidden = !answer || answer.scores.length === 0;
  if (section.hidden) return;
  const current = changes && changes.text === answer.text && changes.pair === answer.pair ? changes.changes : [];
  const greatest = Math.max(1e-9, ...current.map(each => Math.abs(each.change)));
  put(section, h('h2', {}, t('rests')), h('p', { class: 'note' }, t('restsNote')),
    passage(answer.text, current.filter(each => each.part === 0), greatest, answer.isValue),
    answer.pair !== null && passage(answer.pair, current.filter(each => each.part === 1), greatest, answer.isValue),
    current.length > 0 && h('p', { class: 'note' }, t('restsMost', most(answer, current))));
}

// The strongest, in words: who cannot see colours reads them.
function most(answer, changes) {
  return [...changes].filter(each => each.change !== 0).sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, 5)
    .map(each => `${(each.part === 1 ? answer.pair : answer.text).slice(each.start, each.end)} ${points(each.change, answer.isValue)}`).join(' · ');
}

// Of a probability in hundredths, of a value as it is.
const points = (change, isValue) =>
  `${change > 0 ? '+' : '−'}${isValue ? Math.abs(change).toFixed(4) : Math.abs(100 * change).toFixed(2)}`;

function passage(text, changes, greatest, isValue) {
  const parts = [];
  let at = 0;
  for (const each of changes) {
    if (each.start > at) parts.push(text.slice(at, each.start));
    parts.push(h('span', {
      class: each.change < 0 ? 't for' : 't against', title: points(each.change, isValue),
      vars: { '--w': Math.abs(each.change) / greatest },
    }, text.slice(Math.max(at, each.start), each.end)));
    at = Math.max(at, each.end);
  }
  parts.push(text.slice(at));
  return h('p', { class: 'text' }, parts);
}

function showTokens(section, answer) {
  section.hidden = !answer;
  if (section.hidden) return;
  put(section, h('h2', {}, t('tokens')), h('ol', { class: 'tokens', start: 0 },
    answer.tokens.map(each => h('li', { class: each.part < 0 ? 'added' : each.part === 1 ? 'second' : null }, each.token))));
}
