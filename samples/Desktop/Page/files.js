// The program's own dialogs for files: a page of a browser cannot learn where a file lies.

import { post } from './api.js';
import { h, put } from './dom.js';
import { bytes, t } from './words.js';

let last = '';

/** Puts what is said where it can be seen and reached: in the dialog that is open, or else in the page. */
export const raise = (line, place = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body) =>
  line && line.parentNode !== place && place.append(line);

/** A dialog that is removed when it is closed. */
export function dialog(title, content, closed = () => {}) {
  const box = h('dialog', { 'aria-label': title });
  const close = () => box.close();
  box.append(h('h2', {}, title), ...content(close).filter(Boolean));
  box.addEventListener('close', () => {
    raise(box.querySelector('#fault'), document.body);
    raise(box.querySelector('#say'), document.body);
    box.remove();
    closed();
  });
  document.body.append(box);
  return box;
}

/** Asks for a file that is there; null where none was chosen. */
export const chooseFile = (app, title, note = null) => ask(app, title, null, note);

/** Asks where to save, and in which format; null where nowhere. */
export const chooseTarget = (app, name) => ask(app, t('saveTitle'), name, null);

function ask(app, title, name, note) {
  return new Promise(resolve => {
    let result = null;
    const path = h('input', { type: 'text', id: 'dialog-path', spellcheck: false, autocomplete: 'off' });
    const list = h('ul', { class: 'files', 'aria-label': t('folder') });
    const format = h('select', { id: 'dialog-format' },
      ['csv', 'jsonl', 'tsv', 'parquet', 'arrow'].map(each => h('option', { value: each }, each)));
    const replace = h('input', { type: 'checkbox', id: 'dialog-replace' });

    async function look(folder) {
      const answer = await app.attempt(() => post('/api/folder', { path: folder }));
      if (!answer) return false;
      last = answer.path;
      path.value = name === null ? answer.path : join(answer.path, `${name}.${format.value}`);
      put(list,
        answer.parent && entry('..', t('up'), () => look(answer.parent), true),
        answer.entries.map(each => entry(each.name, each.isFolder ? t('folder') : bytes(each.bytes), () => {
          if (each.isFolder) look(each.path);
          else path.value = each.path;
        }, each.isFolder, () => each.isFolder || finish(each.path))),
        answer.isCut && h('li', { class: 'note' }, t('folderCut')));
      list.scrollTop = 0;
      return true;
    }

    // Where the last folder is gone, or may not be looked into, the user's own.
    async function begin() {
      if (!await look(last) && last !== '') await look(last = '');
    }

    function finish(chosen) {
      result = name === null ? chosen : { path: chosen, format: format.value, replace: replace.checked };
      box.close();
    }

    format.addEventListener('change', () => {
      path.value = path.value.replace(/\.(csv|jsonl|tsv|parquet|arrow)$/, '') + '.' + format.value;
    });
    const box = dialog(title, close => [
      note && h('p', { class: 'note' }, note),
      h('label', { htmlFor: 'dialog-path' }, t('path')), path, list,
      name !== null && h('div', { class: 'row' },
        h('label', { htmlFor: 'dialog-format' }, t('format')), format,
        h('label', { class: 'check' }, replace, t('replace'))),
      h('div', { class: 'row end' },
        h('button', { type: 'button', class: 'quiet', onclick: close }, t('cancel')),
        h('button', { type: 'button', class: 'main', onclick: () => finish(path.value) }, t(name === null ? 'choose' : 'save'))),
    ], () => resolve(result));
    path.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      event.preventDefault();   // or it would press what has the focus next
      finish(path.value);
    });
    box.classList.add('wide');
    box.showModal();
    begin();
  });
}

function entry(name, detail, chosen, isFolder, opened = () => {}) {
  return h('li', {}, h('button', {
    type: 'button', class: isFolder ? 'file folder' : 'file', onclick: chosen, ondblclick: opened,
  }, h('span', {}, name), h('small', {}, detail)));
}

function join(folder, name) {
  const separator = folder.includes('\\') && !folder.startsWith('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}
