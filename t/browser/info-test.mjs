/* Opens the page of CorsInfo in each engine that is installed: fills the form
 * with a keyboard alone, lets axe-core look for what a screen reader or weak
 * eyes would miss, and tries to read the page from another origin. */

import { join } from 'node:path';
import { look, measure, until } from './axe.mjs';
import { withDeadline } from './deadline.mjs';
import { engines, missing, openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { driverOf } from './info-drivers.mjs';
import { startServer } from './server.mjs';
import { finish, is, ok, skip } from './tap.mjs';

const DEADLINE = 120000;    /* milliseconds that one engine may take */

/* Each question, and the heading of its answer. */
const questions = {
  nothing: ['', null],
  refused: ['url=http%3A%2F%2Fapi.localhost%3APORT%2Fitems%2F7&method=PUT'
    + '&origin=http%3A%2F%2Fapp.localhost%3APORT&header=x-trace', 'Refused'],
  allowed: ['url=http%3A%2F%2Fapi.localhost%3APORT%2Fitems%2F7&method=PUT'
    + '&origin=http%3A%2F%2Fapp.localhost%3APORT&credentials=on', 'Allowed'],
  wrong: ['url=nonsense', null],
};

const active = (driver) => driver.evaluate(
  '(document.activeElement.id || document.activeElement.className'
  + ' || document.activeElement.localName)');

/* Goes on to the next field, which must be the one named, and fills it. */
async function fill(name, driver, field, text) {
  await driver.press('Tab');
  is(await active(driver), field, `${name}: the Tab key leads to ${field}`);
  await driver.selectAll();
  await driver.type(text);
}

async function useKeyboard(name, session, driver, port) {
  await session.visit(`http://api.localhost:${port}/cors-info`);
  await driver.press('Tab');
  is(await active(driver), 'skip', `${name}: the first Tab skips to the form`);
  await driver.press('Enter');
  await until(driver, 'location.hash === "#form"', 'the form');
  await fill(name, driver, 'url', `http://api.localhost:${port}/items/7`);
  await fill(name, driver, 'origin', `http://app.localhost:${port}`);
  await fill(name, driver, 'method', 'PUT');
  await fill(name, driver, 'header', 'x-trace');
  await driver.press('Tab');
  is(await active(driver), 'credentials',
    `${name}: the Tab key leads to credentials`);
  await driver.press('Space');
  await driver.press('Tab');
  is(await active(driver), 'button', `${name}: and to the button`);
  await driver.press('Enter');
  await until(driver, 'location.hash === "#answer"'
    + ' && document.readyState === "complete"', 'the answer');
  is(await driver.evaluate('document.title.split(" – ")[0]'),
    `Refused: PUT http://api.localhost:${port}/items/7`,
    `${name}: the title is the answer`);
  ok(await driver.evaluate('document.getElementById("answer").textContent'
    + '.includes("the header x-trace is not in CorsAllowHeaders")'),
  `${name}: which says why`);
  ok(await driver.evaluate('document.getElementById("credentials").checked'),
    `${name}: the form keeps what was typed`);
  ok(await driver.evaluate('(() => { const { top, bottom } = document'
    + '.getElementById("answer").getBoundingClientRect();'
    + ' return top < innerHeight && bottom > 0 })()'),
  `${name}: the answer is in sight`);
}

async function lookAtAll(name, session, driver, { port, pictures }) {
  for (const [what, [query, heading]] of Object.entries(questions)) {
    await session.visit(`http://api.localhost:${port}/cors-info?`
      + query.replaceAll('PORT', port));
    is(await driver.evaluate('(document.getElementById("outcome")'
      + '?.textContent.replace(/^. /, "") ?? null)'), heading,
    `${name}: ${what}: the heading`);
    for (const [size, width] of [['wide', 1200], ['narrow', 360]]) {
      await driver.resize(width);
      for (const dark of driver.dark && name === 'chromium' ? [false, true]
        : [false]) {
        const title = `${what}-${size}${dark ? '-dark' : ''}`;
        if (name === 'chromium') await driver.dark(dark);
        await look(name, driver, title);
        await measure(name, driver, title);
        if (pictures) {
          await driver.picture(join(pictures, `${name}-${title}.png`));
        }
      }
    }
    if (name === 'chromium') await driver.dark(false);
    await driver.resize(1200);
  }
}

/* What a page of another origin, which the policy around lists, gets. */
const tries = {
  'fetch() with credentials': `() => fetch(page, { credentials: 'include' })
    .then((r) => r.text(), () => 'fails')`,
  'fetch() of JSON': `() => fetch(page + '?format=json')
    .then((r) => r.text(), () => 'fails')`,
  'a PUT': `() => fetch(page, { method: 'PUT' })
    .then((r) => r.status, () => 'fails')`,
  'fetch() without CORS': `() => fetch(page, { mode: 'no-cors' })
    .then((r) => r.type, () => 'fails')`,
};

async function tryFromElsewhere(name, session, port) {
  for (const [what, source] of Object.entries(tries)) {
    await session.visit(`http://app.localhost:${port}/`);
    const run = (url) => session.run(`() => { const page = '${url}';
      return (${source})(); }`);
    is(await run(`http://api.localhost:${port}/cors-info`), 'fails',
      `${name}: ${what} from another origin fails`);
  }
  await session.visit(`http://api.localhost:${port}/`);
  is(await session.run(`() => fetch('/cors-info?format=json')
    .then((r) => r.json()).then((o) => o.places.length > 3)`), true,
  `${name}: a page of the same origin reads it`);
}

async function runEngine(name, folder, site) {
  const session = await openEngine(name, folder);
  const driver = driverOf(name, session);
  try {
    ok(true, `${name}: ${session.version}`);
    await useKeyboard(name, session, driver, site.port);
    is(await driver.evaluate('getComputedStyle('
      + 'document.querySelector("section")).borderTopStyle'), 'solid',
    `${name}: the style is applied`);
    await lookAtAll(name, session, driver, site);
    await tryFromElsewhere(name, session, site.port);
  } finally {
    await session.close();
  }
}

async function main(folder) {
  const words = process.argv.slice(2);
  const [pictures] = words.flatMap((word) =>
    word.match(/^--pictures=(.*)/)?.slice(1) ?? []);
  const wanted = Object.keys(engines).filter((name) => words.includes(name));
  const server = await startServer(folder, { CONF: 'info.conf' });
  for (const name of wanted.length ? wanted : Object.keys(engines)) {
    const lacks = missing(name);
    if (lacks.length) {
      skip(name, `not installed: ${lacks.join(' ')}`);
    } else {
      await withDeadline(
        runEngine(name, folder, { port: server.ports[0], pictures }), DEADLINE)
        .catch((error) => ok(false, `${name}: ${error.message}`));
    }
  }
  is(await server.stop(), 0,
    'the server ends with nothing unexpected in its log');
}

const folder = openFolder();
await main(folder).catch((error) => ok(false, error.stack));
is(await folder.close(), '', 'no process is left');
finish();
process.exit();     /* whatever a failed step has left open */
