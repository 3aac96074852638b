/* What the cases of t/browser/cases.mjs are written in.  Each function ends in
 * a few words that say what a script of this page got to read. */

'use strict';

const DEADLINE = 15000;     /* milliseconds that one answer may take */

/* A sandboxed frame has no address of its own: its page's comes before. */
const place = window.placed ?? location;
const base = `${place.protocol}//api.shop.localhost:${place.port}`;

/* Every URL of a case carries its number, by which it is found in the log, and
 * which makes it new to every cache. */
const tagged = (url) => url + place.search;
const api = (path) => tagged(base + path);

/* Runs the text of a function as a script of this page: what is injected by a
 * driver is held to other rules in WebKit. */
function run(source) {
  return new Promise((done) => {
    window.finished = done;
    const script = document.createElement('script');
    script.textContent =
      `(${source})().then(finished, (error) => finished('' + error))`;
    document.head.append(script);
  });
}

async function inTurn(...steps) {
  const results = [];
  for (const step of steps) results.push(await step());
  return results.join(', ');
}

const times = (count, step) => inTurn(...Array(count).fill(step));

const pause = (ms) =>
  new Promise((done) => { setTimeout(done, ms, `${ms} ms`); });

async function request(url, init, judge) {
  try {
    const signal = AbortSignal.timeout(DEADLINE);
    return await judge(await fetch(url, { signal, ...init }));
  } catch (error) {
    return error.name === 'TypeError' ? 'refused' : error.name;
  }
}

const body = async (response) => {
  if (response.type === 'opaque') return 'opaque';
  const text = await response.text();
  return `${response.status}${response.ok ? ` ${text.trim()}` : ''}`;
};

const readUrl = (url, init) => request(url, init, body);
const read = (path, init) => readUrl(api(path), init);

const readWith = (headers, path) => read(path, { headers });
const asUser = (path, init) => read(path, { ...init, credentials: 'include' });
const put = (path, init) => read(path, { ...init, method: 'PUT' });
const post = (path, data, headers) =>
  read(path, { method: 'POST', body: data, headers });

const readHeaders = (path, names, init) => request(api(path), init,
  (response) => names.map((name) => `${name} ${response.headers.get(name)}`)
    .join(', '));

const within = (start) => new Promise((done) => {
  setTimeout(done, DEADLINE, 'nothing');
  start(done);
});

function upload(path, listens) {
  return within((done) => {
    const xhr = new XMLHttpRequest();
    let seen = '';
    if (listens) xhr.upload.onload = () => { seen = ', upload seen'; };
    xhr.onload = () => done(`${xhr.status} ${xhr.responseText}${seen}`);
    xhr.onerror = () => done('refused');
    xhr.open('POST', api(path));
    xhr.send('text');
  });
}

function listen(path, init) {
  return within((done) => {
    const source = new EventSource(api(path), init);
    const end = (what) => { source.close(); done(what); };
    source.onmessage = (event) => end(event.data);
    source.onerror = () => end('refused');
  });
}

const listenAsUser = (path) => listen(path, { withCredentials: true });

function talk(path) {
  return within((done) => {
    const socket = new WebSocket(api(path).replace(/^http/, 'ws'));
    socket.onopen = () => socket.send('hello');
    socket.onmessage = (event) => { socket.close(); done(event.data); };
    socket.onerror = () => done('refused');
  });
}

function pixels(image) {
  const context = document.createElement('canvas').getContext('2d');
  context.drawImage(image, 0, 0);
  try {
    return `red ${context.getImageData(0, 0, 1, 1).data[0]}`;
  } catch {
    return 'shown, not read';
  }
}

function draw(path, crossOrigin = null) {
  return within((done) => {
    const image = new Image();
    image.crossOrigin = crossOrigin;
    image.onload = () => done(pixels(image));
    image.onerror = () => done('refused');
    image.src = api(path);
  });
}

const useFont = (path) => new FontFace('tested', `url("${api(path)}")`).load()
  .then(() => 'used', () => 'refused');

/* Adds an element that loads something, and asks judge once it has. */
function add(tag, properties, judge) {
  return within((done) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.onload = () => done(judge(element));
    element.onerror = () => done('refused');
    document.head.append(element);
  });
}

function runScript(path, crossOrigin = null, type = '') {
  delete window.ran;
  return add('script', { crossOrigin, type, src: api(path) },
    () => window.ran);
}

const runModule = (path) => runScript(path, null, 'module');

const importModule = (path) => import(api(path))
  .then((module) => module.default, () => 'refused');

const readRules = (path, crossOrigin = null) => add('link',
  { crossOrigin, rel: 'stylesheet', href: api(path) }, (link) => {
    try {
      return link.sheet.cssRules[0].selectorText;
    } catch {
      return 'applied, not read';
    }
  });

async function timing(path) {
  await read(path);
  return within(async (done) => {
    let entry;
    while (!(entry = performance.getEntriesByName(api(path))[0])) {
      await pause(20);
    }
    done(entry.requestStart > 0 ? 'details' : 'no details');
  });
}

/* Runs a function in a frame whose origin is opaque. */
function inSandbox(action) {
  return within((done) => {
    const { protocol, port, search } = location;
    const placed = JSON.stringify({ protocol, port, search });
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = `<script>var placed = ${placed}</script>
      <script src="${location.origin}/page.js"></script>
      <script>run(${JSON.stringify(action.toString())})
        .then((result) => parent.postMessage(result, '*'))</script>`;
    window.onmessage = (event) => done(event.data);
    document.body.append(frame);
  });
}
