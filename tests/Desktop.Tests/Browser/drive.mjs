// Drives the window of gau-desktop in Chromium, as a user does: node drive.mjs URL FILE.csv FOLDER [CHROMIUM]
// Types, opens the file by its path, scores it, filters and scrolls its table, saves it; on every screen axe looks for
// what keeps people out. Pictures of all screens go to FOLDER. Prints a line of JSON; faults are exceptions.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [url, file, folder, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const faults = [], keys = [];

for (const [name, options] of [
  ['light-en', { colorScheme: 'light', locale: 'en-US', viewport: { width: 1280, height: 860 } }],
  ['dark-zh', { colorScheme: 'dark', locale: 'zh-CN', viewport: { width: 1280, height: 860 } }],
  ['dark-en-360', { colorScheme: 'dark', locale: 'en-US', viewport: { width: 360, height: 740 } }],
  ['light-zh-4k', { colorScheme: 'light', locale: 'zh-CN', viewport: { width: 3840, height: 2160 } }],
]) {
  // axe is put in by the test, which the page's own policy would not let in.
  const context = await browser.newContext({ ...options, bypassCSP: true }), page = await context.newPage();
  page.on('pageerror', error => faults.push(`${name}: ${error.message}`));
  page.on('console', message => message.type() === 'error' && faults.push(`${name}: ${message.text()}`));
  page.on('request', request => request.url().startsWith(new URL(url).origin) || request.url().startsWith('data:')
    || faults.push(`${name}: asks for ${request.url()}`));
  page.on('dialog', dialog => dialog.accept());
  await page.goto(url);

  await typing(page, name);
  const tab = page.locator('#tabs button').nth(1);
  await tab.click();
  if (name === 'light-en') await scoring(page, name);
  await look(page, `${name}-tables`);
  await page.locator('.job .main').first().click();
  await table(page, name);
  await context.close();
}

await browser.close();
assert.deepEqual(faults, []);
keys.sort((a, b) => a - b);
console.log(JSON.stringify({ keys: keys.length, median: keys[keys.length >> 1], slowest: keys.at(-1) }));

async function typing(page, name) {
  const box = page.locator('#typed-text');
  await box.click();
  for (const character of '街道办事处可以调取[MASK]频资料。') {
    const answered = page.waitForResponse(response => response.url().endsWith('/api/type') && response.ok());
    const start = performance.now();
    await box.pressSequentially(character);
    await answered;
    keys.push(performance.now() - start);
  }
  await page.waitForSelector('.scores .best');
  await page.waitForSelector('.text .t');
  assert.ok(await page.locator('.tokens li').count() > 5);
  assert.ok(await page.locator('.chips b').count() >= 5, 'the mask is filled');
  await page.locator('section:has(> h2) > button').first().click();
  await page.waitForSelector('canvas.map');
  await page.waitForTimeout(300);
  await look(page, `${name}-type`);
}

async function scoring(page, name) {
  await page.locator('.drop .main').click();
  await page.fill('#dialog-path', file);
  await look(page, `${name}-open`);
  await page.press('#dialog-path', 'Enter');
  await page.waitForSelector('#field-text');
  await look(page, `${name}-setup`);
  await page.locator('dialog .main').click();
  await page.waitForSelector('.job.done', { timeout: 60_000 });
}

async function table(page, name) {
  await page.waitForSelector('.grid-body .grid-row .score:not(:empty)');
  await look(page, `${name}-table`);
  const grid = page.locator('[role=grid]');
  await grid.focus();
  await page.keyboard.press('End');
  await page.waitForTimeout(200);
  const rows = Number(await grid.getAttribute('aria-rowcount'));
  assert.equal(await page.locator('.grid-row.chosen').getAttribute('aria-rowindex'), String(rows));
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog .whole');
  await page.keyboard.press('Escape');
  await page.locator('.pick').first().click();
  await page.waitForFunction(all => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) < all, rows);
  await look(page, `${name}-filtered`);
  if (name !== 'light-en') return;
  const saved = `${folder}/saved.csv`;
  await page.locator('.table-page .main').first().click();
  await page.waitForSelector('#dialog-format');
  await page.waitForTimeout(200);
  await page.fill('#dialog-path', saved);
  await page.locator('dialog .main').click();
  await page.waitForSelector('#say:not(:empty)');
  assert.ok(existsSync(saved));
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
