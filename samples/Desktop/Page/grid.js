// A table of any length: only the rows that are seen are there. What is scrolled are rows, not pixels, because no
// element is a million rows high.

import { h, put } from './dom.js';

const HEIGHT = 36, PAGE = 100, MOST_PAGES = 40, MOST_PIXELS = 4e6;

/**
 * @param columns names, headings and how a cell is made of a row
 * @param load gives rows (first, count, signal)
 * @param opened is called with a row
 * @param sorted is called with a column's name
 */
export function grid(label, columns, load, opened, sorted) {
  let rows = 0, top = 0, chosen = 0, height = 400;
  let pages = new Map(), loads = new Map(), sort = { name: '', descending: false }, frame = 0;
  const head = h('div', { class: 'grid-row grid-head', role: 'row', 'aria-rowindex': 1 });
  const body = h('div', { class: 'grid-body', role: 'rowgroup' });
  const spacer = h('div'), bar = h('div', { class: 'grid-scroll', tabindex: -1, 'aria-hidden': 'true' }, spacer);
  const table = h('div', { class: 'grid', role: 'grid', tabindex: 0, 'aria-label': label, onkeydown: key, onwheel: wheel },
    h('div', { class: 'grid-main' }, head, body), bar);
  let moved = false, touch = null;
  bar.addEventListener('scroll', () => {
    if (moved) {
      moved = false;
      return;
    }
    const most = bar.scrollHeight - bar.clientHeight;
    top = most > 0 ? bar.scrollTop / most * last() : 0;
    draw();
  });
  table.addEventListener('touchstart', event => touch = { y: event.touches[0].clientY, top }, { passive: true });
  table.addEventListener('touchmove', event => {
    event.preventDefault();
    move(touch.top + (touch.y - event.touches[0].clientY) / HEIGHT);
  }, { passive: false });
  new ResizeObserver(() => {
    height = body.clientHeight;
    move(top);
  }).observe(body);
  return { element: table, show };

  /** Shows so many rows anew, in an order. */
  function show(count, order) {
    loads.forEach(each => each.abort());
    [rows, top, chosen, pages, loads, sort] = [count, 0, 0, new Map(), new Map(), order];
    table.setAttribute('aria-rowcount', rows + 1);
    put(head, columns.map(column => h('div', {
      class: `cell of-${column.name}`, role: 'columnheader',
      'aria-sort': sort.name !== column.sort ? null : sort.descending ? 'descending' : 'ascending',
    }, column.sort
      ? h('button', { type: 'button', onclick: () => sorted(column.sort) }, column.title,
        h('span', { 'aria-hidden': 'true' }, sort.name !== column.sort ? '' : sort.descending ? ' ↓' : ' ↑'))
      : column.title)));
    spacer.style.setProperty('height', `${Math.min(MOST_PIXELS, rows * HEIGHT)}px`);
    move(0);
  }

  function last() {
    return Math.max(0, rows - Math.floor(height / HEIGHT));
  }

  function move(to) {
    top = Math.min(last(), Math.max(0, to));
    const most = bar.scrollHeight - bar.clientHeight, at = last() > 0 ? top / last() * most : 0;
    if (Math.abs(bar.scrollTop - at) >= 1) {
      moved = true;
      bar.scrollTop = at;
    }
    draw();
  }

  function wheel(event) {
    event.preventDefault();
    move(top + (event.deltaMode === 1 ? event.deltaY : event.deltaMode === 2 ? event.deltaY * height / HEIGHT : event.deltaY / HEIGHT));
  }

  function key(event) {
    if (event.target.closest('button')) return;
    const page = Math.max(1, Math.floor(height / HEIGHT) - 1);
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + page, PageUp: chosen - page, Home: 0, End: rows - 1 }[event.key];
    if (event.key === 'Enter') {
      const row = at(chosen);
      if (row) opened(row);
    } else if (to !== undefined && rows > 0) {
      chosen = Math.min(rows - 1, Math.max(0, to));
      if (chosen < top) move(chosen);
      else if (chosen > top + page) move(chosen - page);
      else draw();
    } else return;
    event.preventDefault();
  }

  function at(index) {
    return pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  function draw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  function paint() {
    const first = Math.floor(top), count = Math.min(rows - first, Math.ceil(height / HEIGHT) + 1);
    for (let page = Math.floor(first / PAGE); page <= Math.floor((first + Math.max(0, count - 1)) / PAGE); page++) want(page);
    put(body, Array.from({ length: Math.max(0, count) }, (_, i) => line(first + i)));
    body.style.setProperty('--shift', `${-(top - first) * HEIGHT}px`);
    table.setAttribute('aria-activedescendant', `grid-row-${chosen}`);
  }

  function line(index) {
    const row = at(index);
    return h('div', {
      class: index === chosen ? 'grid-row chosen' : 'grid-row', role: 'row', id: `grid-row-${index}`,
      'aria-rowindex': index + 2, 'aria-selected': String(index === chosen),
      onclick: () => {
        chosen = index;
        draw();
      },
      ondblclick: () => row && opened(row),
    }, columns.map(column => h('div', { class: `cell of-${column.name}`, role: 'gridcell' }, row ? column.cell(row) : '·')));
  }

  async function want(page) {
    if (pages.has(page) || loads.has(page)) return;
    // What has been scrolled past is no longer wanted.
    for (const [other, each] of loads) {
      if (Math.abs(other - page) > 1) {
        each.abort();
        loads.delete(other);
      }
    }
    const own = new AbortController(), kept = pages;
    loads.set(page, own);
    const loaded = await load(page * PAGE, PAGE, own.signal);
    if (loads.get(page) === own) loads.delete(page);
    if (!loaded || kept !== pages) return;
    pages.set(page, loaded);
    if (pages.size > MOST_PAGES) pages.delete(pages.keys().next().value);
    draw();
  }
}
