import { call, first, logged, openSocket, shown, submitForm } from './http.js';

/* The rows of the page.
 *
 * location  the section of demo.conf whose lines the row shows
 * claim     what is promised
 * without   why it comes out as it does without these lines
 * same      nothing can be read either way, and that is right
 * raw       how the row's requests are sent again to show the answers; stops:
 *           the browser sends no request after the preflight.  Where there is none, run also returns
 *           what the server sent
 * bare      the sentence of sentences.js that the console has without these
 *           lines, and what it names; a response without a header by default
 * refused   the sentence that it has with them, where the call is to fail
 * outcome   what stands above the result, if it is not about reading
 * sent      whether the headers of that answer are what was promised, where
 *           a script could read the same from a worse answer
 * run       makes the calls: returns { read, ok, url }, what the script could
 *           read, whether that is what was promised, and the URL if it is not
 *           that of raw; called twice, for the API and for the part of it that
 *           has no policy
 */

const reads = (url, options, expect) => async (api) => {
  const result = await call(api + url, options);
  return { read: shown(result), ok: expect(result) };
};

const arrived = (text) => (result) => result.status === 200
  && result.body.includes(text);

const authorization = `Basic ${btoa('demo:demo')}`;

/* The preflights for one URL that the server has logged, which it does after
 * it has answered: looks until there is one, for some time. */
