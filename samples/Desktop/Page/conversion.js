// A checkpoint becomes a model: what was found, how far it is, and what storing it cost.

import { lines } from './api.js';
import { dialog } from './files.js';
import { h, put } from './dom.js';
import { bytes, count, percent, t } from './words.js';

const DIALECTS = ['port', 'keras', 'google'];

/** Asks how, converts, and shows the report; `use` takes the model. */
export function convertModel(app, path, use) {
  const running = new AbortController();
  const content = h('div'), actions = h('div', { class: 'row end' });
  const box = dialog(t('convertTitle'), () => [
    h('p', { class: 'note' }, path), content, actions,
  ], () => running.abort());
  box.classList.add('wide');
  const close = () => box.close();
  ask();
  box.showModal();

  function ask() {
    const dialect = h('select', { id: 'convert-dialect' }, DIALECTS.map(each => h('option', { value: each }, t(`dialect_${each}`))));
    put(content, h('p', {}, t('convertAsk')),
      h('div', { class: 'fields one' }, h('label', { htmlFor: 'convert-dialect' }, t('dialect')), dialect));
    put(actions, h('button', { type: 'button', class: 'quiet', onclick: close }, t('cancel')),
      h('button', { type: 'button', class: 'main', onclick: () => convert(dialect.value) }, t('convert')));
  }

  async function convert(dialect) {
    const bar = h('progress', { max: 1, value: 0, 'aria-label': t('convert') });
    const log = h('div', { class: 'log', role: 'log', tabindex: 0, 'aria-label': t('convertFound') });
    put(content, bar, log);
    put(actions, h('button', { type: 'button', class: 'quiet', onclick: close }, t('cancel')));
    actions.firstChild.focus();
    let last = null;
    const told = line => {
      if (line.share !== null) bar.value = line.share;
      if (line.message) log.append(h('p', {}, line.message));
      if (line.done || line.fault) last = line;
    };
    const ended = await app.attempt(async () => {
      await lines('/api/model/convert', { path, dialect }, told, running.signal);
      return true;
    });
    if (last?.done) show(last.done, log);
    else if (ended || !running.signal.aborted) fail(last?.fault?.error ?? t('fault_gone'), log);
  }

  function fail(reason, log) {
    put(content, h('p', { class: 'fault', role: 'alert' }, reason), log);
    put(actions, h('button', { type: 'button', onclick: close }, t('close')));
    actions.firstChild.focus();
  }

  function show(done, log) {
    const worst = [...done.matrices].sort((a, b) => b.error - a.error);
    put(content,
      h('p', { class: 'lead', role: 'status' }, t('convertDone', done.architecture, bytes(done.bytes))),
      h('p', {}, worst.length > 0 && worst[0].error > 0
        ? t('convertCost', count(worst.length), percent(worst[0].error)) : t('convertExact')),
      h('p', { class: 'note' }, t('convertReport', done.report)),
      h('details', {}, h('summary', {}, t('convertMatrices')),
        h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('convertMatrices') }, h('table', {},
          h('thead', {}, h('tr', {}, ['matrix', 'stored', 'size', 'error'].map(each => h('th', { scope: 'col' }, t(each))))),
          h('tbody', {}, worst.map(each => h('tr', {}, h('th', { scope: 'row' }, each.name), h('td', {}, each.type),
            h('td', {}, bytes(each.bytes)), h('td', {}, percent(each.error)))))))),
      h('details', {}, h('summary', {}, t('convertFound')), log));
    put(actions, h('button', { type: 'button', class: 'quiet', onclick: close }, t('close')),
      h('button', { type: 'button', class: 'main', onclick: () => { close(); use(done.path); } }, t('modelUse')));
    actions.lastChild.focus();
  }
}
