/* Opens the workbench in each engine, writes policies, and holds the cards to
 * what these let the page do: by the page's own word, by what was in the
 * script's hands, and by what the browser's console has. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { look, measure } from './axe.mjs';
import { hearChromium, hearFirefox } from './consoles.mjs';
import { startDemonstration, top } from './demonstration.mjs';
import { engines, missing, openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { driverOf } from './info-drivers.mjs';
import { failure } from './sentences.mjs';
import { finish, is, ok, skip } from './tap.mjs';
import { policies, TITLES, wrong } from './workbench-policies.mjs';

const DEADLINE = 60000;   /* milliseconds that anything may take */

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

/* What is true of the page some time. */
async function until(session, what, isTrue) {
  for (const end = Date.now() + DEADLINE; Date.now() < end; await pause(50)) {
    if (await session.evaluate(isTrue)) return;
  }
  throw new Error(`waited for ${what}`);
}

const isDone = () => Boolean(document.querySelector('#summary[data-done]'));
const isSaid = () =>
  /^(?!Not saved yet)./.test(document.querySelector('#saved').textContent)
  && Boolean(document.querySelector('#summary[data-done]'));

async function open(session, port) {
  await session.visit(`http://localhost:${port}/workbench.html`);
  await until(session, 'the first calls', isDone);
}

/* Writes lines, presses the button, and waits for what comes of it. */
async function save(session, text) {
  await session.evaluate((value) => {
    const element = document.querySelector('#policy');
    if (value !== null) element.value = value;
    element.dispatchEvent(new Event('input'));
    document.querySelector('#saved').textContent = '';
    document.querySelector('#save').click();
  }, text);
  await until(session, 'a word on what was saved', isSaid);
  return session.evaluate(() => document.querySelector('#saved').textContent);
}

const readCards = (session) => session.evaluate(() =>
  [...document.querySelectorAll('article')].map((article) => {
    const text = (name) => article.querySelector(name).textContent;
    const why = [...article.querySelectorAll('.why > p')]
      .filter((p) => !p.hidden).map((p) => p.textContent);
    return {
      title: text('.title'), ok: article.dataset.ok === 'true',
      agrees: article.dataset.agrees ?? 'not told', read: text('.read'),
      sent: text('.sent'), chip: text('.chip'),
      why: why.join(' ').replace(/\s+/g, ' '),
      said: [...article.querySelectorAll('.said')].map((p) => p.textContent),
    };
  }));

const isAct = (title) => TITLES.indexOf(title) >= 7;

/* A refused call shows what this browser's console has. */
function judgeConsole(name, card, what) {
  const isBlocked = !card.ok && !isAct(card.title)
    && !card.read.startsWith('X-Request-Id');
  const expected = isBlocked ? 1 : 0;
  is(card.said.length, expected, `${what}: ${expected} lines of a console`);
  if (isBlocked) is(card.read, failure[name], `${what}: reads ${card.read}`);
}

function judgeCard(name, card, { lines, goes, why = {} }, origin) {
  const what = `${name}: ${lines.join('; ')}: ${card.title}`;
  is(card.ok, goes.includes(card.title), `${what}: ${card.chip}`);
  is(card.agrees, 'true', `${what}: browser and explanation agree`);
  ok(/^(?:OPTIONS|GET|POST) \/sandbox\/\w+: \d{3} \w|^The log: GET/
    .test(card.sent), `${what}: shows what the server sent`);
  ok(/\bCors|No policy/.test(card.why), `${what}: says why: ${card.why}`);
  const expected = why[card.title];
  if (expected) {
    const pattern = new RegExp(expected.source.replaceAll('PAGE', origin));
    ok(pattern.test(card.why), `${what}: ${expected}`);
  }
  judgeConsole(name, card, what);
}

async function judgePolicies(name, session, origin) {
  for (const policy of policies) {
    const lines = policy.lines.map((line) => line.replaceAll('PAGE', origin));
    const said = await save(session, lines.join('\n'));
    ok(/^Saved/.test(said), `${name}: ${lines.join('; ')}: ${said}`);
    const cards = await readCards(session);
    is(cards.map(({ title }) => title).join(), TITLES.join(),
      `${name}: every card is there`);
    cards.forEach((card) => judgeCard(name, card, policy, origin));
    const summary = await session.evaluate(() =>
      document.querySelector('#summary').textContent);
    is(summary, `${policy.goes.length} of 9 calls went through.`,
      `${name}: ${summary}`);
  }
}

