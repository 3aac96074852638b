/* Has pages try what enforce-cases.mjs lists, in each engine that is installed,
 * and asks the server's log what it acted on.  Before that, clients that are no
 * browsers open WebSockets.
 *
 * What the engines send is the table of docs/enforcement.md: `--table` prints
 * it as it has been seen. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startBackend } from './backend.mjs';
import { cases, chapters, pages } from './enforce-cases.mjs';
import { tableOf } from './enforce-table.mjs';
import { trySockets } from './enforce-sockets.mjs';
import { engines, findProgram, missing, openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { startServer } from './server.mjs';
import { finish, is, ok, skip } from './tap.mjs';

const DEADLINE = 420000;    /* milliseconds that one engine may take */
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/* Where a page and the server are: see enforce.conf. */
const worldsOf = ([http, https, terminated, plain]) => ({
  https: { scheme: 'https', port: https, says: true },
  terminated: { scheme: 'https', port: terminated, says: true },
  http: { scheme: 'http', port: http, says: true },
  plain: { scheme: 'http', port: plain, says: false },
});

/* The requests to what is guarded, by the query that names the attempt. */
function readLog(path) {
  const fields = ['url', 'method', 'status', 'verdict', 'enforced', 'site',
    'mode', 'dest', 'origin', 'protocol'];
  const byQuery = new Map();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [query, ...values] = line.split('\t');
    const seen = Object.fromEntries(fields.map((name, i) => [name, values[i]]));
    if (/^\/(?:act|socket|upgrade|load|events)/.test(seen.url)
      && seen.method !== 'OPTIONS') {
      byQuery.set(query, seen);
    }
  }
  return byQuery;
}

async function waitForLog(log, attempt) {
  for (let i = 0; i < 100 && !readLog(log).has(`?${attempt}`); i++) {
    await pause(50);
  }
}

/* Opens the page.  What an attempt before it has navigated to may come in
 * between. */
async function settle(session, address) {
  for (let left = 10; ; left--) {
    try {
      await session.visit(address);
      await session.run('async () => attempt');
      return;
    } catch (error) {
      if (!left) throw error;
      await pause(100);
    }
  }
}

const byAlone = (a, b) => Boolean(a.alone) - Boolean(b.alone);

/* One page makes all the attempts that let it stay, and is opened anew after
 * the others. */
async function tryAll(session, log, engine, [name, world], page, tests) {
  const address =
    `${world.scheme}://${pages[page]}.localhost:${world.port}/enforce.html`;
  await settle(session, address);
  for (const test of [...tests].sort(byAlone)) {
    if (test.alone) await pause(300);   /* for what no page waits for */
    const attempt = `${engine}.${name}.${page}.${cases.indexOf(test)}`;
    const source = `() => { window.attempt = '${attempt}';`
      + ` return (${test.does})(); }`;
    await session.run(source).catch((error) => {
      if (!test.alone) throw new Error(`${test.name}: ${error.message}`);
    });
    if (test.alone) {
      await waitForLog(log, attempt);
      await settle(session, address);
    }
  }
}

async function runEngine(name, folder, log, worlds, tests) {
  const session = await openEngine(name, folder);
  ok(true, `${name}: ${session.version}`);
  for (const world of Object.entries(worlds)) {
    for (const page of Object.keys(pages)) {
      await tryAll(session, log, name, world, page, tests);
    }
  }
  await pause(300);
  await session.close();
}

