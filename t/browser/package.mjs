/* A page reads an API, in Chromium, once one line of policy is written.  The
 * argument is the folder of a Debian in which the package was just installed,
 * and which shares its network with this process. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { withDeadline } from './deadline.mjs';
import { openEngine } from './engines.mjs';
import { openFolder } from './folder.mjs';
import { finish, is, ok } from './tap.mjs';

const DEADLINE = 60000;     /* milliseconds that the browser may take */
const [root] = process.argv.slice(2);
const api = 'http://api.localhost/items.json';

const inDebian = (...command) => execFileSync('chroot', [root, ...command],
  { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, encoding: 'utf8' });

async function servePage() {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>A page</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://app.localhost:${server.address().port}`;
}

/* What the page's script gets. */
const read = (session, options) => session.evaluate((url, init) =>
  fetch(url, init).then((response) => response.text(), () => 'fails'),
api, options);

async function main(folder) {
  const origin = await servePage();
  writeFileSync(join(root, 'var/www/html/items.json'), '["an item"]');
  inDebian('service', 'apache2', 'restart');
  const session = await openEngine('chromium', folder);
  ok(true, session.version);
  await session.visit(`${origin}/`);
  is(await read(session, {}), 'fails', 'without a policy the page reads nothing');

  writeFileSync(join(root, 'etc/apache2/conf-enabled/api.conf'),
    `CorsAllowOrigin ${origin}\n`);
  inDebian('apache2ctl', 'graceful');
  is(await read(session, {}), '["an item"]', 'with one line it reads the API');
  is(await read(session, { method: 'DELETE' }), 'fails',
    'but sends no method that the policy does not list');
  await session.close();
}

const folder = openFolder();
await withDeadline(main(folder), DEADLINE)
  .catch((error) => ok(false, error.stack));
is(await folder.close(), '', 'no process is left');
finish();
process.exit();