async function preflights(query) {
  for (let tries = 0; tries < 40; tries++) {
    const log = await (await fetch('/preflights.log', { cache: 'no-store' })).text();
    const count = log.split('\n').filter((line) => line.endsWith(query)).length;
    if (count) return count;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return 0;
}

/* Tries something on the URL, in the page, and looks up what the server did. */
const attempts = (url, attempt) => async (api) => {
  const query = `?${crypto.randomUUID()}`;
  const element = await attempt(api + url + query);
  const sent = await logged('/enforced.log', query);
  const read = await element.result(sent);
  element.remove?.();
  return { read, sent, ok: / 403 /.test(sent) };
};

function showPicture(url) {
  const image = new Image();
  const outcome = first(image, {
    load: () => `The page shows it: ${image.naturalWidth} × ${image.naturalHeight} pixels.`,
    error: () => 'The page shows nothing.',
  });
  image.src = url;
  return { result: () => outcome };
}

export const rows = [
  {
    title: 'Public data', location: '/public',
    claim: 'Any page may read the response.',
    without: 'The server answers as before, but the browser hides the response from the script.',
    raw: { path: 'public' },
    run: reads('/public', {}, arrived('GET arrived')),
  },
  {
    title: 'A list of origins', location: '/list',
    claim: 'The pages of two origins may read the response, and this page is on one of them. Vary tells caches to keep the two responses apart.',
    without: 'Neither page can read the response. A server that sends back any Origin would let both pages read, and every other page too.',
    raw: { path: 'list' },
    sent: (headers) => headers.get('Access-Control-Allow-Origin') === location.origin
      && /\bOrigin\b/i.test(headers.get('Vary')),
    run: reads('/list', {}, arrived('GET arrived')),
  },
  {
    title: 'A refused origin', location: '/refused', same: true,
    claim: 'The list does not have this page’s origin: the server answers, and the script reads nothing.',
    without: 'Neither this page nor the partner’s can read the response. A recipe that forgets Vary could give this page the partner’s cached response.',
    raw: { path: 'refused' },
    refused: { says: 'noHeader' },
    sent: (headers) => !headers.has('Access-Control-Allow-Origin'),
    run: reads('/refused', {}, (result) => Boolean(result.error)),
  },
  {
    title: 'Credentials', location: '/account',
    claim: 'The browser sends a cookie, and the script reads the response.',
    without: 'The browser sends the cookie, but hides the response. * instead of the origin would not help: browsers refuse it with credentials.',
    raw: { path: 'account' },
    sent: (headers) => headers.get('Access-Control-Allow-Credentials') === 'true',
    async run(api) {
      await call(`${api}/account`, { credentials: 'include' });
      const result = await call(`${api}/account`, { credentials: 'include' });
      return { read: shown(result), ok: arrived('cookie visitor=42')(result) };
    },
  },
  {
    title: 'PUT with JSON', location: '/items',
    claim: 'The browser first asks with a preflight, then sends the PUT.',
    without: 'The preflight finds no policy, and the browser never sends the PUT.',
    raw: { path: 'items', method: 'PUT', preflight: true, headers: 'content-type' },
    bare: { says: 'noHeaderOnPreflight' },
    run: reads('/items', {
      method: 'PUT', body: '{}', headers: { 'Content-Type': 'application/json' },
    }, arrived('PUT arrived')),
  },
  {
    title: 'DELETE', location: '/items',
    claim: 'The browser first asks with a preflight, then sends the DELETE.',
    without: 'The browser never sends the DELETE. By default a policy allows GET, HEAD and POST; you have to list DELETE.',
    raw: { path: 'items', method: 'DELETE', preflight: true },
    bare: { says: 'noHeaderOnPreflight' },
    run: reads('/items', { method: 'DELETE' }, arrived('DELETE arrived')),
  },
  {
    title: 'A refused method', location: '/method', same: true,
    claim: 'The policy does not list DELETE. The answer to the preflight has the methods that it does list, and the console says that one is missing; all but Firefox name it. The browser never sends the DELETE.',
    without: 'The preflight finds no policy, so the console names no method. Nor does it where a recipe answers 403.',
    raw: { path: 'method', method: 'DELETE', preflight: true, stops: true },
    bare: { says: 'noHeaderOnPreflight' },
    refused: { says: 'method', name: 'DELETE' },
    sent: (headers) => headers.get('Access-Control-Allow-Origin') === location.origin
      && headers.get('Access-Control-Allow-Methods') === 'GET, POST',
    run: reads('/method', { method: 'DELETE' }, (result) => Boolean(result.error)),
  },
  {
    title: 'A refused header', location: '/header', same: true,
    claim: 'The policy does not list X-Trace. The answer to the preflight has the headers that it does list, and the console names the missing one. The browser never sends the GET.',
    without: 'The preflight finds no policy, so the console names no header. Nor does it where a recipe answers 403.',
    raw: { path: 'header', preflight: true, method: 'GET', headers: 'x-trace', stops: true },
    bare: { says: 'noHeaderOnPreflight' },
    refused: { says: 'header', name: 'X-Trace' },
    sent: (headers) => headers.get('Access-Control-Allow-Origin') === location.origin
      && headers.get('Access-Control-Allow-Headers') === 'Content-Type',
    run: reads('/header', { headers: { 'X-Trace': '1' } }, (result) => Boolean(result.error)),
  },
  {
    title: 'Behind a password', location: '/secret',
    claim: 'A preflight never has a password. The module answers it before httpd asks for one, and the GET has the password.',
    without: 'The preflight gets a 401, and the browser never sends the GET.',
    raw: { path: 'secret', preflight: true, method: 'GET',
           headers: 'authorization', authorization },
    bare: { says: 'failedPreflight', status: 401 },
    run: reads('/secret', { headers: { Authorization: authorization } },
      arrived('from demo')),
  },
  {
    title: 'A back end with wrong headers', location: '/service',
    claim: 'The back end names two origins and says “yes” instead of “true”. The module replaces its headers with one correct set.',
    without: 'The headers of the back end stay as they are. The browser sees two values, neither of which is this page’s origin, and refuses the response.',
    raw: { path: 'service' },
    bare: { says: 'several', name: 'https://somewhere.example, *' },
    sent: (headers) => headers.get('Access-Control-Allow-Origin') === location.origin
      && !headers.has('Access-Control-Allow-Credentials'),
    run: reads('/service', {}, arrived('from the back end')),
  },
  {
    title: 'A response header', location: '/exposed',
    claim: 'The script reads X-Request-Id but not X-Hidden, although the server sends both.',
    without: 'The script can read nothing. With CorsAllowOrigin alone it could read the body, and both headers would be null.',
    raw: { path: 'exposed' },
    async run(api) {
      const result = await call(`${api}/exposed`);
      const get = (name) => result.headers?.get(name) ?? null;
      return {
        read: result.error ? shown(result)
          : `X-Request-Id: ${get('X-Request-Id')}\nX-Hidden: ${get('X-Hidden')}`,
        ok: get('X-Request-Id') === '4711' && get('X-Hidden') === null,
      };
    },
  },
  {
    title: 'Cached preflights', location: '/cached',
    claim: 'Three PUTs to one URL need one preflight, and no further preflight for ten minutes.',
    without: 'The preflights find no policy. With all lines except CorsMaxAge, browsers ask again after five seconds.',
    raw: { path: 'cached', method: 'PUT', preflight: true },
    bare: { says: 'noHeaderOnPreflight' },
    sent: (headers) => headers.get('Access-Control-Max-Age') === '600',
    async run(api) {
      const query = `?${crypto.randomUUID()}`;
      const results = [];
      for (let i = 0; i < 3; i++) {
        results.push(await call(`${api}/cached${query}`, { method: 'PUT', cache: 'default' }));
      }
      const good = results.filter(arrived('PUT arrived')).length;
      const url = `${api}/cached${query}`;
      if (!good) return { read: shown(results[0]), ok: false, url };
      const count = await preflights(query);
      return { read: `${good} PUTs answered, ${count} preflight${count === 1 ? '' : 's'} at the server`,
               ok: good === 3 && count === 1, url };
    },
  },
  {
    title: 'A 404', location: '/missing',
    claim: 'The script learns that the page does not exist, not only that something failed.',
    without: 'The script can’t tell a 404 from a broken network. Recipes with “Header set” forget errors too.',
    raw: { path: 'missing' },
    bare: { says: 'noHeader', status: 404 },
    run: reads('/missing', {}, (result) => result.status === 404),
  },
  {
    title: 'A forged form', location: '/transfer', outcome: 'What the server did',
    claim: 'The list does not have this page’s origin. The page submits a form to the API all the same, in the user’s name, and the server refuses to act on it.',
    without: 'The server acts on the form. CORS would keep the page from reading the answer, but the transfer is made.',
    run: attempts('/transfer', submitForm),
  },
  {
    title: 'A foreign WebSocket', location: '/socket', outcome: 'What the page got',
    claim: 'The page opens a WebSocket to the API, in the user’s name. The server refuses the handshake.',
    without: 'The page is connected, and reads what the server has for the user. Browsers ask no CORS question before they open a WebSocket.',
    run: attempts('/socket', openSocket),
  },
  {
    title: 'An image in a foreign page', location: '/picture', outcome: 'What the page got',
    claim: 'With CorsEnforce All, no page may show the image but the site’s own and those of the list. A link to the image still works.',
    without: 'Any page may show the image. CORS only keeps its script from reading the pixels.',
    run: attempts('/picture', showPicture),
  },
];