async function judgeWrong(name, session, origin) {
  const before = JSON.stringify(await readCards(session));
  for (const { lines, says, messages } of wrong) {
    const text = lines.join('\n').replaceAll('PAGE', origin);
    is(await save(session, text), says, `${name}: ${says}`);
    const shown = await session.evaluate(() =>
      [...document.querySelectorAll('#messages li')].map((li) => li.textContent));
    is(shown.join(' | '), messages.join(' | ').replaceAll('PAGE', origin),
      `${name}: the messages of configtest`);
    is(await session.evaluate(() => document.querySelector('#policy').value),
      text, `${name}: the lines are still there`);
    is(JSON.stringify(await readCards(session)), before,
      `${name}: no card has changed`);
  }
  const selected = await session.evaluate(() => {
    document.querySelector('#messages button').click();
    const { value, selectionStart, selectionEnd } = document.activeElement;
    return value.slice(selectionStart, selectionEnd);
  });
  is(selected, 'Header set X-Y z', `${name}: a message leads to its line`);
}

/* configtest takes what the page copies. */
function configtest(server, folder, lines) {
  const conf = join(server.folder, 'httpd.conf');
  const [, httpd] = readFileSync(conf, 'utf8')
    .match(/^Define CORS_HTTPD "(.*)"$/m);
  const path = join(folder.path, 'copied.conf');
  writeFileSync(path, `Include "${conf}"\n${lines}`);
  const { status, stderr } = spawnSync(httpd, ['-t', '-f', path]);
  return status === 0 ? String(stderr).trim().split('\n').pop()
    : `${status}: ${stderr}`;
}

/* No click of a test is a user's, so most engines refuse to copy: then the
 * lines are selected. */
async function judgeCopy(name, session, server, folder, origin) {
  const lines = ['CorsAllowOrigin https://app.example.com PAGE', '# more',
    'CorsAllowCredentials On'].map((line) => line.replace('PAGE', origin));
  await save(session, lines.join('\n'));
  await session.evaluate(() => {
    document.querySelector('#saved').textContent = '';
    document.querySelector('#copy').click();
  });
  await until(session, 'a word on what was copied',
    () => /Copied|selected/.test(document.querySelector('#saved').textContent));
  const { text, said, selected } = await session.evaluate(() => ({
    text: document.querySelector('#host-lines').textContent,
    said: document.querySelector('#saved').textContent,
    selected: String(getSelection()),
  }));
  ok(/^Copied/.test(said) || selected.trim() === text.trim(),
    `${name}: ${said}`);
  is(text, ['<VirtualHost *:80>', '    ServerName api.example.com',
    `    # ${origin} is the workbench: list your own page.`,
    ...lines.map((line) => `    ${line}`), '</VirtualHost>', ''].join('\n'),
  `${name}: the virtual host has the lines`);
  is(configtest(server, folder, text), 'Syntax OK', `${name}: httpd takes it`);
}

/* A file that httpd does not take is another's work; the page says so, and
 * the first policy mends it. */
async function judgeBroken(name, session, server) {
  writeFileSync(join(server.folder, 'sandbox/.htaccess'), 'Nonsense\n');
  await open(session, server.port);
  const cards = await readCards(session);
  ok(cards.every((card) => !card.ok && card.agrees === 'true'
    && /can't read the file \.htaccess, and answers 500.*'Nonsense'.*begin again/
      .test(card.why)),
  `${name}: a broken .htaccess file is told from a policy`);
  await session.evaluate(() => document.querySelector('#again').click());
  is(await save(session, null), 'Saved.', `${name}: the first policy again`);
  const good = (await readCards(session)).filter((card) => card.ok);
  ok(good.length > 0, `${name}: mends it`);
}

/* An engine may print a line late. */
async function isHeard(lines, line) {
  for (let tries = 0; tries < 100 && !lines.includes(line); tries++) {
    await pause(50);
  }
  return lines.includes(line);
}

/* The console has the sentences that the cards show. */
async function judgeHeard(name, session, origin, lines) {
  for (const policy of [policies[0], policies[3], policies[5]]) {
    await save(session, policy.lines.join('\n').replaceAll('PAGE', origin));
    for (const { title, said } of await readCards(session)) {
      for (const line of said) {
        ok(await isHeard(lines, line), `${name}: ${title}: the console has ${line}`);
      }
    }
  }
}

async function hear(name, session) {
  const lines = [];
  const page = session.page();
  await (name === 'firefox' ? hearFirefox : hearChromium)(page,
    (line) => lines.push(line.trim()));
  /* Firefox takes what CORS refuses for an error of the page, too. */
  if (name === 'chromium') {
    page.on('pageerror', (error) => ok(false, `${name}: ${error.message}`));
  }
  return lines;
}

