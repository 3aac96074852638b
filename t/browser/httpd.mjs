/* The httpd of the tests: t/browser/server, a certificate and a back end. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startBackend } from './backend.mjs';
import { findProgram } from './engines.mjs';
import { startServer } from './server.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

async function findFont() {
  const { stdout } = await run('find',
    ['/usr/share/fonts', '-name', 'DejaVuSansMono.ttf']);
  if (!stdout) throw new Error('no font: install fonts-dejavu-core');
  return stdout.split('\n')[0];
}

/* Starts it for the host names, with the values for the words between at signs
 * of its configuration.  Returns its ports by scheme, and a function that
 * stops it and returns its status. */
export async function startHttpd(folder, names, values) {
  if (!findProgram('certutil')) {
    throw new Error('no certutil: install libnss3-tools');
  }
  const { port } = await startBackend();
  await run(here('certificates'), [folder.path, ...new Set(names)]);
  const { ports: [http, https], stop } = await startServer(folder, {
    BACKEND: port, FOLDER: folder.path, FONT: await findFont(), ...values,
  });
  return { ports: { 'http:': http, 'https:': https }, stop };
}
