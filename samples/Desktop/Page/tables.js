// Files of records: opened, scored, shown.

import { Fault, post, send } from './api.js';
import { h, put } from './dom.js';
import { chooseFile, chooseTarget } from './files.js';
import { setUp } from './setup.js';
import { tableView } from './table.js';
import { bytes, count, duration, t } from './words.js';

const MOST_BYTES = 2 ** 31;   // of a file that is dropped

export function tablesView() {
  return { draw, open };

  function draw(app) {
    return app.state.job ? tableView(app, app.state.job) : list(app);
  }

  async function open(app, path) {
    await setUp(app, path);
  }

  function list(app) {
    const jobs = h('ul', { class: 'jobs' }), copies = h('p', { class: 'note', 'aria-live': 'polite' });
    let copying = null;
    const lines = new Map();   // by job
    const drop = h('section', { class: 'drop' },
      h('button', { type: 'button', class: 'main', onclick: async () => {
        const path = await chooseFile(app, t('openTitle'));
        if (path) await open(app, path);
      } }, t('open')), h('p', { class: 'note' }, t('drop')), copies);
    drop.addEventListener('dragover', event => {
      event.preventDefault();
      drop.classList.add('over');
    });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', async event => {
      event.preventDefault();
      drop.classList.remove('over');
      const [file] = event.dataTransfer.files;
      if (!file) return;
      if (file.size > MOST_BYTES) return app.fail(new Fault('too-large', file.name));
      copying?.abort();
      const own = copying = new AbortController();
      show(file);
      const copy = await app.attempt(() => send('/api/upload', file, own.signal));
      if (copying === own) copying = null;
      show();
      if (copy) await open(app, copy.path);
    });
    function show(file) {
      if (file) {
        put(copies, t('copying', file.name, bytes(file.size)), ' ',
          h('button', { type: 'button', onclick: () => copying?.abort() }, t('cancel')));
      } else if (!copying) put(copies, app.state.copied > 0 && t('copies', bytes(app.state.copied)));
      const shown = app.state.jobs.length === 0 ? [h('li', { class: 'note' }, t('noJobs'))]
        : [...app.state.jobs].reverse().map(lineOf);
      // Progress comes four times a second: what is pressed or has the focus stays where it is.
      if (shown.length !== jobs.children.length || shown.some((each, i) => each !== jobs.children[i])) put(jobs, shown);
    }
    function lineOf(job) {
      const form = JSON.stringify([job.state, job.hasTable, job.name, job.error, job.notes]);
      let known = lines.get(job.id);
      if (known?.form !== form) lines.set(job.id, known = { form, ...line(app, job) });
      known.tell(job);
      return known.element;
    }
    app.onJobs(() => show());
    show();
    return h('div', { class: 'tables' }, h('h1', { class: 'unseen' }, t('tables')), drop, jobs);
  }

  /** What is shown of a job, and what tells how far it is. */
  function line(app, job) {
    const act = (path, body = { id: job.id }) => () => app.attempt(() => post(path, body));
    const running = job.state === 'running' || job.state === 'waiting';
    const bar = job.state === 'running' && h('progress', { max: 1, 'aria-label': t('state_running') });
    const counts = h('p', { class: 'note' });
    const element = h('li', { class: `job ${job.state}` },
      h('div', { class: 'job-head' }, h('h2', {}, job.name), h('span', { class: 'state' }, t(`state_${job.state}`))),
      bar, counts,
      job.error && h('p', { class: 'fault' }, job.error),
      job.notes.map(note => h('p', { class: 'note' }, note)),
      h('div', { class: 'row' },
        job.hasTable && h('button', { type: 'button', class: 'main', onclick: () => app.show('tables', job.id) }, t('show')),
        job.hasTable && h('button', { type: 'button', onclick: () => save(app, job) }, t('saveAs')),
        running && h('button', { type: 'button', onclick: act('/api/jobs/cancel') }, t('cancel')),
        !running && !job.hasTable && h('button', { type: 'button', class: 'main', onclick: act('/api/jobs/resume') }, t('resume')),
        !running && h('button', { type: 'button', class: 'quiet', onclick: () => confirm(t('removeAsk')) && act('/api/jobs/remove')() }, t('remove'))));
    return { element, tell };

    function tell(now) {
      if (bar && now.share !== null) bar.value = now.share;
      put(counts, now.state === 'running'
        ? [t('progress', count(now.records), count(Math.round(now.recordsPerSecond))), now.secondsLeft !== null && ` · ${t('left', duration(now.secondsLeft))}`]
        : now.records > 0 ? t('counts', count(now.records), count(now.rejected), count(now.truncated)) : now.path);
    }
  }
}

/** Saves the results of a job where the user says. */
export async function save(app, job) {
  const target = await chooseTarget(app, job.name.replace(/\.[^.]+$/, '') + '-scored');
  if (!target) return;
  const done = await app.attempt(async () => {
    await post('/api/jobs/save', { id: job.id, ...target });
    return true;
  });
  if (done) app.say(t('saved', target.path));
}