/* Without a mouse: to the editor, to the wrong line, to the buttons. */
async function judgeKeyboard(name, session, driver, origin) {
  const focused = () => session.evaluate(() => document.activeElement.id
    || document.activeElement.textContent.trim());
  const reached = [];
  await open(session, new URL(origin).port);
  for (let i = 0; i < 6; i++) {
    await driver.press('Tab');
    reached.push(await focused());
  }
  is(reached.join(), 'The demonstration,policy,save,copy,again,'
    + 'As a virtual host', `${name}: Tab goes to ${reached.join()}`);
  await session.evaluate(() => document.querySelector('#policy').select());
  await driver.type(`CorsAllowOrigin ${origin}`);
  await driver.press('Enter');
  await driver.type('CorsAllowMethods put');
  await session.evaluate(() => {
    document.querySelector('#saved').textContent = '';
    document.querySelector('#policy').focus();
  });
  await driver.pressWithControl('Enter');
  await until(session, 'a message', isSaid);
  for (let i = 0; i < 4; i++) await driver.press('Tab');
  is(await focused(), 'Line 2', `${name}: Tab goes to the message`);
  await driver.press('Enter');
  is(await focused(), 'policy', `${name}: and Enter from there to the editor`);
  await driver.type('CorsAllowMethods PUT');
  is(await save(session, null), 'Saved, with 1 warning.',
    `${name}: where the line is selected`);
}

/* A server without its scripts. */
async function judgeLost(session, origin) {
  const page = session.page();
  let answer = { status: 503, contentType: 'text/html', body: '<p>gone' };
  const listen = (request) => (/\/(policy|explain)$/.test(request.url())
    ? request.respond(answer) : request.continue());
  await page.setRequestInterception(true);
  page.on('request', listen);
  const text = `CorsAllowOrigin ${origin}\n# mine`;
  const said = await save(session, text);
  ok(/does not take the policy \(503\).*still here.*old policy/.test(said),
    `chromium: ${said}`);
  is(await session.evaluate(() => document.querySelector('#policy').value), text,
    'chromium: nothing is lost');
  answer = { ...answer, contentType: 'application/json',
    body: '{"error":"No space left, and the old one stays."}' };
  is(await save(session, text), 'No space left, and the old one stays.',
    'chromium: what a script says is shown');
  await open(session, new URL(origin).port);
  const cards = await readCards(session);
  ok(cards.every(({ read, why }) => read && /There is no explanation/.test(why)),
    'chromium: without explanations there still are calls');
  page.off('request', listen);
  await page.setRequestInterception(false);
}

/* With a policy that lets some calls through, and with the messages of wrong
 * lines; with everything unfolded, as axe-core sees nothing else. */
async function judgeLooks(name, session, driver, origin) {
  const sizes = [['wide', 1280], ['phone', 360]];
  const schemes = driver.dark && name === 'chromium' ? [false, true] : [false];
  for (const [size, width] of sizes) {
    for (const dark of schemes) {
      const what = `${size}${dark ? ', dark' : ''}`;
      await driver.resize(width);
      if (name === 'chromium') await driver.dark(dark);
      await open(session, new URL(origin).port);
      await save(session, `CorsAllowOrigin ${origin}\nCorsAllowMethods PUT`);
      await save(session, `CorsAllowOrigin ${origin}/`);
      await measure(name, driver, what);
      await session.evaluate(() => document.querySelectorAll('details')
        .forEach((details) => { details.open = true; }));
      await measure(name, driver, `${what}, unfolded`);
      await look(name, driver, what);
      await driver.picture(top(`build/workbench-${name}-${size}${
        dark ? '-dark' : ''}.png`));
    }
  }
  if (name === 'chromium') await driver.dark(false);
  await driver.resize(1280);
}

async function judgeEngine(name, folder, server) {
  const origin = `http://localhost:${server.port}`;
  const session = await openEngine(name, folder);
  ok(true, `${name}: ${session.version}`);
  const lines = name === 'webkit' ? null : await hear(name, session);
  await open(session, server.port);
  await judgePolicies(name, session, origin);
  await judgeWrong(name, session, origin);
  await judgeCopy(name, session, server, folder, origin);
  await judgeBroken(name, session, server);
  if (lines) await judgeHeard(name, session, origin, lines);
  const driver = driverOf(name, session);
  await judgeKeyboard(name, session, driver, origin);
  await judgeLooks(name, session, driver, origin);
  if (name === 'chromium') await judgeLost(session, origin);
  await session.close();
  /* The processes of WebKit end a moment after its driver. */
  if (name === 'webkit') await pause(3000);
}

async function main(folder, names) {
  const server = await startDemonstration(folder.env);
  for (const name of names) {
    const lacks = missing(name);
    if (lacks.length) {
      skip(name, `not installed: ${lacks.join(' ')}`);
    } else {
      await judgeEngine(name, folder, server)
        .catch((error) => ok(false, `${name}: ${error.stack}`));
    }
  }
  is(await server.stop(), 0, 'the workbench ends cleanly');
}

const folder = openFolder();
const wanted = process.argv.slice(2);
await main(folder, wanted.length ? wanted : Object.keys(engines))
  .catch((error) => ok(false, error.stack));
is(await folder.close(), '', 'no process is left');
finish();
process.exit();     /* whatever a failed step has left open */
