/* WebSockets of clients that are no browsers, and say what they like: over
 * HTTP/1.1, through both ways to proxy them, and as an extended CONNECT of
 * HTTP/2 (RFC 8441). */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { is } from './tap.mjs';

const DEADLINE = 20000;     /* milliseconds that a handshake may take */

const originsOf = ({ scheme, port }) => ({
  own: [`${scheme}://shop.localhost:${port}`, true],
  listed: [`${scheme}://partner.localhost:${port}`, true],
  neighbour: [`${scheme}://blog.shop.localhost:${port}`, false],
  foreign: [`${scheme}://evil.localhost:${port}`, false],
  opaque: ['null', false],
  'no page': [undefined, true],
});

/* The server has no name but in browsers. */
const lookup = (name, options, done) =>
  done(null, ...(options.all ? [[{ address: '127.0.0.1', family: 4 }]]
                             : ['127.0.0.1', 4]));

/* Sends a word, and returns what comes back; or the status of a refusal. */
async function talk(url, origin, ca) {
  const socket = new WebSocket(url,
    { origin, ca, lookup, handshakeTimeout: DEADLINE });
  try {
    await once(socket, 'open');
    socket.send('hello');
    const [data] = await once(socket, 'message');
    return String(data);
  } catch (error) {
    return /\d{3}$/.exec(error.message)?.[0] ?? error.message;
  } finally {
    socket.terminate();
  }
}

/* The status of a WebSocket over HTTP/2: 200 where it is opened. */
async function ask(session, authority, origin) {
  const stream = session.request({
    ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'https',
    ':path': '/socket?sockets', ':authority': authority,
    'sec-websocket-version': '13', ...(origin && { origin }),
  }, { endStream: false });
  try {
    const [headers] = await once(stream, 'response',
      { signal: AbortSignal.timeout(DEADLINE) });
    return String(headers[':status']);
  } finally {
    stream.close();
  }
}

async function tryHttp2(world, ca) {
  const session = connect(`https://127.0.0.1:${world.port}`,
    { ca, servername: 'shop.localhost' });
  const authority = `shop.localhost:${world.port}`;
  await once(session, 'remoteSettings');
  for (const [who, [origin, passes]] of Object.entries(originsOf(world))) {
    is(await ask(session, authority, origin), passes ? '200' : '403',
      `no browser: a WebSocket over HTTP/2: ${who}`);
  }
  session.destroy();
}

export async function trySockets(worlds, folder) {
  const ca = readFileSync(join(folder, 'ca.pem'));
  for (const [name, world] of Object.entries(worlds)) {
    for (const path of ['socket', 'upgrade']) {
      const url = `${world.scheme.replace('http', 'ws')}://`
        + `shop.localhost:${world.port}/${path}?sockets`;
      for (const [who, [origin, passes]] of Object.entries(originsOf(world))) {
        is(await talk(url, origin, ca), passes ? 'hello yourself' : '403',
          `no browser: ${name}: /${path}: ${who}`);
      }
    }
  }
  await tryHttp2(worlds.https, ca);
}
