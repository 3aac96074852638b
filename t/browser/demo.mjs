/* Opens the demonstration in Chromium and Firefox and holds each row to what
 * it claims: by the page's own word, by what was in the script's hands, and by
 * what the browser's console has. */

import { readFileSync } from 'node:fs';
import { hearChromium, hearFirefox } from './consoles.mjs';
import { startDemonstration, top } from './demonstration.mjs';
import { missing, openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { failure } from './sentences.mjs';
import { finish, is, ok, skip } from './tap.mjs';
import { sentences } from '../../demo/sentences.js';

const DEADLINE = 60000;   /* milliseconds that anything may take */

const FAILS = Symbol('what fetch() says of a failure');
const expected = {
  'Public data': /^200 {2}GET arrived$/,
  'A list of origins': /^200 {2}GET arrived$/,
  'A refused origin': FAILS,
  'Credentials': /^200 {2}GET arrived with the cookie visitor=42$/,
  'PUT with JSON': /^200 {2}PUT arrived$/,
  'DELETE': /^200 {2}DELETE arrived$/,
  'A refused method': FAILS,
  'A refused header': FAILS,
  'Behind a password': /^200 {2}GET arrived from demo$/,
  'A back end with wrong headers': /^200 {2}from the back end$/,
  'A response header': /^X-Request-Id: 4711\nX-Hidden: null$/,
  'Cached preflights': /^3 PUTs answered, 1 preflight at the server$/,
  'A 404': /^404 {2}There is nothing here\.$/,
  'A forged form': /^The server did nothing\.$/,
  'A foreign WebSocket': /^The page is not connected\.$/,
  'An image in a foreign page': /^The page shows nothing\.$/,
};

/* What comes out without a policy, where it is more than nothing. */
const instead = {
  'A forged form': 'The server made the transfer.',
  'A foreign WebSocket': 'The page is connected, and reads: the balance is 1000',
  'An image in a foreign page': 'The page shows it: 120 × 80 pixels.',
};

/* Lines that no row shows, as they name no cause. */
const companions = [/net::ERR_FAILED/, /CORS request did not succeed/, /40[34]/,
  /\bws:\/\//];

/* What the page's rows have, when all calls have been made. */
async function readRows(page) {
  await page.waitForSelector('#summary[data-done]', { timeout: DEADLINE });
  return page.$$eval('article', (all) => all.map((a) => {
    const text = (name) => a.querySelector(name).textContent;
    const says = (name) => [...a.querySelectorAll(`${name} .said`)]
      .map((said) => said.textContent);
    return {
      title: text('.title'), ok: a.dataset.ok, read: text('.read'),
      conf: text('.conf'), sent: text('.sent'), instead: text('.instead'),
      wrong: a.querySelector('.verdict').checkVisibility(),
      bare: says('.bare'), result: says('.result'),
    };
  }));
}

/* An engine may print a line late. */
async function isHeard(lines, line) {
  for (let tries = 0; tries < 100 && !lines.includes(line); tries++) {
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return lines.includes(line);
}

function judgeRow(name, row) {
  const fails = expected[row.title] === FAILS;
  ok(row.ok === 'true', `${name}: ${row.title}: as promised`);
  ok(fails ? row.read === failure[name] : expected[row.title]?.test(row.read),
    `${name}: ${row.title}: read ${row.read}`.replaceAll('\n', ', '));
  ok(/^CorsAllowOrigin /.test(row.conf), `${row.title}: shows its lines`);
  ok(/^(GET|OPTIONS|POST) \/\w+: \d{3} \w/.test(row.sent),
    `${row.title}: shows the answer`);
  is(row.instead, instead[row.title] ?? failure[name],
    `${row.title}: without these lines ${row.instead}`);
  ok(!row.wrong, `${row.title}: says nothing else`);
  is(row.bare.length, instead[row.title] ? 0 : 1,
    `${row.title}: has what this console says of that`);
  is(row.result.length, fails ? 1 : 0, `${row.title}: ${
    fails ? 'and of the refusal' : 'and of nothing else'}`);
}

async function look(name, page, port) {
  const lines = [];
  const add = (line) => lines.push(line.trim());
  await (name === 'firefox' ? hearFirefox : hearChromium)(page, add);
  page.on('pageerror', (error) => add(error.message));
  await page.goto(`http://localhost:${port}/`);
  const rows = await readRows(page);
  is(rows.map(({ title }) => title).join(), Object.keys(expected).join(),
    `${name}: every row is there`);
  rows.forEach((row) => judgeRow(name, row));
  const shown = rows.flatMap(({ bare, result }) => [...bare, ...result]);
  for (const line of shown) {
    ok(await isHeard(lines, line), `${name}: the console has ${line}`);
  }
  const other = lines.filter((line) => !shown.includes(line)
    && !companions.some((companion) => companion.test(line)));
  is(other.join(' | '), '', `${name}: and nothing else`);
}

/* A browser that the page does not know is told what three others say. */
async function lookAsStranger(browser, port) {
  const page = await browser.newPage();
  await page.setUserAgent('Stranger/1.0');
  await page.goto(`http://localhost:${port}/`);
  const rows = await readRows(page);
  for (const { title, bare } of rows.filter((row) => !instead[row.title])) {
    ok(/^Access to fetch /.test(bare[0]) && bare.length === 3
      && /^Cross-Origin Request Blocked: /.test(bare[1])
      && /^(?:Origin|Preflight response|Access-Control-Allow-Origin) /.test(bare[2]),
    `${title}: a stranger is told what three engines say`);
  }
  await page.close();
}

/* The sentences are those that docs/console.md has. */
function judgeSentences() {
  const page = readFileSync(top('docs/console.md'), 'utf8');
  const call = { url: 'https://api.example.com/items',
    origin: 'https://app.example.com' };
  const named = {
    method: { name: 'PUT' }, header: { name: 'X-Trace' },
    several: { name: 'https://app.example.com, https://other.example' },
    failedPreflight: { status: 401 },
  };
  for (const [id, all] of Object.entries(sentences)) {
    for (const [name, says] of Object.entries(all)) {
      const text = says({ ...call, status: 200, ...named[id] });
      ok(page.includes(`\`${text}\``), `docs/console.md: ${name}: ${text}`);
    }
  }
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
  judgeSentences();
  const { port, stop } = await startDemonstration(folder.env);
  for (const name of ['chromium', 'firefox']) {
    const lacks = missing(name);
    if (lacks.length) {
      skip(name, `not installed: ${lacks.join(' ')}`);
    } else {
      const { browser, close } = await openEngine(name, folder);
      const page = await browser.newPage();
      await look(name, page, port);
      if (name === 'chromium') {
        await lookAtSizes(page);
        await lookAsStranger(browser, port);
      }
      await close();
    }
  }
  is(await stop(), 0, 'the demonstration ends cleanly');
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
