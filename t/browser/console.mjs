/* Provokes each message of messages.mjs in each engine that is installed, and
 * tries the lines that are to mend it.  What the engines print has to be what
 * README and docs/console.md say. */

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { document } from './console-page.mjs';
import { openConsole } from './consoles.mjs';
import { withDeadline } from './deadline.mjs';
import { engines, freePort, missing } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { startHttpd } from './httpd.mjs';
import { reading, sentences, situations } from './messages.mjs';
import { judgeReadme } from './readme.mjs';
import { companions } from './sentences.mjs';
import { finish, is, ok, skip } from './tap.mjs';

const DEADLINE = 1200000;   /* milliseconds that one engine may take */
const SEPARATOR = ' | ';    /* between the lines of one console */
const TRIES = 3;            /* until a page has run its script */
const names = ['www.shop.localhost', 'admin.shop.localhost',
  'api.shop.localhost', 'files.localhost'];

const section = (path, text) => `<Location "${path}">\n${
  text.replaceAll('@APP@', 'http://www.shop.localhost:@PORT@')
}\n</Location>\n`;

/* What a situation adds to console.conf. */
function configure({ id, conf = '', file, write }) {
  const parts = [section(`/wrong/${id}`,
    conf.includes('RewriteRule') ? `RewriteEngine On\n${conf}` : conf)];
  if (file) {
    parts.push(`ProxyPass "/wrong/${id}" "!"\n`,
      `Alias "/wrong/${id}" "@ROOT@/htdocs/assets/${file}"\n`);
  }
  if (write) {
    parts.push(section(`/mended/${id}`, write
      .replaceAll('https://app.example.com', '@APP@')
      .replaceAll('https://admin.', 'http://admin.')
      .replaceAll('admin.example.com', 'admin.shop.localhost:@PORT@')));
  }
  return parts.join('');
}

/* A port where whoever comes is hung up on, once the request has come: before
 * that, Chromium says now and then that there was no connection. */
