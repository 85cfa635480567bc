// The choice of a model.

import { get, post } from './api.js';
import { convertModel } from './conversion.js';
import { chooseFile, dialog } from './files.js';
import { h, put } from './dom.js';
import { bytes, count, t } from './words.js';

/** Lets the user take another model; work with the one before goes on with that. */
export function pickModel(app) {
  const { model } = app.state.start;
  const own = h('div');
  const box = dialog(t('modelLabel'), close => [
    h('p', { class: 'lead' }, model.name),
    h('p', { class: 'note' }, [model.path, `${t('layers')}: ${model.layers}`, t('atMost', count(model.mostTokens)),
      model.labels.slice(0, 12).join(' · ')].filter(Boolean).join(' — ')),
    own,
    h('div', { class: 'row end' },
      h('button', { type: 'button', class: 'quiet', onclick: close }, t('close')),
      model.path && h('button', { type: 'button', onclick: () => { close(); use(app, ''); } }, t('modelDefault')),
      h('button', {
        type: 'button', class: 'main', onclick: async () => {
          close();
          const path = await chooseFile(app, t('modelTitle'), t('modelNote'));
          if (path) await use(app, path);
        },
      }, t('modelOpen'))),
  ]);
  box.showModal();
  list();

  // Those that were made of checkpoints.
  async function list() {
    const answer = await app.attempt(() => get('/api/models'));
    if (!answer) return;
    put(own, answer.models.length > 0 && [h('h3', {}, t('modelsMade')), h('ul', { class: 'made' }, answer.models.map(each => h('li', {},
      h('span', {}, each.name), h('small', {}, bytes(each.bytes)),
      h('button', { type: 'button', disabled: each.path === model.path, onclick: () => { box.close(); use(app, each.path); } }, t('modelUse')),
      h('button', { type: 'button', class: 'quiet', disabled: each.path === model.path, onclick: () => remove(each) }, t('remove')))))]);
  }

  async function remove(each) {
    if (!confirm(t('modelRemoveAsk', each.name))) return;
    await app.attempt(() => post('/api/models/remove', { path: each.path }));
    list();
  }
}

/** Takes a model; a checkpoint is converted first. */
export async function use(app, path) {
  const next = await app.attempt(async () => {
    try {
      return await post('/api/model', { path });
    } catch (fault) {
      if (fault.kind !== 'checkpoint') throw fault;
      convertModel(app, path, made => use(app, made));
      return undefined;
    }
  });
  if (!next) return;
  app.modelChanged(next);
  app.say(t('modelIs', next.name));
}
