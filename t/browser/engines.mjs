/* The engines, as Debian packages them.  Each is opened in a folder (see
 * folder.mjs) and then is a session: visit a URL, run a function's text there
 * by the page's own run(), or evaluate a function in any page, begin afresh
 * without cookies and caches, close. */

import { spawn } from 'node:child_process';
import {
  accessSync, constants, mkdirSync, readdirSync, writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { Builder, Capabilities } from 'selenium-webdriver';

const DEADLINE = 30000;     /* milliseconds that anything may take */

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/* The path of the first program that there is. */
export function findProgram(...names) {
  const folders = process.env.PATH.split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isProgram);
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/* Chromium, or Firefox: begins afresh in a context of its own. */
async function puppeteerSession(browser) {
  let context;
  let page;
  const session = {
    browser,
    page: () => page,
    version: (await browser.version()).replace('/', ' '),
    visit: (url) => page.goto(url),
    run: (source) => page.evaluate((text) => window.run(text), source),
    evaluate: (does, ...values) => page.evaluate(does, ...values),
    page: () => page,
    close: () => browser.close(),
    async fresh() {
      await context?.close();
      context = await browser.createBrowserContext();
      page = await context.newPage();
      page.setDefaultTimeout(DEADLINE);
    },
  };
  await session.fresh();
  return session;
}

/* People's browsers send cookies to other sites when these ask for it, but
 * Debian's does not. */
function makeProfile(folder) {
  const profile = join(folder.path, 'chromium');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(join(profile, 'Default/Preferences'),
    JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  return profile;
}

async function openChromium(folder, { network }, executablePath) {
  /* Pages of this machine may not ask it, where they count as another's. */
  const checks = network ? [`--ip-address-space-overrides=${network}`,
    '--host-resolver-rules=MAP *.test 127.0.0.1']
    : ['--disable-features=LocalNetworkAccessChecks'];
  return puppeteerSession(await puppeteer.launch({
    executablePath, env: folder.env, pipe: true, protocolTimeout: DEADLINE,
    userDataDir: makeProfile(folder),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update',
      '--disable-sync', ...checks],
  }));
}

async function openFirefox(folder, options, executablePath) {
  return puppeteerSession(await puppeteer.launch({
    browser: 'firefox',
    executablePath, env: folder.env, protocolTimeout: DEADLINE,
    userDataDir: join(folder.path, 'firefox'),
    extraPrefsFirefox: {
      'network.lna.enabled': false,
      /* Cookies for other sites, and no question when a password is asked. */
      'network.cookie.cookieBehavior': 0,
      'browser.contentblocking.category': 'custom',
      'network.auth.subresource-http-auth-allow': 1,
    },
  }));
}

/* WebKit comes with a browser for tests alone, which no PATH leads to. */
export function findMiniBrowser() {
  const folders = ['/usr/libexec', '/usr/lib',
    ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))];
  const versions = ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'];
  return folders.flatMap((folder) => versions.map((version) =>
    join(folder, version, 'MiniBrowser'))).find(isProgram);
}

export async function startDisplay(folder, program) {
  /* It finds a free display, and says which on descriptor 3. */
  const child = spawn(program, ['-displayfd', '3', '-nolisten', 'tcp'],
    { env: folder.env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await Promise.race([once(child.stdio[3], 'data'),
    once(child, 'exit').then(() => { throw new Error('Xvfb ended'); })]);
  return { child, name: `:${String(number).trim()}` };
}

async function startDriver(program, env) {
  const port = await freePort();
  const child = spawn(program, [`--port=${port}`], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const end = Date.now() + DEADLINE;
  for (;;) {
    try {
      await fetch(`${url}/status`);
      return { child, url };
    } catch (error) {
      if (child.exitCode !== null || Date.now() > end) throw error;
      await new Promise((next) => { setTimeout(next, 50); });
    }
  }
}

export async function end(child) {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill();
    await once(child, 'exit');
  }
}

const newWindow = (url, binary) => new Builder().usingServer(url)
  .withCapabilities(new Capabilities({
    browserName: 'MiniBrowser',
    /* It trusts the system's CAs alone. */
    acceptInsecureCerts: true,
    timeouts: { script: DEADLINE, pageLoad: DEADLINE },
    'webkitgtk:browserOptions':
      { binary, args: ['--automation', '--cookies-policy=always'] },
  })).build();

async function openWebKit(folder, options, program, xvfb, miniBrowser) {
  const display = await startDisplay(folder, xvfb);
  const { child, url } = await startDriver(program,
    { ...folder.env, DISPLAY: display.name });
  let window;
  const session = {
    window: () => window,
    visit: (page) => window.get(page),
    run: (source) => window.executeAsyncScript(
      'window.run(arguments[0]).then(arguments[1])', source),
    evaluate: (does, ...values) => window.executeScript(
      `return (${does})(...arguments)`, ...values),
    async fresh() {
      await window?.quit();
      window = await newWindow(url, miniBrowser);
    },
    async close() {
      await window.quit();
      await end(child);
      await end(display.child);
    },
  };
  await session.fresh();
  const capabilities = await window.getCapabilities();
  session.version = `WebKitGTK ${capabilities.get('browserVersion')}`;
  return session;
}

/* What each needs, by its package's name, and how it is opened with that. */
export const engines = {
  chromium: {
    programs: () => ({
      chromium: findProgram(process.env.CHROMIUM || 'chromium',
        'chromium-browser', 'google-chrome'),
    }),
    open: openChromium,
  },
  firefox: {
    programs: () => ({ 'firefox-esr': findProgram('firefox-esr', 'firefox') }),
    open: openFirefox,
  },
  webkit: {
    programs: () => ({
      'webkit2gtk-driver': findProgram('WebKitWebDriver'),
      xvfb: findProgram('Xvfb'),
      MiniBrowser: findMiniBrowser(),
    }),
    open: openWebKit,
  },
};

/* The packages that are missing, if any. */
export const missing = (name) => Object.entries(engines[name].programs())
  .flatMap(([packageName, path]) => path ? [] : [packageName]);

/* network: addresses that are to be of another network than they are, as
 * Chromium writes them. */
export const openEngine = (name, folder, options = {}) => engines[name]
  .open(folder, options, ...Object.values(engines[name].programs()));
