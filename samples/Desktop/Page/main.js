// The window: its tabs, its language, what goes wrong.

import { follow, get } from './api.js';
import { h, put } from './dom.js';
import { raise } from './files.js';
import { pickModel } from './models.js';
import { tablesView } from './tables.js';
import { typingView } from './typing.js';
import { code, isKnown, switchLanguage, t } from './words.js';

const state = { start: null, jobs: [], copied: 0, tab: 'type', job: null };
const views = { type: typingView(), tables: tablesView() };
const listeners = new Set();

/** What the views use of the window. */
export const app = {
  state,
  /** Calls back whenever jobs change, while a part of the page is shown. */
  onJobs: listener => listeners.add(listener),
  /** Says something to who cannot see it, and shows it for a while. */
  say(words) {
    const line = document.getElementById('say');
    raise(line);
    put(line, words);
    setTimeout(() => line.textContent === words && put(line), 6000);
  },
  /** Shows what went wrong, in the user's language where it is known. */
  fail(fault) {
    if (fault.isReplaced || fault.name === 'AbortError') return;
    const key = `fault_${(fault.kind ?? '').replaceAll('-', '_')}`;
    const words = isKnown(key) ? t(key) : fault.message, line = document.getElementById('fault');
    raise(line);
    put(line, h('p', {}, words), h('button', { type: 'button', 'aria-label': t('close'), onclick: () => put(line) }, '×'));
  },
  /** Does something, and shows what goes wrong. */
  async attempt(work) {
    try {
      return await work();
    } catch (fault) {
      app.fail(fault);
      return undefined;
    }
  },
  show,
  modelChanged(model) {
    state.start.model = model;
    draw();
  },
};

function show(tab, job = null) {
  Object.assign(state, { tab, job });
  draw();
}

function draw() {
  document.documentElement.lang = code();
  put(document.getElementById('skip'), t('skip'));
  put(document.getElementById('tabs'), ...['type', 'tables'].map(tab => h('button', {
    type: 'button', class: 'tab', 'aria-current': state.tab === tab ? 'page' : null, onclick: () => show(tab),
  }, t(tab))));
  const language = document.getElementById('language');
  put(language, t('languageOther')).setAttribute('aria-label', `${t('languageOther')}: ${t('languageLabel')}`);
  const model = document.getElementById('model');
  put(model, h('span', { class: 'wide' }, `${t('modelLabel')}: `), state.start.model.name);
  model.setAttribute('aria-label', t('modelIs', state.start.model.name));
  listeners.clear();
  put(document.getElementById('view'), views[state.tab].draw(app));
}

async function begin() {
  state.start = await get('/api/start');
  document.getElementById('language').addEventListener('click', () => {
    switchLanguage();
    draw();
  });
  document.getElementById('model').addEventListener('click', () => pickModel(app));
  if (state.start.opened) state.tab = 'tables';
  draw();
  if (state.start.opened) views.tables.open(app, state.start.opened);
  await follow('/api/events', answer => {
    Object.assign(state, { jobs: answer.jobs, copied: answer.copiedBytes });
    listeners.forEach(listener => listener());
    if (answer.model !== state.start.model.path) lookAtModel();
  });
  throw Object.assign(new Error(''), { kind: 'gone' });
}

// Another window has taken another model; or this one has, and is about to hear of it.
async function lookAtModel() {
  const model = await app.attempt(() => get('/api/model'));
  if (model && model.path !== state.start.model.path) app.modelChanged(model);
}

// A file that is dropped beside the place for it must not take the place of the window.
for (const name of ['dragover', 'drop']) addEventListener(name, event => event.preventDefault());

begin().catch(fault => app.fail(fault));
