/* What the cases of t/browser/enforce-cases.mjs are written in, beside the
 * words of page.js.  Each function ends once the request has been made. */

'use strict';

/* Every URL carries the page's number and the case's name, by which it is found
 * in the log. */
window.attempt = '';
const shopUrl = (path, host = 'shop') =>
  `${location.protocol}//${host}.localhost:${location.port}${path}`
  + `?${window.attempt}`;

function make(tag, properties, parent = document.body) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

/* Ends with the event that says the request is over, for better or worse. */
const over = (element) => within((done) => {
  for (const name of ['load', 'error', 'loadeddata']) {
    element.addEventListener(name, () => done(name));
  }
});

function load(tag, properties) {
  const element = document.createElement(tag);
  const end = over(element);
  Object.assign(element, properties);
  document.body.append(element);
  return end;
}

const makeForm = (url, properties) => {
  const form = make('form', { method: 'post', action: url, ...properties });
  make('input', { name: 'amount', value: '1000' }, form);
  return form;
};

/* A form that stays on the page: its answer comes into a frame. */
function send(url, properties) {
  const frame = make('iframe', { name: `frame${Math.random()}` });
  const end = over(frame);
  makeForm(url, { target: frame.name, ...properties }).submit();
  return end;
}

const ask = (url, init) =>
  fetch(url, { signal: AbortSignal.timeout(DEADLINE), ...init })
    .then(() => 'answered', () => 'failed');

/* A form in a frame with this address, whose page is given. */
const framed = (properties) => new Promise((done) => {
  make('iframe', properties).onload = () => setTimeout(done, 100, 'sent');
});

const formPage = (url) => `<form method=post action="${url}">`
  + '<input name=amount value=1000></form>'
  + '<script>document.forms[0].submit()</script>';

/* Whether the WebSocket is opened. */
const open = (path) => within((done) => {
  const socket = new WebSocket(shopUrl(path).replace(/^http/, 'ws'));
  socket.onopen = () => { socket.close(); done('opened'); };
  socket.onerror = () => done('failed');
});

function inWorker(text) {
  const worker = new Worker(URL.createObjectURL(new Blob([text])));
  return within((done) => { worker.onmessage = () => done('sent'); });
}
