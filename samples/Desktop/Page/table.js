// The results of a job: figures, filters, rows, search.

import { get, post } from './api.js';
import { bars, histogram } from './charts.js';
import { h, later, put } from './dom.js';
import { dialog } from './files.js';
import { grid } from './grid.js';
import { save } from './tables.js';
import { count, t } from './words.js';

const ALL = { labels: null, from: null, to: null, text: null, rejected: null };
const shownBefore = new Map();   // of each job what was asked for last, and all its labels

/** The page of a job; it comes back as it was left. */
export function tableView(app, id) {
  if (!shownBefore.has(id)) shownBefore.set(id, { query: { id, ...ALL, sort: 'number', descending: false, first: 0, count: 1 }, all: [] });
  const before = shownBefore.get(id), { query } = before;
  const job = () => app.state.jobs.find(each => each.id === id);
  let asking = null;
  const figures = h('div', { class: 'grid charts' }), shown = h('p', { class: 'note', 'aria-live': 'polite' });
  // Rows are sorted by labels where they have some: answers and filled masks are none.
  const byLabel = { name: 'label', title: t('label'), sort: null, cell: row => row.error ? h('em', { class: 'fault' }, t('rejected')) : row.label ?? row.answer ?? row.choice ?? '' };
  const columns = [
    { name: 'number', title: t('number'), sort: 'number', cell: row => count(row['#'] + 1) },
    byLabel,
    { name: 'score', title: t('score'), sort: 'score', cell: row => number(row.score ?? row.value) },
    { name: 'text', title: t('text'), cell: row => row.error ?? [row.text, row.pair].filter(Boolean).join(' ¦ ') },
    { name: 'tokens', title: t('tokens'), sort: 'tokens', cell: row => row.tokens ?? '' },
  ];
  const rows = grid(t('tables'), columns,
    (first, most, signal) => app.attempt(() => post('/api/table/rows', { ...query, first, count: most }, signal)),
    row => showRow(app, id, row['#']),
    sort => change({ sort, descending: query.sort === sort ? !query.descending : sort === 'score' }));
  const labels = h('select', { id: 'filter-labels' });
  offer();
  const filters = drawFilters();
  refresh();
  return h('div', { class: 'table-page' },
    h('div', { class: 'row' },
      h('button', { type: 'button', class: 'quiet', onclick: () => app.show('tables') }, `← ${t('back')}`),
      h('h1', {}, job()?.name ?? ''),
      h('button', { type: 'button', class: 'main', onclick: () => save(app, job()) }, t('saveAs'))),
    figures, filters, shown, rows.element, searchPart(app, id, job));

  function change(parts) {
    Object.assign(query, parts);
    refresh();
  }

  async function refresh() {
    asking?.abort();
    const own = asking = new AbortController();
    const summary = await app.attempt(() => post('/api/table', query, own.signal));
    if (!summary || own !== asking) return;
    put(shown, t('shown', count(summary.shown), count(summary.rows)));
    if (summary.labels.length > 0) byLabel.sort = 'label';
    if (query.labels === null) {
      before.all = summary.labels.map(each => each.label);
      offer();
    }
    labels.value = query.labels?.[0] ?? '';
    put(figures,
      summary.labels.length > 0 && h('section', {}, h('h2', {}, t('labels')), bars(t('labels'), summary.labels,
        label => query.labels?.includes(label) ?? false,
        label => change({ labels: query.labels?.includes(label) ? null : [label] }))),
      summary.withoutScore < summary.shown && h('section', {}, h('h2', {}, t('scores')),
        histogram(t('scores'), summary.scores, summary.leastScore, summary.greatestScore)));
    rows.show(summary.shown, { name: query.sort, descending: query.descending });
  }

  // All labels that rows have which are not filtered by one.
  function offer() {
    put(labels, h('option', { value: '' }, t('filterAll')), before.all.map(each => h('option', { value: each }, each)));
  }

  function drawFilters() {
    const soon = later(200, refresh);
    const field = (name, label, type, of) => {
      const input = h('input', { type, id: `filter-${name}`, step: 'any', value: query[name] ?? '', oninput: () => {
        query[name] = input.value === '' ? null : of(input.value);
        soon();
      } });
      return h('div', {}, h('label', { htmlFor: input.id }, label), input);
    };
    labels.addEventListener('change', () => change({ labels: labels.value === '' ? null : [labels.value] }));
    const only = h('input', { type: 'checkbox', checked: query.rejected === true, onchange: () => change({ rejected: only.checked ? true : null }) });
    const form = h('div', { class: 'filters', role: 'search' },
      h('div', {}, h('label', { htmlFor: labels.id }, t('filterLabels')), labels),
      field('text', t('filterText'), 'search', String), field('from', t('filterFrom'), 'number', Number),
      field('to', t('filterTo'), 'number', Number), h('label', { class: 'check' }, only, t('filterRejected')),
      h('button', { type: 'button', class: 'quiet', onclick: () => {
        form.querySelectorAll('input').forEach(input => input.type === 'checkbox' ? input.checked = false : input.value = '');
        change(ALL);
      } }, t('clear')));
    return form;
  }
}

function number(value) {
  return value === undefined || value === null ? '' : value.toFixed(4);
}

async function showRow(app, id, index) {
  const row = await app.attempt(() => get(`/api/table/row?id=${encodeURIComponent(id)}&row=${index}`));
  if (!row) return;
  const box = dialog(t('row', count(index + 1)), close => [
    h('dl', { class: 'whole' }, Object.entries(row).map(([name, value]) => [
      h('dt', {}, name), h('dd', {}, typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value)),
    ])),
    h('div', { class: 'row end' }, h('button', { type: 'button', onclick: close }, t('close'))),
  ]);
  box.classList.add('wide');
  box.showModal();
}

function searchPart(app, id, job) {
  const found = h('ol', { class: 'found', 'aria-label': t('found') }), controls = h('div', { class: 'row' });
  let had = null;
  const soon = later(250, async query => {
    if (query === '') return put(found);
    const rows = await app.attempt(() => post('/api/search', { id, query, top: 20 }));
    if (rows) put(found, rows.map(row => h('li', {}, h('button', { type: 'button', class: 'file', onclick: () => showRow(app, id, row['#']) },
      h('span', {}, row.text ?? ''), h('small', {}, `${number(row['#close'])} · ${row.label ?? ''}`)))));
  });
  const draw = () => {
    const state = `${job()?.hasVectors} ${job()?.state} ${Math.round(100 * (job()?.share ?? 0))}`;
    if (state === had) return;
    had = state;
    if (!job()?.hasVectors) {
      const running = job()?.state === 'running' || job()?.state === 'waiting';
      put(controls, running
        ? h('progress', { max: 1, value: job().share ?? undefined, 'aria-label': t('search') })
        : h('button', { type: 'button', onclick: () => app.attempt(() => post('/api/search/prepare', { id })) }, t('searchPrepare')));
    } else if (!controls.querySelector('input')) {
      put(controls, h('input', { type: 'search', 'aria-label': t('search'), oninput: event => soon(event.target.value) }));
    }
  };
  app.onJobs(draw);
  draw();
  return h('section', {}, h('h2', {}, t('search')), h('p', { class: 'note' }, t('searchNote')), controls, found);
}
