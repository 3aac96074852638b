/* Opens the demonstration in Chromium and holds each row to what it claims:
 * by the page's own word, and by what was in the script's hands. */

import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';

const top = resolve(import.meta.dirname ?? '.', '../..');
const DEADLINE = 60000;   /* milliseconds that anything may take */
let count = 0;
let failed = 0;

function ok(good, what) {
  count++;
  failed += !good;
  console.log(`${good ? '' : 'not '}ok ${count} - ${what}`);
}

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
function start(port) {
  const child = spawn(join(top, 'tools/run'), [String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'] });
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

/* A profile that lets cookies go to other origins of one site, as people's
 * browsers do. */
function makeProfile() {
  const home = mkdtempSync(join(tmpdir(), 'mod_cors-'));
  mkdirSync(join(home, 'profile/Default'), { recursive: true });
  writeFileSync(join(home, 'profile/Default/Preferences'),
    JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  return home;
}

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
  'Preflights kept': /^3 PUTs answered, 1 preflight at the server$/,
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
    await page.screenshot({ path: join(top, `build/demo-${name}.png`), fullPage: true });
  }
}

const home = makeProfile();
const port = await freePort();
const { child, ready } = start(port);
let browser;
try {
  await ready;
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM, userDataDir: join(home, 'profile'),
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--disable-features=LocalNetworkAccessChecks'],
  });
  const page = await browser.newPage();
  await look(page, port);
  await lookAtSizes(page);
} catch (error) {
  ok(false, String(error.message).replaceAll('\n', ' '));
} finally {
  await browser?.close();
  ok(await stop(child) === 0, 'the demonstration ends cleanly');
  rmSync(home, { recursive: true, force: true });
}
console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
