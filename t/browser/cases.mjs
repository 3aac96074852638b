/* What scripts in a browser can do under a policy of t/browser/httpd.conf.
 *
 *   at      the page, whose port is that of its scheme
 *   does    runs in that page, in the words of htdocs/page.js
 *   steps   instead of these two: [at, does] one after the other
 *   reads   what came of it, for the script
 *   server  the requests that reached the API: method, status, what mod_cors
 *           said of it unless that was "allowed" ("-": nothing), a null origin
 *           and cookies if there were any, h2 for HTTP/2
 *   fresh   begin with neither cookies nor caches
 *
 * Where engines differ, reads and server say so by engine. */

const www = 'http://www.shop.localhost';
const admin = 'http://admin.shop.localhost';
const stranger = 'http://stranger.localhost';
const secure = 'https://www.shop.localhost';
const partner = 'https://partner.localhost';

/* WebKit under a driver has no HTTP cache, and loads fonts without CORS. */
const webkitAlone = (common, webkit) =>
  ({ chromium: common, firefox: common, webkit });

/* Chromium alone takes a cookie without SameSite for a lax one. */
const lax = (chromium, others) =>
  ({ chromium, firefox: others, webkit: others });

export const chapters = {

  'Allowed and refused origins': [{
    name: 'an allowed origin reads',
    at: www, does: () => read('/api/list'),
    reads: '200 GET', server: ['GET 200'],
  }, {
    name: 'another origin does not',
    at: stranger, does: () => read('/api/list'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'the other scheme is another origin',
    at: secure, does: () => read('/api/old-scheme'),
    reads: 'refused', server: ['GET 200 origin-not-allowed h2'],
  }, {
    name: 'without a policy nobody reads',
    at: www, does: () => read('/plain/hello.txt'),
    reads: 'refused', server: ['GET 200 -'],
  }, {
    name: 'CorsEngine Off',
    at: www, does: () => read('/api/off'),
    reads: 'refused', server: ['GET 200 -'],
  }, {
    name: 'no-cors needs no policy and reads nothing',
    at: stranger, does: () => read('/plain/hello.txt', { mode: 'no-cors' }),
    reads: 'opaque', server: ['GET 200 -'],
  }, {
    name: '* for any page',
    at: stranger, does: () => read('/api/public'),
    reads: '200 GET', server: ['GET 200'],
  }, {
    name: '* with credentials',
    at: www, does: () => asUser('/api/public'),
    reads: 'refused', server: ['GET 200'],
  }, {
    name: '*.name at any depth',
    at: 'http://a.b.team.localhost', does: () => read('/api/team'),
    reads: '200 GET', server: ['GET 200'],
  }, {
    name: '*.name does not allow the name itself',
    at: 'http://team.localhost', does: () => read('/api/team'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: '*.name does not allow a name with that ending',
    at: 'http://steam.localhost', does: () => read('/api/team'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'name:* on any port',
    at: 'http://localhost', does: () => read('/api/ports'),
    reads: '200 GET', server: ['GET 200'],
  }, {
    name: 'DetectionOnly: judged, not readable',
    at: www, does: () => inTurn(() => read('/api/trial'),
      () => put('/api/trial')),
    reads: 'refused, refused', server: ['GET 200', 'OPTIONS 200'],
  }],

  'Preflights': [{
    name: 'PUT with a custom header',
    at: www, does: () => put('/api/items', { headers: { 'X-Token': '1' } }),
    reads: '200 PUT', server: ['OPTIONS 204', 'PUT 200'],
  }, {
    name: 'POST of JSON',
    at: www, does: () => post('/api/items', '{}',
      { 'Content-Type': 'application/json' }),
    reads: '200 POST', server: ['OPTIONS 204', 'POST 200'],
  }, {
    name: 'POST of a form needs no preflight',
    at: www, does: () => post('/api/items', new URLSearchParams('a=1')),
    reads: '200 POST', server: ['POST 200'],
  }, {
    name: 'a method that is not listed',
    at: www, does: () => read('/api/items', { method: 'DELETE' }),
    reads: 'refused', server: ['OPTIONS 204 method-not-allowed'],
  }, {
    name: 'a method in lower case',
    at: www, does: () => read('/api/items', { method: 'patch' }),
    reads: 'refused', server: ['OPTIONS 204 method-not-allowed'],
  }, {
    name: 'a header that is not listed',
    at: www, does: () => readWith({ 'X-Token': '1', 'X-Other': '1' },
      '/api/items'),
    reads: 'refused', server: ['OPTIONS 204 header-not-allowed'],
  }, {
    name: 'an origin that is not listed',
    at: stranger, does: () => put('/api/items'),
    reads: 'refused', server: ['OPTIONS 403 origin-not-allowed'],
  }, {
    name: 'methods and headers *',
    at: www, does: () => read('/api/anything',
      { method: 'REPORT', headers: { 'X-Any': '1' } }),
    reads: '200 REPORT', server: ['OPTIONS 204', 'REPORT 200'],
  }, {
    name: 'methods and headers *, with credentials',
    at: www, does: () => asUser('/api/anything/credentials',
      { method: 'REPORT', headers: { 'X-Any': '1' } }),
    reads: '200 REPORT', server: ['OPTIONS 204', 'REPORT 200'],
  }, {
    name: 'headers * without Authorization',
    at: www, does: () => readWith({ Authorization: 'Bearer 1' },
      '/api/anything'),
    reads: 'refused', server: ['OPTIONS 403 header-not-allowed'],
  }, {
    name: 'headers * with Authorization',
    at: www, does: () => readWith({ Authorization: 'Bearer 1' },
      '/api/anything/password'),
    reads: '200 GET', server: ['OPTIONS 204', 'GET 200'],
  }, {
    name: 'CorsPreflightStatus 200',
    at: www, does: () => put('/api/items/status'),
    reads: '200 PUT', server: ['OPTIONS 200', 'PUT 200'],
  }, {
    name: 'CorsPreflight forward: the back end answers',
    at: www, does: () => put('/api/items/forward'),
    reads: '200 PUT', server: ['OPTIONS 200', 'PUT 200'],
  }, {
    name: 'XHR without a listener',
    at: www, does: () => upload('/api/list', false),
    reads: '200 POST', server: ['POST 200'],
  }, {
    name: 'XHR with a listener for its upload',
    at: www, does: () => upload('/api/list', true),
    reads: '200 POST, upload seen', server: ['OPTIONS 204', 'POST 200'],
  }, {
    name: 'XHR with a listener, from another origin',
    at: stranger, does: () => upload('/api/list', true),
    reads: 'refused', server: ['OPTIONS 403 origin-not-allowed'],
  }, {
    name: 'over HTTP/2',
    at: secure, does: () => put('/api/items'),
    reads: '200 PUT', server: ['OPTIONS 204 h2', 'PUT 200 h2'],
  }, {
    name: 'over HTTP/2, from another origin',
    at: partner, does: () => put('/api/items'),
    reads: 'refused', server: ['OPTIONS 403 origin-not-allowed h2'],
  }],

  'Back ends that send CORS headers': [{
    name: 'headers of the back end, replaced',
    at: www, does: () => inTurn(() => read('/api/mended'),
      () => put('/api/mended')),
    reads: '200 GET, 200 PUT', server: ['GET 200', 'OPTIONS 204', 'PUT 200'],
  }, {
    name: 'headers of the back end, kept',
    at: www, does: () => read('/api/as-is'),
    reads: 'refused', server: ['GET 200'],
  }],

  'Passwords, redirects, errors': [{
    name: 'a preflight where a password is required',
    at: www, does: () => readWith(
      { Authorization: `Basic ${btoa('reader:secret')}` }, '/api/secret'),
    reads: '200 GET', server: ['OPTIONS 204', 'GET 200'],
  }, {
    name: 'the wrong password',
    at: www, does: () => readWith(
      { Authorization: `Basic ${btoa('reader:wrong')}` }, '/api/secret'),
    reads: '401', server: ['OPTIONS 204', 'GET 401'],
  }, {
    name: 'no password',
    at: www, does: () => read('/api/secret', { credentials: 'omit' }),
    reads: '401', server: ['GET 401'],
  }, {
    name: 'a password without a policy',
    at: www, does: () => readWith({ Authorization: 'Basic eDp5' }, '/secret'),
    reads: 'refused', server: ['OPTIONS 401 -'],
  }, {
    name: 'a redirect',
    at: www, does: () => read('/old/list'),
    reads: '200 GET', server: ['GET 302', 'GET 200'],
  }, {
    name: 'a preflight where a redirect is',
    at: www, does: () => put('/old/items'),
    reads: '200 PUT',
    server: ['OPTIONS 204', 'PUT 302', 'OPTIONS 204', 'PUT 200'],
  }, {
    name: 'a preflight where a redirect is, without a policy',
    at: www, does: () => put('/plain/old/items'),
    reads: 'refused', server: ['OPTIONS 302 -'],
  }, {
    name: 'a redirect from the page\'s own origin',
    at: www, does: () => readUrl(tagged('/out/list')),
    reads: '200 GET', server: ['GET 200'],
  }, {
    name: 'a redirect to a third origin: the origin is null there',
    at: www, does: () => read('/away/list'),
    reads: 'refused', server: ['GET 302', 'GET 200 origin-not-allowed null'],
  }, {
    name: 'a redirect to a third origin that allows any',
    at: www, does: () => read('/away/public'),
    reads: '200 GET', server: ['GET 302', 'GET 200 null'],
  }, {
    name: 'a redirect to a third origin that allows null',
    at: www, does: () => read('/away/opaque'),
    reads: '200 GET', server: ['GET 302', 'GET 200 null'],
  }, {
    name: 'a missing file, a forbidden file, a back end that is down',
    at: www, does: () => inTurn(() => read('/assets/missing'),
      () => read('/api/denied'), () => read('/down')),
    reads: '404, 403, 503', server: ['GET 404', 'GET 403', 'GET 503'],
  }, {
    name: 'these three from another origin',
    at: stranger, does: () => inTurn(() => read('/assets/missing'),
      () => read('/api/denied'), () => read('/down')),
    reads: 'refused, refused, refused',
    server: ['GET 404 origin-not-allowed', 'GET 403 origin-not-allowed',
      'GET 503 origin-not-allowed'],
  }],

  'Response headers and timing': [{
    name: 'an exposed header, and one that is not',
    at: www, does: () => readHeaders('/api/exposed', ['X-One', 'X-Two']),
    reads: 'X-One 1, X-Two null', server: ['GET 200'],
  }, {
    name: 'CorsExposeHeaders *',
    at: www, does: () => readHeaders('/api/exposed/all', ['X-One', 'X-Two']),
    reads: 'X-One 1, X-Two 2', server: ['GET 200'],
  }, {
    name: 'CorsExposeHeaders *, with credentials',
    at: www, does: () => readHeaders('/api/exposed/credentials',
      ['X-One', 'X-Two'], { credentials: 'include' }),
    reads: 'X-One 1, X-Two 2', server: ['GET 200'],
  }, {
    name: 'CorsTimingAllowOrigin On',
    at: www, does: () => timing('/api/timed'),
    reads: 'details', server: ['GET 200'],
  }, {
    name: 'CorsTimingAllowOrigin Off',
    at: www, does: () => timing('/api/list'),
    reads: 'no details', server: ['GET 200'],
  }],

  'Cookies': [{
    name: 'cookies of one site',
    fresh: true, at: secure, does: () => inTurn(
      () => asUser('/api/account/enter'),
      () => asUser('/api/account'),
      () => asUser('/api/account', { method: 'PUT' }),
      () => read('/api/account')),
    reads: '200 GET, 200 GET with lax none plain strict, '
      + '200 PUT with lax none plain strict, 200 GET',
    server: ['GET 200 h2', 'GET 200 with lax none plain strict h2',
      'OPTIONS 204 h2', 'PUT 200 with lax none plain strict h2', 'GET 200 h2'],
  }, {
    name: 'cookies from another site',
    fresh: true, steps: [
      [secure, () => asUser('/api/account/enter')],
      [partner, () => inTurn(() => asUser('/api/account'),
        () => read('/api/account'))],
    ],
    reads: lax('200 GET, 200 GET with none, 200 GET',
      '200 GET, 200 GET with none plain, 200 GET'),
    server: lax(['GET 200 h2', 'GET 200 with none h2', 'GET 200 h2'],
      ['GET 200 h2', 'GET 200 with none plain h2', 'GET 200 h2']),
  }, {
    name: 'cookies from another origin, which reads nothing',
    fresh: true, steps: [
      [secure, () => asUser('/api/account/enter')],
      ['https://stranger.localhost',
        () => asUser('/api/account')],
    ],
    reads: '200 GET, refused',
    server: lax(['GET 200 h2', 'GET 200 origin-not-allowed with none h2'],
      ['GET 200 h2', 'GET 200 origin-not-allowed with none plain h2']),
  }, {
    name: 'credentials without CorsAllowCredentials',
    at: www, does: () => asUser('/api/list'),
    reads: 'refused', server: ['GET 200'],
  }],

  'Caches': [{
    name: 'CorsMaxAge 10min: one preflight',
    at: www, does: () => times(3, () => put('/api/kept')),
    reads: '200 PUT, 200 PUT, 200 PUT',
    server: ['OPTIONS 204', 'PUT 200', 'PUT 200', 'PUT 200'],
  }, {
    name: 'CorsMaxAge 3s: another preflight after that',
    at: www, does: () => inTurn(() => put('/api/kept/briefly'),
      () => put('/api/kept/briefly'),
      () => pause(3500),
      () => put('/api/kept/briefly')),
    reads: '200 PUT, 200 PUT, 3500 ms, 200 PUT',
    server: ['OPTIONS 204', 'PUT 200', 'PUT 200', 'OPTIONS 204', 'PUT 200'],
  }, {
    name: 'a kept preflight stands for all that is listed, and no more',
    at: www, does: () => inTurn(() => readWith({ 'X-One': '1' }, '/api/kept'),
      () => readWith({ 'X-Two': '2' }, '/api/kept'),
      () => readWith({ 'X-Three': '3' }, '/api/kept')),
    reads: '200 GET, 200 GET, refused',
    server: ['OPTIONS 204', 'GET 200', 'GET 200',
      'OPTIONS 204 header-not-allowed'],
  }, {
    name: 'a kept preflight stands for one URL',
    at: www, does: () => inTurn(() => put('/api/kept'),
      () => put('/api/kept/also')),
    reads: '200 PUT, 200 PUT',
    server: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200'],
  }, {
    name: 'CorsMaxAge none: one preflight within five seconds',
    at: www, does: () => times(2, () => put('/api/kept/unsaid')),
    reads: '200 PUT, 200 PUT', server: ['OPTIONS 204', 'PUT 200', 'PUT 200'],
  }, {
    name: 'CorsMaxAge 0: a preflight each time',
    at: www, does: () => times(2, () => put('/api/kept/not')),
    reads: '200 PUT, 200 PUT',
    server: ['OPTIONS 204', 'PUT 200', 'OPTIONS 204', 'PUT 200'],
  }, {
    name: 'a cached response serves each origin its own',
    steps: [
      [www, () => times(2, () => read('/api/cached'))],
      [admin, () => read('/api/cached')],
    ],
    reads: '200 GET, 200 GET, 200 GET',
    server: webkitAlone(['GET 200', 'GET 200'],
      ['GET 200', 'GET 200', 'GET 200']),
  }, {
    name: 'a cached response for any origin serves all',
    steps: [
      [www, () => times(2, () => read('/api/public/cached'))],
      [admin, () => read('/api/public/cached')],
    ],
    reads: '200 GET, 200 GET, 200 GET',
    server: webkitAlone(['GET 200'], ['GET 200', 'GET 200', 'GET 200']),
  }, {
    name: 'without mod_cors: an echo and no Vary',
    steps: [
      [www, () => times(2, () => read('/plain/echo.txt'))],
      [admin, () => read('/plain/echo.txt')],
    ],
    reads: webkitAlone('200 hello, 200 hello, refused',
      '200 hello, 200 hello, 200 hello'),
    server: webkitAlone(['GET 200 -'],
      ['GET 200 -', 'GET 200 -', 'GET 200 -']),
  }, {
    name: 'an image that is first shown, then read',
    at: www, does: () => inTurn(() => draw('/assets/dot.png'),
      () => draw('/assets/dot.png', 'anonymous')),
    reads: 'shown, not read, red 255',
    server: {
      chromium: ['GET 200 -', 'GET 304'], firefox: ['GET 200 -', 'GET 200'],
      webkit: ['GET 200 -', 'GET 200'],
    },
  }, {
    name: 'a response that has not changed',
    at: www, does: () => times(2,
      () => read('/assets/hello.txt', { cache: 'no-cache' })),
    reads: '200 hello, 200 hello',
    server: webkitAlone(['GET 200', 'GET 304'], ['GET 200', 'GET 200']),
  }],

  'Images, fonts, scripts, style sheets, events': [{
    name: 'an image, drawn on a canvas',
    at: www, does: () => draw('/assets/dot.png', 'anonymous'),
    reads: 'red 255', server: ['GET 200'],
  }, {
    name: 'an image, of another origin',
    at: stranger, does: () => draw('/assets/dot.png', 'anonymous'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'an image without crossorigin',
    at: stranger, does: () => draw('/assets/dot.png'),
    reads: 'shown, not read', server: ['GET 200 -'],
  }, {
    name: 'a font',
    at: www, does: () => useFont('/assets/font.ttf'),
    reads: 'used', server: webkitAlone(['GET 200'], ['GET 200 -']),
  }, {
    name: 'a font, from another origin',
    at: stranger, does: () => useFont('/assets/font.ttf'),
    reads: webkitAlone('refused', 'used'),
    server: webkitAlone(['GET 200 origin-not-allowed'], ['GET 200 -']),
  }, {
    name: 'a module script',
    at: www, does: () => runModule('/assets/module.js'),
    reads: 'ran', server: ['GET 200'],
  }, {
    name: 'a module script, from another origin',
    at: stranger, does: () => runModule('/assets/module.js'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'import()',
    at: www, does: () => importModule('/assets/module.js'),
    reads: 'imported', server: ['GET 200'],
  }, {
    name: 'import(), from another origin',
    at: stranger, does: () => importModule('/assets/module.js'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'a classic script with crossorigin, from another origin',
    at: stranger, does: () => runScript('/assets/script.js', 'anonymous'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'a classic script without crossorigin',
    at: stranger, does: () => runScript('/assets/script.js'),
    reads: 'ran', server: ['GET 200 -'],
  }, {
    name: 'a style sheet',
    at: www, does: () => readRules('/assets/style.css', 'anonymous'),
    reads: '.loaded', server: ['GET 200'],
  }, {
    name: 'a style sheet without crossorigin',
    at: www, does: () => readRules('/assets/style.css'),
    reads: 'applied, not read', server: ['GET 200 -'],
  }, {
    name: 'a style sheet, from another origin',
    at: stranger, does: () => readRules('/assets/style.css', 'anonymous'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'events',
    at: www, does: () => listen('/api/events'),
    reads: 'event', server: ['GET 200'],
  }, {
    name: 'events, from another origin',
    at: stranger, does: () => listen('/api/events'),
    reads: 'refused', server: ['GET 200 origin-not-allowed'],
  }, {
    name: 'events with cookies',
    fresh: true, at: secure, does: () => inTurn(
      () => asUser('/api/account/enter'),
      () => listenAsUser('/api/account/events')),
    reads: '200 GET, event with lax none plain strict',
    server: ['GET 200 h2', 'GET 200 with lax none plain strict h2'],
  }, {
    name: 'events with credentials, under *',
    at: www, does: () => listenAsUser('/api/public/events'),
    reads: 'refused', server: ['GET 200'],
  }],

  'Sandboxed frames, whose origin is null': [{
    name: 'a sandboxed frame',
    at: www, does: () => inSandbox(() => read('/api/list')),
    reads: 'refused', server: ['GET 200 origin-not-allowed null'],
  }, {
    name: 'a sandboxed frame, under *',
    at: www, does: () => inSandbox(() => read('/api/public')),
    reads: '200 GET', server: ['GET 200 null'],
  }, {
    name: 'a sandboxed frame, where null is allowed',
    at: www, does: () => inSandbox(() => read('/api/opaque')),
    reads: '200 GET', server: ['GET 200 null'],
  }],

  'WebSocket, which CORS does not cover': [{
    name: 'a WebSocket',
    at: www, does: () => talk('/socket'),
    reads: 'hello yourself', server: ['GET 101'],
  }, {
    name: 'a WebSocket, from another origin',
    at: stranger, does: () => talk('/socket'),
    reads: 'hello yourself', server: ['GET 101 origin-not-allowed'],
  }],
};

/* What is expected of one engine. */
export const expected = (what, engine) =>
  (typeof what === 'string' || Array.isArray(what) ? what : what[engine]);

export const cases = Object.values(chapters).flat();
