/* A folder for everything that a test writes, and that its processes have as
 * their HOME: both are gone when the test is, even if it is killed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const keeper = fileURLToPath(new URL('keeper', import.meta.url));

/* Returns the path, the environment for every process, and a function that
 * ends what still runs, removes the folder, and returns the names of the
 * processes that it had to end. */
export function openFolder() {
  const path = mkdtempSync(join(tmpdir(), 'mod_cors-'));
  chmodSync(path, 0o755);       /* httpd reads there as another user */
  const child = spawn(keeper, [path],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const env =
    { ...process.env, HOME: path, TMPDIR: path, XDG_RUNTIME_DIR: path };
  for (const name of ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME',
    'DISPLAY', 'WAYLAND_DISPLAY']) {
    delete env[name];
  }
  const close = async () => {
    let left = '';
    child.stdout.on('data', (data) => { left += data; });
    child.stdin.end();
    await once(child, 'close');
    return left.trim();
  };
  return { path, env, close };
}
