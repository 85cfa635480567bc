// Before a file is scored: what its columns mean.

import { post } from './api.js';
import { dialog } from './files.js';
import { h, later, put } from './dom.js';
import { bytes, t } from './words.js';

const FORMATS = ['jsonl', 'csv', 'tsv', 'txt', 'parquet', 'arrow'], ENCODINGS = ['auto', 'utf-8', 'gb18030', 'utf-16'];

/** Shows the beginning of a file, and begins a job with what is chosen. */
export async function setUp(app, path) {
  let preview = await app.attempt(() => post('/api/preview', { path, encoding: 'auto', format: null }));
  if (!preview) return;
  const { model } = app.state.start;
  const chosen = { encoding: 'auto', format: null, task: model.head === 'none' ? 'fill' : 'score', text: preview.text, pair: null, id: preview.id };
  const content = h('div');
  const box = dialog(path.split(/[\\/]/).pop().replace(/^copy-/, ''), close => [
    content,
    h('div', { class: 'row end' },
      h('button', { type: 'button', class: 'quiet', onclick: close }, t('cancel')),
      h('button', { type: 'button', class: 'main', onclick: async () => {
        const job = await app.attempt(() => post('/api/jobs', { path: preview.path, ...chosen }));
        if (!job) return;
        close();
        app.show('tables');
      } }, t('start'))),
  ]);
  box.classList.add('wide');
  const look = later(50, async () => {
    const next = await app.attempt(() => post('/api/preview', { path, encoding: chosen.encoding, format: chosen.format }));
    if (!next) return;
    preview = next;
    Object.assign(chosen, { text: next.text, id: next.id, pair: null });
    draw();
  });
  draw();
  box.showModal();

  function draw() {
    put(content,
      h('p', { class: 'note' }, [preview.format, preview.encoding, bytes(preview.bytes), preview.note].filter(Boolean).join(' · ')),
      h('div', { class: 'fields' },
        column('text', t('textColumn'), false), column('pair', t('pairColumn'), true), column('id', t('idColumn'), true),
        choice('encoding', t('encoding'), ENCODINGS.map(each => [each, each === 'auto' ? t('auto') : each]), look),
        choice('format', t('format'), [['', t('auto')], ...FORMATS.map(each => [each, each])], look),
        choice('task', t('task'), [['score', t('taskScore')], ['fill', t('taskFill')]].filter(([each]) =>
          each === 'score' ? model.head !== 'none' : model.fills), () => {})),
      h('h3', {}, t('preview')),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('preview') }, h('table', {},
        h('thead', {}, h('tr', {}, preview.columns.map(name => h('th', { scope: 'col', class: name === chosen.text ? 'meant' : null }, name)))),
        h('tbody', {}, preview.rows.slice(0, 8).map(row => h('tr', {}, row.map((cell, i) =>
          h('td', { class: preview.columns[i] === chosen.text ? 'meant' : null }, cell))))))));
  }

  // Where no columns are known, their names are typed.
  function column(field, label, mayBeNone) {
    if (preview.columns.length > 0)
      return choice(field, label, [...mayBeNone ? [['', t('none')]] : [], ...preview.columns.map(each => [each, each])], draw);
    const input = h('input', { type: 'text', id: `field-${field}`, value: chosen[field] ?? '', oninput: () => chosen[field] = input.value || null });
    return [h('label', { htmlFor: input.id }, label), input];
  }

  function choice(field, label, options, changed) {
    const select = h('select', { id: `field-${field}`, onchange: () => {
      chosen[field] = select.value || null;
      changed();
    } }, options.map(([value, words]) => h('option', { value, selected: (chosen[field] ?? '') === value }, words)));
    return [h('label', { htmlFor: select.id }, label), select];
  }
}
