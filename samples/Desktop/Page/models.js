// The choice of a model.

import { post } from './api.js';
import { chooseFile, dialog } from './files.js';
import { h } from './dom.js';
import { count, t } from './words.js';

/** Lets the user take another model; work with the one before goes on with that. */
export function pickModel(app) {
  const { model } = app.state.start;
  const use = async path => {
    const next = await app.attempt(() => post('/api/model', { path }));
    if (next) app.modelChanged(next);
  };
  const box = dialog(t('modelLabel'), close => [
    h('p', { class: 'lead' }, model.name),
    h('p', { class: 'note' }, [model.path, `${t('layer')}: ${model.layers}`, t('tokensAll', count(model.mostTokens)),
      model.labels.slice(0, 12).join(' · ')].filter(Boolean).join(' — ')),
    h('div', { class: 'row' },
      h('button', {
        type: 'button', class: 'main', onclick: async () => {
          close();
          const path = await chooseFile(app, t('modelTitle'));
          if (path) await use(path);
        },
      }, t('modelOpen')),
      model.path && h('button', { type: 'button', onclick: () => { close(); use(''); } }, t('modelDefault')),
      h('button', { type: 'button', class: 'quiet', onclick: close }, t('close'))),
  ]);
  box.showModal();
}
