// Drives the window of gau-desktop in Chromium, as a user does:
//   node drive.mjs URL FILE.csv CHECKPOINT FOLDER [CHROMIUM]
// Types, opens the file by its path and drops another, scores it, filters and scrolls its table, searches and saves it,
// converts the checkpoint and uses it; on every screen, in both themes and languages, narrow and wide, axe looks for what
// keeps people out. Pictures of all screens go to FOLDER. Prints a line of JSON; faults are exceptions.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [url, file, checkpoint, folder, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 740 }, '4k': { width: 3840, height: 2160 } };
const TEXT = '街道办事处可以调取[MASK]频资料。';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const faults = [], keys = [], changes = [];
let isFirst = true;

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    for (const locale of ['en-US', 'zh-CN']) {
      if (size === '4k' && (colorScheme === 'light') === (locale === 'en-US')) continue;   // the two of them show all there is
      await visit(`${size}-${colorScheme}-${locale.slice(0, 2)}`, { colorScheme, locale, viewport });
      isFirst = false;
    }
  }
}

await browser.close();
assert.deepEqual(faults, []);
const middle = list => list.sort((a, b) => a - b)[list.length >> 1];
console.log(JSON.stringify({
  keys: keys.length, keyMilliseconds: middle(keys), slowestKey: Math.max(...keys), explainedMilliseconds: middle(changes),
}));

async function visit(name, options) {
  // axe is put in by the test, which the page's own policy would not let in.
  const context = await browser.newContext({ ...options, bypassCSP: true }), page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', error => faults.push(`${name}: ${error.message}`));
  page.on('console', message => message.type() === 'error' && !/\b(409|422)\b/.test(message.text()) && faults.push(`${name}: ${message.text()}`));
  page.on('request', request => request.url().startsWith(new URL(url).origin) || request.url().startsWith('data:')
    || faults.push(`${name}: asks for ${request.url()}`));
  page.on('dialog', dialog => dialog.accept());
  await page.goto(url);
  await page.waitForSelector('#typed-text');
  assert.equal(await page.evaluate(() => location.hash), '', 'the token leaves the address');
  await typing(page, name);
  await page.locator('#tabs button').nth(1).click();
  if (isFirst) await look(page, `${name}-tables-empty`);
  await opening(page, name);
  await look(page, `${name}-tables`);
  await model(page, name);
  await page.locator('#tabs button').nth(1).click();
  await page.locator('.job.done .main').last().click();
  await table(page, name);
  await context.close();
}

async function typing(page, name) {
  const box = page.locator('#typed-text');
  await box.click();
  for (const character of TEXT) {
    const answered = page.waitForResponse(response => response.url().endsWith('/api/type') && response.ok());
    const start = performance.now();
    await box.pressSequentially(character);
    await answered;
    keys.push(performance.now() - start);
  }
  const last = performance.now();
  await page.waitForSelector('.text .t');
  changes.push(performance.now() - last);
  await page.waitForSelector('.scores .best');
  assert.ok(await page.locator('.tokens li').count() > 5);
  assert.ok(await page.locator('.chips b').count() >= 5, 'the mask is filled');
  await look(page, `${name}-type`);
  await page.locator('section:has(> h2) > button').first().click();
  await page.waitForSelector('canvas.map');
  await page.waitForTimeout(300);
  await look(page, `${name}-attention`);
}

