/* Opens the demonstration in Chromium and holds each row to what it claims:
 * by the page's own word, and by what was in the script's hands. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { missing, openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { finish, is, ok } from './tap.mjs';

const top = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const DEADLINE = 60000;   /* milliseconds that anything may take */

const isFree = (port) => new Promise((done) => {
  const server = createServer().once('error', () => done(false));
  server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
});

/* A port with two free ones behind it. */
async function freePort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 30000);
    if (await isFree(port) && await isFree(port + 1) && await isFree(port + 2)) {
      return port;
    }
  }
}

/* Starts `tools/run`, and waits for it to say where it is. */
function start(port, env) {
  const child = spawn(top('tools/run'), [String(port)],
    { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      if (text.includes('Ctrl-C')) done();
    });
    child.once('exit', (code) => fail(new Error(`tools/run ended: ${code}`)));
  });
  return { child, ready };
}

const stop = (child) => new Promise((done) => {
  if (child.exitCode !== null) return done(child.exitCode);
  child.once('exit', done);
  child.kill('SIGINT');
});

const expected = {
  'Public data': /^200 {2}GET arrived$/,
  'A list of origins': /^200 {2}GET arrived$/,
  'A refused origin': /^TypeError: Failed to fetch$/,
  'Credentials': /^200 {2}GET arrived with the cookie visitor=42$/,
  'PUT with JSON': /^200 {2}PUT arrived$/,
  'DELETE': /^200 {2}DELETE arrived$/,
  'Behind a password': /^200 {2}GET arrived from demo$/,
  'A back end with wrong headers': /^200 {2}from the back end$/,
  'A response header': /^X-Request-Id: 4711\nX-Hidden: null$/,
  'Cached preflights': /^3 PUTs answered, 1 preflight at the server$/,
  'A 404': /^404 {2}There is nothing here\.$/,
};

async function look(page, port) {
  const messages = [];
  page.on('console', (m) => m.type() === 'error' && messages.push(m.text()));
  page.on('pageerror', (e) => messages.push(e.message));
  await page.goto(`http://localhost:${port}/`);
  await page.waitForSelector('#summary[data-done]', { timeout: DEADLINE });

  const rows = await page.$$eval('article', (all) => all.map((a) => ({
    title: a.querySelector('.title').textContent, ok: a.dataset.ok,
    read: a.querySelector('.read').textContent,
    conf: a.querySelector('.conf').textContent,
    sent: a.querySelector('.sent').textContent,
    instead: a.querySelector('.instead').textContent,
    wrong: a.querySelector('.verdict').checkVisibility(),
  })));
  ok(rows.length === Object.keys(expected).length, 'every row is there');
  for (const row of rows) {
    ok(row.ok === 'true', `${row.title}: as promised`);
    ok(expected[row.title]?.test(row.read), `${row.title}: read ${row.read}`
      .replaceAll('\n', ', '));
    ok(/^CorsAllowOrigin /.test(row.conf), `${row.title}: shows its lines`);
    ok(/^(GET|OPTIONS) \/\w+: \d{3} \w/.test(row.sent), `${row.title}: shows the answer`);
    ok(row.instead === 'TypeError: Failed to fetch',
      `${row.title}: without these lines ${row.instead}`);
    ok(!row.wrong, `${row.title}: says nothing else`);
  }
  /* What is to fail does, and the 404 is one: nothing else to complain about. */
  const other = messages.filter((m) => !/\/refused|\/without\/|ERR_FAILED|404/.test(m));
  ok(other.length === 0, `no other message in the console ${other.join(' | ')}`);
  ok(messages.some((m) => /\/refused/.test(m)), 'the refusal is in the console');
}

async function lookAtSizes(page) {
  for (const [name, width, scheme] of [['desktop', 1100, 'light'], ['phone', 360, 'dark']]) {
    await page.setViewport({ width, height: 800 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    ok(wide <= width, `${name}: no wider than its ${width} pixels (${wide})`);
    await page.screenshot({ path: top(`build/demo-${name}.png`), fullPage: true });
  }
}

async function main(folder) {
  const port = await freePort();
  const { child, ready } = start(port, folder.env);
  await ready;
  const { browser, close } = await openEngine('chromium', folder);
  const page = await browser.newPage();
  await look(page, port);
  await lookAtSizes(page);
  await close();
  is(await stop(child), 0, 'the demonstration ends cleanly');
}

if (missing('chromium').length) {
  console.log('1..0 # SKIP Chromium is not installed');
  process.exit();
}
const folder = openFolder();
await main(folder).catch((error) => ok(false, error.stack));
is(await folder.close(), '', 'no process is left');
finish();
process.exit();     /* whatever a failed step has left open */
