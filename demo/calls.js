/* The calls of the workbench.
 *
 * title    what the page wants
 * code     how its script says so
 * path     in the sandbox
 * asks     the arguments of cors-explain, without the method, which is that of
 *          raw, and without the URL
 * raw      how the request is sent again to show the answer: see http.js.
 *          Where there is none, the line of the server's log is shown
 * acts     the call is not about reading: the server acts, or refuses to
 * exposes  the header that the script has to be able to read
 * run      makes the call: returns { read, ok, blocked }, what the script could
 *          read, whether it got what it wanted, and whether the browser kept
 *          the response from it
 */

import { call, logged, openSocket, shown, submitForm } from './http.js';

const EXPOSED = 'X-Request-Id';
const JSON_TYPE = { 'Content-Type': 'application/json' };

const reads = (options = {}) => async (url) => {
  const result = await call(url, options);
  return { read: shown(result), ok: !result.error, blocked: Boolean(result.error) };
};

/* The first call gets the cookie that the second one sends. */
async function readWithCookie(url) {
  const options = { credentials: 'include' };
  await call(url, options);
  return reads(options)(url);
}

async function readHeader(url) {
  const result = await call(url);
  if (result.error) return { read: result.error, ok: false, blocked: true };
  const value = result.headers.get(EXPOSED);
  return { read: `${EXPOSED}: ${value}`, ok: value !== null };
}

/* Tries something in the page, and looks up what the server did. */
const attempts = (attempt) => async (url) => {
  const element = attempt(url);
  const sent = await logged('/sandbox.log', new URL(url).search);
  const read = await element.result(sent);
  element.remove();
  return { read, sent, ok: !/ [45]\d\d /.test(sent) };
};

export const calls = [
  {
    title: 'Read data', path: 'orders', code: 'fetch(url)',
    asks: [], raw: {}, run: reads(),
  },
  {
    title: 'Read with cookies', path: 'account',
    code: 'fetch(url, { credentials: \'include\' })',
    asks: ['--credentials'], raw: {}, run: readWithCookie,
  },
  {
    title: 'Change with PUT', path: 'orders',
    code: 'fetch(url, { method: \'PUT\' })',
    asks: [], raw: { method: 'PUT', preflight: true },
    run: reads({ method: 'PUT' }),
  },
  {
    title: 'Send a header', path: 'orders',
    code: 'fetch(url, { headers: { \'X-Trace\': \'1\' } })',
    asks: ['--header', 'X-Trace: 1'],
    raw: { method: 'GET', preflight: true, headers: 'x-trace' },
    run: reads({ headers: { 'X-Trace': '1' } }),
  },
  {
    title: 'Send JSON', path: 'orders',
    code: 'fetch(url, { method: \'POST\', body: \'{}\', headers: { '
      + '\'Content-Type\': \'application/json\' } })',
    asks: ['--header', 'Content-Type: application/json'],
    raw: { method: 'POST', preflight: true, headers: 'content-type' },
    run: reads({ method: 'POST', body: '{}', headers: JSON_TYPE }),
  },
  {
    title: 'Read a response header', path: 'orders',
    code: `(await fetch(url)).headers.get('${EXPOSED}')`,
    asks: [], raw: {}, exposes: EXPOSED, run: readHeader,
  },
  {
    title: 'Read an error', path: 'missing', code: 'fetch(url)   // a 404',
    asks: [], raw: {}, run: reads(),
  },
  {
    title: 'Submit a form', path: 'transfer',
    code: '<form method="post">', acts: true,
    asks: ['--header', 'Content-Type: application/x-www-form-urlencoded'],
    raw: { method: 'POST' }, run: attempts(submitForm),
  },
  {
    title: 'Open a WebSocket', path: 'socket', code: 'new WebSocket(url)',
    acts: true, asks: ['--header', 'Upgrade: websocket'],
    run: attempts(openSocket),
  },
];

/* The request of a call as cors-explain reads it. */
export function question({ asks, raw }, url) {
  const words = [raw?.method ?? 'GET', url, '--origin', location.origin,
    ...asks];
  return words.map((word) => `'${word}'`).join(' ');
}