function withDeadline(promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(fail, DEADLINE,
      new Error(`no end in ${DEADLINE / 1000} s`));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/* What became of an attempt: the server answers 403 to what it refuses. */
const outcome = (seen) =>
  !seen ? 'not sent' : seen.status === '403' ? 'refused' : 'passes';

function judge(seen, passes, what) {
  const got = outcome(seen);
  const expected = passes ? ['passes'] : ['refused', 'not sent'];
  ok(expected.includes(got), `${what}: ${got}, as is ${expected.join(' or ')}`);
  if (seen) {
    is(seen.enforced, got === 'refused' ? 'refused' : '-',
      `${what}: CORS_ENFORCED`);
  }
}

/* A page of a foreign origin that forges as many requests as there are ways. */
function judgeForgeries(seen, engine, world) {
  const forgeries = cases.filter((test) => test.forges);
  const through = forgeries.filter((test) => outcome(seen.get(
    `?${engine}.${world}.foreign.${cases.indexOf(test)}`)) === 'passes');
  ok(forgeries.length >= 15, `${forgeries.length} forgeries`);
  is(through.map(({ name }) => name).join(', '), '',
    `${engine}: ${world}: none of ${forgeries.length} forgeries gets through`);
}

function judgeEngine(seen, engine, worlds, tests) {
  for (const [name, world] of Object.entries(worlds)) {
    for (const page of Object.keys(pages)) {
      for (const test of tests) {
        judge(seen.get(`?${engine}.${name}.${page}.${cases.indexOf(test)}`),
          test.passes(page, world.says, engine),
          `${engine}: ${name}: ${page}: ${test.name}`);
      }
    }
    if (tests.length === cases.length) judgeForgeries(seen, engine, name);
  }
}

/* Where an engine can, it opens the WebSocket within its HTTP/2 connection. */
const protocols =
  { chromium: 'HTTP/2.0', firefox: 'HTTP/2.0', webkit: 'HTTP/1.1' };

function judgeProtocol(seen, engine) {
  const socket = cases.findIndex(({ name }) => name === 'WebSocket');
  is(seen.get(`?${engine}.https.own.${socket}`)?.protocol, protocols[engine],
    `${engine}: a WebSocket comes over ${protocols[engine]}`);
}

async function start(folder, log) {
  if (!findProgram('certutil')) {
    throw new Error('no certutil: install libnss3-tools');
  }
  const { port } = await startBackend();
  await run(here('certificates'), [folder.path,
    ...Object.values(pages).map((name) => `${name}.localhost`)]);
  return startServer(folder, {
    CONF: 'enforce.conf', BACKEND: port, FOLDER: folder.path, LOG: log,
  });
}

/* Which cases in which engines: all, or those that the arguments name. */
function choose(words) {
  const names = Object.keys(engines);
  const wanted = words.filter((word) => names.includes(word));
  const parts = words.filter((word) => !names.includes(word));
  return [wanted.length ? wanted : names, cases.filter(({ name }) =>
    !parts.length || parts.some((part) => name.includes(part)))];
}

async function main(folder, words) {
  const log = join(folder.path, 'requests.log');
  const server = await start(folder, log);
  const worlds = worldsOf(server.ports);
  const [names, tests] = choose(words);
  const ran = [];
  await trySockets(worlds, folder.path);
  for (const name of names) {
    const lacks = missing(name);
    if (lacks.length) {
      skip(name, `not installed: ${lacks.join(' ')}`);
      continue;
    }
    await withDeadline(runEngine(name, folder, log, worlds, tests))
      .then(() => ran.push(name))
      .catch((error) => ok(false, `${name}: ${error.message}`));
  }
  is(await server.stop(), 0,
    'the server ends with nothing unexpected in its log');
  const seen = readLog(log);
  for (const name of ran) {
    judgeEngine(seen, name, worlds, tests);
    if (tests.length === cases.length) judgeProtocol(seen, name);
  }
  return { seen, ran, tests };
}

/* The manual has what has been seen, if all engines have been asked for all. */
function compareTables({ seen, ran, tests }) {
  const manual = readFileSync(here('../../docs/enforcement.md'), 'utf8');
  if (tests.length < cases.length || ran.length < Object.keys(engines).length) {
    return;
  }
  for (const line of tableOf(chapters, seen, ran)) {
    ok(manual.includes(line), `docs/enforcement.md: ${line}`);
  }
}

const words = process.argv.slice(2).filter((word) => word !== '--table');
const prints = process.argv.includes('--table');
const folder = openFolder();
try {
  const result = await main(folder, words);
  if (prints) {
    console.error([...tableOf(chapters, result.seen, result.ran)].join('\n'));
  } else {
    compareTables(result);
  }
} catch (error) {
  ok(false, error.stack);
}
is(await folder.close(), '', 'no process is left');
finish();
process.exit();     /* whatever a failed step has left open */
