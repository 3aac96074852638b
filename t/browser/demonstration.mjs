/* The demonstration, as `make run` starts it. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const top = (path) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

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

const stop = (child) => new Promise((done) => {
  if (child.exitCode !== null) return done(child.exitCode);
  child.once('exit', done);
  child.kill('SIGINT');
});

/* Starts `tools/run`, and waits for it to say where it is.  Returns its port,
 * the folder that it runs in, and a function that stops it and returns its
 * status. */
export async function startDemonstration(env) {
  const port = await freePort();
  const child = spawn(top('tools/run'), [String(port)],
    { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      if (text.includes('Ctrl-C')) done(text);
    });
    child.once('exit', (code) => fail(new Error(`tools/run ended: ${code}`)));
  });
  const [, folder] = said.match(/^Why it refuses: +(\S+)\/logs\/error\.log$/m);
  return { port, folder, stop: () => stop(child) };
}
