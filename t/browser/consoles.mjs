/* The engines once more, with an ear at their consoles.  Each is opened in a
 * folder (see folder.mjs) and then visits pages, each afresh, and returns the
 * lines that the console has in the end. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  end, engines, findMiniBrowser, openEngine, startDisplay,
} from './engines.mjs';

const DEADLINE = 30000;     /* milliseconds that a page may take to end */
const PATIENCE = 3000;      /* that a line may come after that */

/* Collects lines until there is one by which the page ends, and then for a
 * while, as engines may print late what happened before: until they are
 * enough. */
function collect(enough) {
  const lines = [];
  let timer;
  let settle;
  const all = new Promise((done) => { settle = () => done(lines); });
  const ends = () => lines.some((line) => line.startsWith('reads: '));
  const check = () => {
    if (!ends()) return;
    if (enough(lines)) settle();
    timer ??= setTimeout(settle, PATIENCE);
  };
  const late = setTimeout(settle, DEADLINE);
  return {
    all: all.finally(() => { clearTimeout(timer); clearTimeout(late); }),
    add(line) { lines.push(line.trim()); check(); },
  };
}

/* Chromium's own events: of puppeteer's, a few lines in a hundred pages never
 * came. */
export async function hearChromium(page, add) {
  const session = await page.createCDPSession();
  session.on('Log.entryAdded', ({ entry }) => add(entry.text));
  session.on('Runtime.consoleAPICalled',
    ({ args }) => add(args.map(({ value }) => value).join(' ')));
  await session.send('Log.enable');
  await session.send('Runtime.enable');
}

export function hearFirefox(page, add) {
  page.on('console', (message) => add(message.text()));
  page.on('pageerror', (error) => add(error.message));
}

/* Chromium and Firefox hand over what their consoles have. */
async function openByPuppeteer(name, folder, options) {
  const session = await openEngine(name, folder, options);
  async function visit(url, enough) {
    const context = await session.browser.createBrowserContext();
    const page = await context.newPage();
    const { all, add } = collect(enough);
    await (name === 'chromium' ? hearChromium : hearFirefox)(page, add);
    page.goto(url).catch((error) => add(`reads: ${error.message}`));
    const lines = await all;
    await context.close();
    return lines;
  }
  const { version, close } = session;
  return { version, visit, close };
}

/* WebKit writes what its console has to standard error, but not under a
 * driver: a browser is started for each page. */
async function openMiniBrowser(folder) {
  const session = await openEngine('webkit', folder);
  await session.close();
  const { xvfb } = engines.webkit.programs();
  const display = await startDisplay(folder, xvfb);
  const env = { ...folder.env, DISPLAY: display.name };
  async function visit(url, enough) {
    const { all, add } = collect(enough);
    const child = spawn(findMiniBrowser(),
      /* Not --private: that would have settings of its own. */
      ['--ignore-tls-errors', '--cookies-policy=always',
        '--enable-write-console-messages-to-stdout=true', url],
      { env, stdio: ['ignore', 'ignore', 'pipe'] });
    createInterface(child.stderr).on('line', (line) => {
      const [, text] = line
        .match(/(?:^|: )CONSOLE (?:[A-Z]+ )*(?:LOG|ERROR|WARN|INFO) (.*)/)
        ?? [];
      if (text) add(text);
    });
    const lines = await all;
    await end(child);
    return lines;
  }
  return { version: session.version, visit, close: () => end(display.child) };
}

export const openConsole = (name, folder, options) => (name === 'webkit'
  ? openMiniBrowser(folder) : openByPuppeteer(name, folder, options));
