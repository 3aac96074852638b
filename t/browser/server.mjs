/* The httpd that t/browser/server starts. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('server', import.meta.url));

/* Starts it with the values of its configuration.  Returns its ports, and a
 * function that ends it and returns its exit status. */
export async function startServer(folder, values) {
  const child = spawn(program,
    Object.entries(values).map(([name, value]) => `${name}=${value}`),
    { env: folder.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const failed = exit.then(() => { throw new Error('no server'); });
  const said = once(createInterface(child.stdout), 'line');
  const [line] = await Promise.race([said, failed]);
  const stop = async () => { child.stdin.end(); return (await exit)[0]; };
  return { ports: line.split(' '), stop };
}
