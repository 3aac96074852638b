/* Runs the cases in each engine that is installed: first what the page's
 * script says, then, when the server has ended, what its log says. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { namesOf } from './backend.mjs';
import { cases, expected } from './cases.mjs';
import { withDeadline } from './deadline.mjs';
import { engines, missing, openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { startHttpd } from './httpd.mjs';
import { table } from './table.mjs';
import { finish, is, ok, skip } from './tap.mjs';

const DEADLINE = 300000;    /* milliseconds that one engine may take */
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const stepsOf = ({ at, does, steps }) => steps ?? [[at, does]];
const pages = cases.flatMap(stepsOf).map(([at]) => new URL(at).hostname);

/* The names of the header lines with which a WebSocket opens: no script can
 * read these. */
async function upgradeHeaders(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`,
    { origin: `http://www.shop.localhost:${port}` });
  const [{ headers }] = await once(socket, 'upgrade')
    .catch((error) => [{ headers: { [error.message]: '' } }]);
  socket.terminate();
  return Object.keys(headers).sort().join(' ');
}

/* The address of a page for the case with this number. */
function addressOf(origin, ports, number) {
  const url = new URL(`/?${number}`, origin);
  url.port = ports[url.protocol];
  return url.href;
}

async function perform(session, ports, { test, number }) {
  if (test.fresh) await session.fresh();
  const results = [];
  for (const [origin, does] of stepsOf(test)) {
    await session.visit(addressOf(origin, ports, number));
    results.push(await session.run(does.toString()));
  }
  return results.join(', ');
}

/* A driver that fails once is not asked again. */
async function runCases(name, session, ports, jobs) {
  for (const job of jobs) {
    const got = await perform(session, ports, job).catch((error) => {
      throw new Error(`${job.test.name}: ${error.message}`);
    });
    job.done = true;
    is(got, expected(job.test.reads, name),
      `${name}: ${job.test.name}: ${got}`);
  }
}

async function runEngine(name, folder, ports, jobs) {
  const session = await openEngine(name, folder);
  ok(true, `${name}: ${session.version}`);
  await runCases(name, session, ports, jobs);
  await session.close();
}

/* A request in the words of cases.mjs. */
function describe(method, status, verdict, origin, cookies, protocol) {
  const words = [method, status];
  if (verdict !== 'allowed') words.push(verdict);
  if (origin === 'null') words.push('null');
  if (cookies !== '-') words.push('with', namesOf(cookies));
  if (protocol === 'HTTP/2.0') words.push('h2');
  return words.join(' ');
}

/* The requests to the API by case, in the order in which they began. */
function readLog(path) {
  const byCase = new Map();
  const lines = readFileSync(path, 'utf8').trim().split('\n')
    .map((line) => line.split('\t')).sort(([a], [b]) => a - b);
  for (const [, host, query, ...seen] of lines) {
    if (/^(api\.shop|files)\.localhost/.test(host)) {
      byCase.set(query, [...byCase.get(query) ?? [], describe(...seen)]);
    }
  }
  return byCase;
}

function judgeLog(path, jobs) {
  const seen = readLog(path);
  for (const { name, test, number } of jobs.filter((job) => job.done)) {
    const got = (seen.get(`?${number}`) ?? []).join(', ');
    is(got, expected(test.server, name).join(', '),
      `${name}: ${test.name}: the server saw ${got}`);
  }
}

/* Which cases in which engines: all, or those that the arguments name. */
function choose(words) {
  const names = Object.keys(engines);
  const wanted = words.filter((word) => names.includes(word));
  const parts = words.filter((word) => !names.includes(word));
  const isChosen = ({ name }) =>
    !parts.length || parts.some((part) => name.includes(part));
  return (wanted.length ? wanted : names).map((name) => [name,
    cases.map((test, i) => ({ name, test, number: `${name}.${i}` }))
      .filter(({ test }) => isChosen(test))]);
}

async function main(folder) {
  const log = join(folder.path, 'requests.log');
  const server = await startHttpd(folder,
    ['api.shop.localhost', 'files.localhost', ...pages], { LOG: log });
  is(await upgradeHeaders(server.ports['http:']),
    'connection sec-websocket-accept upgrade',
    'nothing is added when a WebSocket opens');
  const work = choose(process.argv.slice(2));
  for (const [name, jobs] of work) {
    const lacks = missing(name);
    if (lacks.length) {
      skip(name, `not installed: ${lacks.join(' ')}`);
    } else {
      await withDeadline(runEngine(name, folder, server.ports, jobs), DEADLINE)
        .catch((error) => ok(false, `${name}: ${error.message}`));
    }
  }
  is(await server.stop(), 0,
    'the server ends with nothing unexpected in its log');
  judgeLog(log, work.flatMap(([, jobs]) => jobs));
}

ok(readFileSync(here('../../docs/testing.md'), 'utf8').includes(table()),
  'docs/testing.md has the table that t/browser/run table.mjs prints');
const folder = openFolder();
await main(folder).catch((error) => ok(false, error.stack));
is(await folder.close(), '', 'no process is left');
finish();
process.exit();     /* whatever a failed step has left open */