async function startCutter() {
  const server = createServer((socket) => socket
    .on('error', () => {})
    .once('data', () => socket.resetAndDestroy()))
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

/* A page that is a file, for the job with this number. */
function writePage(folder, port, number, job) {
  const path = join(folder.path, `page-${number}.html`);
  const placed = { protocol: 'http:', port, search: `?${number}` };
  const www = `http://www.shop.localhost:${port}`;
  writeFileSync(path, `<!doctype html><meta charset="utf-8"><title>file</title>
    <script>var placed = ${JSON.stringify(placed)},
      job = ${JSON.stringify(job)}</script>
    <script src="${www}/page.js"></script>
    <script src="${www}/console.js"></script>`);
  return pathToFileURL(path).href;
}

const pages = ({ 'http:': http, 'https:': https }) => ({
  www: `http://www.shop.localhost:${http}/console.html`,
  admin: `http://admin.shop.localhost:${http}/console.html`,
  https: `https://www.shop.localhost:${https}/console.html`,
  insecure: `http://app.test:${http}/console.html`,
  strict: `http://www.shop.localhost:${http}/strict`,
});

/* Where an engine has to go for a situation. */
let count = 0;
function addressOf(site, { page = 'www', first, call }, path) {
  const { 'http:': http, 'https:': https } = site.ports;
  const number = ++count;
  const at = (name, job) => (name === 'file'
    ? writePage(site.folder, http, number, job)
    : `${pages(site.ports)[name]}?${number}#`
      + encodeURIComponent(JSON.stringify(job)));
  const source = `() => {
    const path = '${path}', url = api(path), http = ${http}, https = ${https},
      closed = ${site.closed}, cut = ${site.cut};
    return (${call})();
  }`;
  const last = at(page, { source });
  return first ? at(first, { source, next: last }) : last;
}

/* A line of a console with the addresses of messages.mjs, and without the
 * schemes of Chromium's own pages. */
const normalize = (line) => line
  .replace(/(supported for protocol schemes:) .*/, '$1 …')
  .replace(/\/(?:console\.html|strict)\?\d+/g, '/')
  .replace(/\/(?:wrong|mended)\/[a-z0-9-]+(\/?)(?:\?\d+)?(?=$|\W)/g,
    '/items$1')
  .replace(/https?:\/\/(\w+:\w+@)?([a-z.]+)\.(?:localhost|test):\d+/g,
    (_, user = '', host) => `https://${user}${{
      'www.shop': 'app.example.com', app: 'app.example.com',
      'admin.shop': 'admin.example.com',
      'api.shop': 'api.example.com', files: 'files.example.net',
    }[host] ?? `${host}.example.com`}`);

/* What a console says, and what the script reads: companions count where
 * nothing else is said. */
function judge(name, all) {
  const lines = [...new Set(all.map(normalize))];
  const said = lines.filter((line) => !line.startsWith('reads: '));
  const causes = said.filter((line) => !companions[name].includes(line));
  return {
    said: (causes.length ? causes : said).sort().join(SEPARATOR),
    reads: lines.find((line) => line.startsWith('reads: '))?.slice(7),
  };
}

/* Visits the page of a situation.  An engine that never gets to run its
 * script, as on a busy machine, is asked again. */
async function visit(browser, site, row, path, enough) {
  for (let tries = 1; ; tries++) {
    const lines = await browser.visit(addressOf(site, row, path), enough);
    if (lines.some((line) => line.startsWith('reads: ')) || tries === TRIES) {
      return lines;
    }
  }
}

async function provoke(name, browser, site, row) {
  const said = [...sentences(row, name)].sort().join(SEPARATOR);
  const reads = reading(row, name);
  const lines = await visit(browser, site, row, `/wrong/${row.id}`,
    (some) => judge(name, some).said === said);
  const got = judge(name, lines);
  lines.map(normalize).forEach((line) => site.heard.add(line));
  is(got.said, said, `${name}: ${row.id}: ${got.said || 'says nothing'}`);
  is(got.reads, reads, `${name}: ${row.id}: the script reads ${got.reads}`);
}

/* Errors that the script is to read are in Chromium's console all the same. */
async function mend(name, browser, site, row) {
  const { after = '200' } = row;
  const lines = await visit(browser, site, row, `/mended/${row.id}`,
    () => true);
  const { said, reads } = judge(name, lines);
  is(reads, after, `${name}: ${row.id}, mended: the script reads ${reads}`);
  is(said.replace(/^Failed to load resource: the server responded.*/, ''), '',
    `${name}: ${row.id}, mended: the console says nothing`);
}

async function runRows(name, site, rows, options) {
  const browser = await openConsole(name, site.folder, options);
  ok(true, `${name}: ${browser.version}`);
  for (const row of rows) {
    await provoke(name, browser, site, row);
    if (row.write) await mend(name, browser, site, row);
  }
  await browser.close();
}

/* Pages of one scheme have a port that Chromium can take for another's. */
async function runEngine(name, site, rows) {
  for (const scheme of [undefined, 'http:', 'https:']) {
    const some = rows.filter(({ network, only = name }) =>
      network === scheme && only === name);
    const network = scheme && ['127.0.0.1', '[::1]'].map((address) =>
      `${address}:${site.ports[scheme]}=public`).join(',');
    if (some.length) await runRows(name, site, some, { network });
  }
}

/* Which rows in which engines: all, or those that the arguments name. */
function choose(words) {
  const known = Object.keys(engines);
  const wanted = known.filter((name) => words.includes(name));
  const ids = words.filter((word) => !known.includes(word));
  return {
    wanted: wanted.length ? wanted : known,
    rows: situations.filter(({ id }) => !ids.length || ids.includes(id)),
    all: known.every((name) => !missing(name).length) && !words.length,
  };
}

async function main(folder) {
  const server = await startHttpd(folder, names, {
    CONF: 'console.conf', SITUATIONS: situations.map(configure).join(''),
  });
  const site = { folder, ports: server.ports, closed: await freePort(),
    cut: await startCutter(), heard: new Set() };
  const { wanted, rows, all } = choose(process.argv.slice(2));
  for (const name of wanted) {
    const lacks = missing(name);
    if (lacks.length) {
      skip(name, `not installed: ${lacks.join(' ')}`);
    } else {
      await withDeadline(runEngine(name, site, rows), DEADLINE)
        .catch((error) => ok(false, `${name}: ${error.message}`));
    }
  }
  is(await server.stop(), 0,
    'the server ends with nothing unexpected in its log');
  judgeReadme(site.heard, all);
}

const page = fileURLToPath(new URL('../../docs/console.md', import.meta.url));
is(readFileSync(page, 'utf8') === document(), true,
  'docs/console.md is what t/browser/run console-page.mjs prints');
const folder = openFolder();
await main(folder).catch((error) => ok(false, error.stack));
is(await folder.close(), '', 'no process is left');
finish();
process.exit();     /* whatever a failed step has left open */