async function opening(page, name) {
  // What is not there is said, and takes nothing away.
  await page.locator('.drop .main').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.files button');
  await page.fill('#dialog-path', `${file}.missing`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#fault p');
  await look(page, `${name}-fault`);
  await page.locator('#fault button').click();

  await page.locator('.drop .main').click();
  await page.waitForSelector('.files button');
  await look(page, `${name}-open`);
  await page.fill('#dialog-path', file);
  await page.press('#dialog-path', 'Enter');
  await page.waitForSelector('#field-text');
  await look(page, `${name}-setup`);
  if (isFirst) {
    await page.locator('dialog .main').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.job.done');
    await drop(page);
  } else {
    await page.keyboard.press('Escape');
  }
  await page.waitForSelector('dialog', { state: 'detached' });
}

async function drop(page) {
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['编号,内容\n1,第一条\n2,第二条\n'], '拖入.csv', { type: 'text/csv' }));
    return transfer;
  });
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
  await page.waitForSelector('#field-text');
  assert.equal(await page.inputValue('#field-text'), '内容');
  assert.equal(await page.inputValue('#field-id'), '编号');
  await page.locator('dialog .main').click();
  await page.waitForFunction(() => document.querySelectorAll('.job.done').length === 2);
  assert.match(await page.locator('.drop').textContent(), /\d+ B/, 'what the copies take is shown');
}

async function model(page, name) {
  await page.locator('#model').click();
  await page.waitForSelector('dialog .main');
  await page.waitForTimeout(100);
  await look(page, `${name}-model`);
  await page.locator('dialog .main').click();
  await page.waitForSelector('.files button');
  await page.fill('#dialog-path', checkpoint);
  await page.press('#dialog-path', 'Enter');
  await page.waitForSelector('#convert-dialect');
  await look(page, `${name}-convert`);
  if (!isFirst) {
    await page.keyboard.press('Escape');
    return;
  }
  await page.locator('dialog .main').click();
  await page.waitForSelector('dialog .lead');
  await page.locator('dialog summary').first().click();
  await look(page, `${name}-converted`);
  await page.locator('dialog .row.end .main').click();
  await page.waitForFunction(() => document.getElementById('model').textContent.includes('.safetensors'));
  await page.locator('#model').click();
  await page.waitForSelector('.made li');
  await look(page, `${name}-models`);
  await page.locator('dialog .row.end button').nth(1).click();   // the one inside the program again
  await page.waitForFunction(() => !document.getElementById('model').textContent.includes('.safetensors'));
}

async function table(page, name) {
  await page.waitForSelector('.grid-body .grid-row .of-score:not(:empty)');
  await look(page, `${name}-table`);
  const grid = page.locator('[role=grid]');
  await grid.focus();
  await page.keyboard.press('End');
  await page.waitForTimeout(200);
  const rows = Number(await grid.getAttribute('aria-rowcount'));
  assert.equal(await page.locator('.grid-row.chosen').getAttribute('aria-rowindex'), String(rows));
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog .whole');
  await look(page, `${name}-row`);
  await page.keyboard.press('Escape');
  await search(page, name);
  await page.locator('.pick').first().click();
  await page.waitForFunction(all => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) < all, rows);
  await page.locator('.pick').first().scrollIntoViewIfNeeded();
  await look(page, `${name}-filtered`);
  await page.locator('.table-page .main').first().click();
  await page.waitForSelector('#dialog-format');
  await page.waitForSelector('.files button');
  await page.waitForTimeout(100);
  await look(page, `${name}-save`);
  const saved = `${folder}/saved.csv`;
  rmSync(saved, { force: true });
  await page.fill('#dialog-path', saved);
  await page.locator('dialog .main').click();
  await page.waitForFunction(path => document.querySelector('#say').textContent.includes(path), saved);
  assert.ok(existsSync(saved));
}

async function search(page, name) {
  if (isFirst) await page.locator('section button', { hasText: /vectors|向量/ }).click();
  const box = page.locator('section input[type=search]');
  await box.waitFor();
  await box.fill('政府机关的职责');
  await page.waitForSelector('.found li');
  await box.scrollIntoViewIfNeeded();
  await look(page, `${name}-search`);
}

// A picture, and what axe has to say.
async function look(page, name) {
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  for (const fault of found.violations)
    faults.push(`${name}: ${fault.id}: ${fault.nodes.slice(0, 2).map(node => node.target.join(' ')).join(', ')}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) faults.push(`${name}: ${wide} pixels wider than the window`);
}
