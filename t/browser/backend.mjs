/* What stands behind the API: it answers with what reached it. */

import { createServer } from 'node:http';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

export const namesOf = (cookies) =>
  cookies.split(/; */).map((cookie) => cookie.split('=')[0]).sort().join(' ');

function answer(request, response) {
  const { method, url, headers } = request;
  const events = url.includes('/events');
  const cookies = headers.cookie ? ` with ${namesOf(headers.cookie)}` : '';
  response.setHeader('Content-Type',
    events ? 'text/event-stream' : 'text/plain');
  request.resume().once('end', () => {
    response.end(events ? `data: event${cookies}\n\n` : `${method}${cookies}`);
  });
}

export async function startBackend() {
  const server = createServer(answer).listen(0, '127.0.0.1');
  const sockets = new WebSocketServer({ server, path: '/socket' });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`${data} yourself`));
  });
  await once(server, 'listening');
  return server.address();
}
