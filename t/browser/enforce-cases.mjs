/* What pages try with a server under t/browser/enforce.conf.
 *
 *   name     of the case, and of its row in docs/enforcement.md
 *   does     runs in the page, in the words of htdocs/enforce.js
 *   passes   for which pages the server acts on it, or answers it: a function
 *            of the page (own, listed, neighbour, foreign), of whether the
 *            browser says where requests come from (not over plain http), and
 *            of the engine
 *   forges   whether it is one of the known ways to forge a request
 *   alone    it leaves the page */

const known = (page) => page === 'own' || page === 'listed';

/* The origin of these is null, whoever they come from. */
const nobody = () => false;

/* A browser sends no Origin with what it loads without CORS. */
const loaded = (page, says) => page === 'own' || !says;
const always = () => true;

export const pages = {
  own: 'shop', listed: 'partner', neighbour: 'blog.shop', foreign: 'evil',
};

const acts = [{
  name: 'form, urlencoded',
  does: () => send(shopUrl('/act')),
}, {
  name: 'form, multipart',
  does: () => send(shopUrl('/act'), { enctype: 'multipart/form-data' }),
}, {
  name: 'form, text/plain',
  does: () => send(shopUrl('/act'), { enctype: 'text/plain' }),
}, {
  name: 'form with no-referrer',
  does: () => {
    make('meta', { name: 'referrer', content: 'no-referrer' }, document.head);
    return send(shopUrl('/act')).finally(() => {
      document.querySelector('meta[name=referrer]').remove();
      make('meta', { name: 'referrer', content: 'strict-origin-when-cross-origin' },
        document.head);
    });
  },
  passes: (page, says) => page === 'own' && says,
}, {
  name: 'form in a sandboxed frame',
  does: () => framed({ sandbox: 'allow-forms allow-scripts',
    srcdoc: formPage(shopUrl('/act')) }),
  passes: nobody,
}, {
  name: 'form in a data: frame',
  does: () => framed({
    src: `data:text/html,${encodeURIComponent(formPage(shopUrl('/act')))}` }),
  passes: nobody,
}, {
  name: 'form in a frame of the page (srcdoc)',
  does: () => framed({ srcdoc: formPage(shopUrl('/act')) }),
}, {
  name: 'form, redirected by another site',
  does: () => send(shopUrl('/bounce/act', 'evil')),
  passes: nobody,
}, {
  name: 'form, to another site and back',
  does: () => send(shopUrl('/away/act')),
  passes: nobody,
}, {
  name: 'fetch(), no-cors',
  does: () => ask(shopUrl('/act'), { method: 'POST', mode: 'no-cors',
    credentials: 'include', body: 'amount=1000' }),
}, {
  name: 'fetch(), simple',
  does: () => ask(shopUrl('/act'), { method: 'POST', body: 'amount=1000' }),
}, {
  name: 'fetch(), keepalive',
  does: () => ask(shopUrl('/act'), { method: 'POST', mode: 'no-cors',
    keepalive: true, body: 'amount=1000' }),
}, {
  name: 'fetch(), redirected by another site',
  does: () => ask(shopUrl('/bounce/act', 'evil'),
    { method: 'POST', mode: 'no-cors', body: 'amount=1000' }),
  passes: nobody,
}, {
  name: 'fetch() in a worker',
  does: () => inWorker(`fetch('${shopUrl('/act')}', { method: 'POST',
    mode: 'no-cors', body: 'a' }).finally(() => postMessage(1))`),
}, {
  name: 'XMLHttpRequest',
  does: () => within((done) => {
    const request = new XMLHttpRequest();
    request.onloadend = () => done('sent');
    request.open('POST', shopUrl('/act'));
    request.setRequestHeader('Content-Type', 'text/plain');
    request.send('amount=1000');
  }),
}, {
  name: 'sendBeacon()',
  does: async () => navigator.sendBeacon(shopUrl('/act'), 'amount=1000'),
}, {
  name: 'PUT',
  does: () => ask(shopUrl('/act'), { method: 'PUT', body: 'amount=1000' }),
}, {
  name: 'WebSocket',
  does: () => open('/socket'),
}, {
  name: 'WebSocket (upgrade=websocket)',
  does: () => open('/upgrade'),
}, {
  name: 'WebSocket in a sandboxed frame',
  does: () => framed({ sandbox: 'allow-scripts', srcdoc:
    `<script>new WebSocket('${shopUrl('/socket').replace(/^http/, 'ws')}')</script>` }),
  passes: nobody,
}, {
  name: 'form in the whole window',
  does: async () => {
    setTimeout(() => makeForm(shopUrl('/act')).submit(), 50);
    return 'sent';
  },
  alone: true,
}].map((test) => ({ forges: true, passes: known, ...test }));

const loads = [{
  name: 'image',
  does: () => load('img', { src: shopUrl('/load/dot.png') }),
}, {
  name: 'script',
  does: () => load('script', { src: shopUrl('/load/script.js') }),
}, {
  name: 'style sheet',
  does: () => load('link',
    { rel: 'stylesheet', href: shopUrl('/load/style.css') }),
}, {
  name: 'object',
  does: () => load('object',
    { type: 'image/png', data: shopUrl('/load/dot.png') }),
  /* WebKit calls it a frame, and a frame is a visit. */
  passes: (page, says, engine) => engine === 'webkit' || loaded(page, says),
}, {
  name: 'embed',
  does: () => load('embed', { type: 'image/png', src: shopUrl('/load/dot.png') }),
}, {
  name: 'fetch(), no-cors',
  does: () => ask(shopUrl('/load/hello.txt'), { mode: 'no-cors' }),
}, {
  name: 'image with crossorigin',
  does: () => load('img',
    { crossOrigin: 'anonymous', src: shopUrl('/load/dot.png') }),
  passes: known,
}, {
  name: 'module',
  does: () => import(shopUrl('/load/module.js')).catch(() => 'failed'),
  passes: known,
}, {
  name: 'fetch()',
  does: () => ask(shopUrl('/load/hello.txt')),
  passes: known,
}, {
  name: 'events',
  does: () => within((done) => {
    const source = new EventSource(shopUrl('/events'));
    const end = () => { source.close(); done('over'); };
    source.onmessage = source.onerror = end;
  }),
  passes: known,
}, {
  name: 'frame',
  does: () => load('iframe', { src: shopUrl('/load/hello.txt') }),
  passes: always,
}, {
  name: 'link',
  does: async () => {
    const link = make('a', { href: shopUrl('/load/hello.txt') });
    setTimeout(() => link.click(), 50);
    return 'sent';
  },
  passes: always,
  alone: true,
}].map((test) => ({ passes: loaded, ...test }));

export const chapters = {
  'Requests that act, under `Unsafe`': acts,
  'Resources, under `All`': loads,
};
export const cases = Object.values(chapters).flat();
