/* What the consoles of browsers say, and what to write.
 *
 *   id      names the situation
 *   wrong   what is wrong, for docs/console.md
 *   conf    the lines of httpd and mod_headers that do it wrong; @APP@ is the
 *           page's origin
 *   file    of htdocs/assets, instead of the back end's answer
 *   page    which page makes the call, unless that is `www`: see console.mjs
 *   first   a page that makes the same call before
 *   call    the call, in the words of htdocs/page.js and console.js; `path`
 *           and `url` are what it asks for
 *   network Chromium takes the pages of this scheme for those of another
 *           network
 *   only    the one engine that is asked
 *   says    what the console says, by engine: a sentence, several, or null if
 *           it says nothing
 *   reads   what the script gets to see, unless that is `failure`
 *   write   the lines of mod_cors that mend it; the test tries them
 *   after   what the script reads with these, unless that is 200
 *   advice  what else is to be done, for docs/console.md
 */

import {
  APP_ORIGIN, API, FILES, failure, blocked, didNotSucceed, access,
  preflightAccess, NO_HEADER, notEqual, notValid, multiple, WILDCARD, notTrue,
  badMethod, badField, cannotParse, NO_REDIRECT, lacks, noMatch, MULTIPLE,
  NO_STAR, EXPECTED_TRUE, NO_METHOD, noField, invalidToken, noSuccess,
  notAllowed, NOT_ONE, NO_WILDCARD, FLAG_TRUE, unsuccessful, methodNotAllowed,
  fieldNotAllowed, invalidValue, FORBIDDEN, says, NOTHING, noHeader,
  noHeaderOnPreflight, notOk,
} from './sentences.mjs';

/* Calls. */
const GET = () => tell(url);
const POST = () => tell(url, { method: 'POST' });
const PUT = () => tell(url, { method: 'PUT' });
const TRACED = () => tell(url, { headers: { 'X-Trace': '1' } });
const AS_USER = () => tell(url, { credentials: 'include' });
const TRACED_AS_USER = () => tell(url,
  { credentials: 'include', headers: { 'X-Trace': '1' } });

/* Lines of httpd, and of mod_cors. */
const lines = (...all) => all.join('\n');
const send = (name, value) =>
  `Header always set Access-Control-${name} "${value}"`;
const APP = send('Allow-Origin', '@APP@');
const TRUE = send('Allow-Credentials', 'true');
const TRACE = send('Allow-Headers', 'X-Trace');
const PASSWORD = lines('AuthType Basic', 'AuthName "shop"',
  'AuthUserFile "@ROOT@/htdocs/users"', 'Require valid-user');
const endPreflight = (status) => lines(
  'RewriteCond %{REQUEST_METHOD} =OPTIONS', `RewriteRule "" - [R=${status}]`);
const ADD_SLASH = lines('RewriteCond %{REQUEST_URI} !/$', 'RewriteRule "" '
  + '"http://api.shop.localhost:@PORT@%{REQUEST_URI}/" [R=302]');
const away = (user = '') => lines('RewriteCond %{HTTP_HOST} ^api',
  `RewriteRule "" "http://${user}files.localhost:@PORT@%{REQUEST_URI}" `
  + '[R=302]');

const ORIGIN = `CorsAllowOrigin ${APP_ORIGIN}`;
const ORIGIN_AND_TRACE = lines(ORIGIN, 'CorsAllowHeaders X-Trace');
const CREDENTIALS = lines(ORIGIN, 'CorsAllowCredentials On');
const CREDENTIALS_AND_TRACE =
  lines(CREDENTIALS, 'CorsAllowHeaders X-Trace');

const REPLACED = 'mod_cors replaces what back ends and `Header` lines send: '
  + 'leave `CorsBackendHeaders` at `replace`';

export const chapters = {
  'The origin': [{
    id: 'none',
    wrong: 'The response has no CORS header. Either no policy covers this '
      + 'URL, or the policy does not list the page\'s origin.',
    call: GET, says: noHeader(200), write: ORIGIN,
    advice: 'write the origin as the message spells it',
  }, {
    id: 'none-xhr',
    wrong: 'An `XMLHttpRequest` gets a response without a CORS header.',
    call: () => tellByXhr(url), reads: 'error event',
    says: noHeader(200, { what: 'XMLHttpRequest' }), write: ORIGIN,
  }, {
    id: 'none-preflight',
    wrong: 'The answer to the preflight is a 200 without any CORS header. '
      + 'Something that knows nothing of CORS answers `OPTIONS`.',
    call: TRACED,
    says: says(preflightAccess(NO_HEADER), lacks(200), notAllowed(200)),
    write: ORIGIN_AND_TRACE,
  }, {
    id: 'lost-on-error',
    wrong: 'Other responses have the header, but this error has none. '
      + '`Header set` without `always` leaves errors out, and so do many '
      + 'applications. The status says what really went wrong.',
    conf: lines('Header set Access-Control-Allow-Origin "@APP@"',
      'RewriteRule "" - [R=500]'),
    call: GET, says: noHeader(500), write: ORIGIN, after: '500',
    advice: 'the script then reads the status, whatever it is',
  }, {
    id: 'lost-on-401',
    wrong: 'A 401 has no CORS header. The request had no valid password or '
      + 'token, and the script can\'t see the status.',
    conf: PASSWORD,
    call: () => tell(url, { credentials: 'omit' }),
    says: noHeader(401), write: ORIGIN, after: '401',
  }, {
    id: 'other',
    wrong: 'The header allows another origin than the page\'s.',
    conf: send('Allow-Origin', 'https://other.example'),
    call: GET,
    says: says(access(notEqual('https://other.example')),
      noMatch('https://other.example'), notAllowed(200)),
    write: ORIGIN, advice: REPLACED,
  }, {
    id: 'other-preflight',
    wrong: 'The answer to the preflight allows another origin than the '
      + 'page\'s.',
    conf: send('Allow-Origin', 'https://other.example'),
    call: TRACED,
    says: says(preflightAccess(notEqual('https://other.example')),
      noMatch('https://other.example'), notAllowed(200)),
    write: ORIGIN_AND_TRACE,
  }, {
    id: 'slash',
    wrong: 'The origin in the header ends in a slash. An origin has no slash '
      + 'at its end, and no path.',
    conf: send('Allow-Origin', '@APP@/'),
    call: GET,
    says: says(access(notEqual(`${APP_ORIGIN}/`)), noMatch(`${APP_ORIGIN}/`),
      notAllowed(200)),
    write: ORIGIN,
  }, {
    id: 'pattern',
    wrong: 'The header holds a pattern. Browsers know no patterns: they '
      + 'compare byte for byte.',
    conf: send('Allow-Origin', 'https://*.example.com'),
    call: GET,
    says: says(access(notEqual('https://*.example.com')),
      noMatch('https://*.example.com'), notAllowed(200)),
    write: ORIGIN,
    advice: 'mod_cors does know them: `CorsAllowOrigin '
      + 'https://*.example.com` sends each page its own origin',
  }, {
    id: 'null-value',
    wrong: 'The header is the word `null`. `null` does not mean "none": it '
      + 'allows files and sandboxed frames, and nobody else.',
    conf: send('Allow-Origin', 'null'),
    call: GET,
    says: says(access(notEqual('null')), noMatch('null'), notAllowed(200)),
    write: ORIGIN,
  }, {
    id: 'no-scheme',
    wrong: 'The origin in the header has no scheme.',
    conf: send('Allow-Origin', 'app.example.com'),
    call: GET,
    says: says(access(notValid('app.example.com')),
      noMatch('app.example.com'), notAllowed(200)),
    write: ORIGIN,
  }, {
    id: 'empty',
    wrong: 'The header is empty, for example because it holds a variable '
      + 'that is not set.',
    conf: send('Allow-Origin', ''),
    call: GET,
    says: says(access(notValid('')), noMatch(''), notAllowed(200)),
    write: ORIGIN,
  }, {
    id: 'several',
    wrong: 'The header lists several origins. A response can name only one.',
    conf: send('Allow-Origin', '@APP@, https://other.example'),
    call: GET,
    says: says(access(multiple(`${APP_ORIGIN}, https://other.example`)),
      noMatch(`${APP_ORIGIN}, https://other.example`), NOT_ONE),
    write: `${ORIGIN} https://other.example`,
    advice: 'mod_cors sends the one that fits',
  }, {
    id: 'several-preflight',
    wrong: 'The answer to the preflight lists several origins.',
    conf: send('Allow-Origin', '@APP@, https://other.example'),
    call: TRACED,
    says: says(
      preflightAccess(multiple(`${APP_ORIGIN}, https://other.example`)),
      noMatch(`${APP_ORIGIN}, https://other.example`), NOT_ONE),
    write: lines(`${ORIGIN} https://other.example`,
      'CorsAllowHeaders X-Trace'),
  }, {
    id: 'twice',
    wrong: 'The response has the header twice. Usually the server adds one, '
      + 'and the application behind it the other.',
    conf: lines(APP, 'Header always add Access-Control-Allow-Origin "@APP@"'),
    call: GET,
    says: says(access(multiple(`${APP_ORIGIN}, ${APP_ORIGIN}`)), MULTIPLE,
      NOT_ONE),
    write: ORIGIN, advice: REPLACED,
  }, {
    id: 'star-twice',
    wrong: 'The response has the header twice, and one of the two is `*`.',
    conf: lines(send('Allow-Origin', '*'),
      'Header always add Access-Control-Allow-Origin "@APP@"'),
    call: GET,
    says: says(access(multiple(`*, ${APP_ORIGIN}`)), MULTIPLE, NOT_ONE),
    write: ORIGIN, advice: REPLACED,
  }, {
    id: 'cached',
    wrong: 'A cache holds the response that another page got, with that '
      + 'page\'s origin. The server sends back whatever origin comes, '
      + 'without `Vary: Origin`.',
    conf: lines('SetEnvIf Origin "(.+)" ECHO=$1',
      'Header set Access-Control-Allow-Origin "%{ECHO}e" env=ECHO',
      'Header set Cache-Control max-age=600'),
    first: 'admin', call: GET,
    says: says(access(notEqual('https://admin.example.com')),
      noMatch('https://admin.example.com'), notAllowed(200)),
    write: `${ORIGIN} https://admin.example.com`,
    advice: 'mod_cors sends `Vary`; empty the caches once, and see '
      + '[docs/cdn.md](cdn.md)',
  }, {
    id: 'null-page',
    wrong: 'The page has no origin of its own: it is a file, or it is in a '
      + 'sandboxed frame.',
    page: 'file', conf: APP, call: GET,
    says: says(access(notEqual(APP_ORIGIN), { from: 'null' }),
      noMatch(APP_ORIGIN), notAllowed(200, 'null')),
    write: 'CorsAllowOrigin *',
    advice: 'only for public data; for other data open the page from a '
      + 'server, such as http://localhost:8080, and list that origin',
  }, {
    id: 'null-page-none',
    wrong: 'The page has no origin of its own, and the response has no CORS '
      + 'header.',
    page: 'file', call: GET,
    says: says(access(NO_HEADER, { from: 'null' }), lacks(200),
      notAllowed(200, 'null')),
    write: 'CorsAllowOrigin *',
    advice: 'only for public data, as above',
  }, {
    id: 'file-script',
    wrong: 'The page is a file, and loads a module from another file. No file '
      + 'has CORS headers.',
    page: 'file', call: () => import('file:///items.mjs').then(String, String),
    reads: {
      chromium: 'TypeError: Failed to fetch dynamically imported module: '
        + 'file:///items.mjs',
      firefox: 'TypeError: error loading dynamically imported module: '
        + 'file:///items.mjs',
      webkit: 'TypeError: Importing a module script failed.',
    },
    says: says(access('Cross origin requests are only supported for protocol '
      + 'schemes: …', { what: 'script', at: '\'file:///items.mjs\'',
      from: 'null' }), null, null),
    advice: 'open the page from a server, such as http://localhost:8080',
  }],

  'Credentials': [{
    id: 'credentials-star',
    wrong: 'The page sends cookies (`credentials: \'include\'`), and the '
      + 'response allows `*`. Browsers refuse `*` for requests with '
      + 'credentials.',
    conf: lines(send('Allow-Origin', '*'), TRUE), call: AS_USER,
    says: says(access(WILDCARD), NO_STAR, NO_WILDCARD),
    write: CREDENTIALS,
  }, {
    id: 'credentials-star-preflight',
    wrong: 'The page sends cookies, and the answer to the preflight allows '
      + '`*`.',
    conf: lines(send('Allow-Origin', '*'), TRUE, TRACE), call: TRACED_AS_USER,
    says: says(preflightAccess(WILDCARD), NO_STAR, NO_WILDCARD),
    write: CREDENTIALS_AND_TRACE,
  }, {
    id: 'credentials-xhr',
    wrong: 'An `XMLHttpRequest` with `withCredentials` gets `*`.',
    conf: send('Allow-Origin', '*'),
    call: () => tellByXhr(url, undefined, true), reads: 'error event',
    says: says(access(`${WILDCARD} The credentials mode of requests initiated `
      + 'by the XMLHttpRequest is controlled by the withCredentials '
      + 'attribute.', { what: 'XMLHttpRequest' }), NO_STAR, NO_WILDCARD),
    write: CREDENTIALS,
  }, {
    id: 'credentials-missing',
    wrong: 'The page sends cookies, and the response does not allow '
      + 'credentials.',
    conf: APP, call: AS_USER,
    says: says(access(notTrue('')), EXPECTED_TRUE, FLAG_TRUE),
    write: CREDENTIALS,
    advice: 'or let the script send none: `credentials: \'omit\'`',
  }, {
    id: 'credentials-missing-preflight',
    wrong: 'The page sends cookies, and the answer to the preflight does not '
      + 'allow credentials.',
    conf: lines(APP, TRACE), call: TRACED_AS_USER,
    says: says(preflightAccess(notTrue('')), EXPECTED_TRUE, FLAG_TRUE),
    write: CREDENTIALS_AND_TRACE,
  }, {
    id: 'credentials-wrong',
    wrong: 'The response says `True`. Only `true` in lower case counts.',
    conf: lines(APP, send('Allow-Credentials', 'True')), call: AS_USER,
    says: says(access(notTrue('True')), EXPECTED_TRUE, FLAG_TRUE),
    write: CREDENTIALS,
  }, {
    id: 'credentials-wrong-preflight',
    wrong: 'The answer to the preflight says `True`. Only `true` in lower '
      + 'case counts.',
    conf: lines(APP, TRACE, send('Allow-Credentials', 'True')),
    call: TRACED_AS_USER,
    says: says(preflightAccess(notTrue('True')), EXPECTED_TRUE, FLAG_TRUE),
    write: CREDENTIALS_AND_TRACE,
  }, {
    id: 'credentials-star-headers',
    wrong: 'In a request with credentials, `*` in '
      + '`Access-Control-Allow-Headers` is a header of that name.',
    conf: lines(APP, TRUE, send('Allow-Headers', '*')), call: TRACED_AS_USER,
    says: says(badField('x-trace'), noField('x-trace'),
      fieldNotAllowed('X-Trace')),
    write: lines(CREDENTIALS, 'CorsAllowHeaders *'),
    advice: 'mod_cors then sends the names that the browser asks for',
  }, {
    id: 'credentials-star-methods',
    wrong: 'In a request with credentials, `*` in '
      + '`Access-Control-Allow-Methods` is a method of that name.',
    conf: lines(APP, TRUE, send('Allow-Methods', '*')),
    call: () => tell(url, { credentials: 'include', method: 'PUT' }),
    says: says(badMethod('PUT'), NO_METHOD, methodNotAllowed('PUT')),
    write: lines(CREDENTIALS, 'CorsAllowMethods *'),
    advice: 'mod_cors then sends the method that the browser asks for',
  }],

  'Methods': [{
    id: 'method',
    wrong: 'The list that the server sends does not have the method.',
    conf: lines(APP, send('Allow-Methods', 'GET, HEAD, POST')), call: PUT,
    says: says(badMethod('PUT'), NO_METHOD, methodNotAllowed('PUT')),
    write: lines(ORIGIN, 'CorsAllowMethods GET POST PUT'),
  }, {
    id: 'method-none',
    wrong: 'The server sends no list of methods.',
    conf: APP, call: PUT,
    says: says(badMethod('PUT'), NO_METHOD, methodNotAllowed('PUT')),
    write: lines(ORIGIN, 'CorsAllowMethods GET POST PUT'),
  }, {
    id: 'method-lower',
    wrong: 'The server lists `put`. Methods are case-sensitive.',
    conf: lines(APP, send('Allow-Methods', 'put')), call: PUT,
    says: says(badMethod('PUT'), NO_METHOD, methodNotAllowed('PUT')),
    write: lines(ORIGIN, 'CorsAllowMethods GET POST PUT'),
  }, {
    id: 'method-case',
    wrong: 'The script says `patch`. Methods are case-sensitive: browsers '
      + 'send `delete`, `get`, `head`, `options`, `post` and `put` in upper '
      + 'case, and leave other names as they are.',
    conf: lines(APP, send('Allow-Methods', 'PATCH')),
    call: () => tell(url, { method: 'patch' }),
    says: says(badMethod('patch'), NO_METHOD, methodNotAllowed('patch')),
    advice: 'in the script, `method: \'PATCH\'`',
  }, {
    id: 'method-malformed',
    wrong: 'The list of methods has no commas.',
    conf: lines(APP, send('Allow-Methods', 'GET PUT')), call: PUT,
    says: says(cannotParse('Allow-Methods'),
      invalidToken('GET PUT', 'Allow-Methods'),
      invalidValue('Allow-Methods', 'GET PUT')),
    write: lines(ORIGIN, 'CorsAllowMethods GET POST PUT'),
  }],

  'Headers': [{
    id: 'header',
    wrong: 'The script sends a header, and the list that the server sends '
      + 'does not have the header.',
    conf: lines(APP, send('Allow-Headers', 'Content-Type')), call: TRACED,
    says: says(badField('x-trace'), noField('x-trace'),
      fieldNotAllowed('X-Trace')),
    write: lines(ORIGIN, 'CorsAllowHeaders Content-Type X-Trace'),
  }, {
    id: 'header-none',
    wrong: 'The script sends a header, and the server sends no list of '
      + 'headers.',
    conf: APP, call: TRACED,
    says: says(badField('x-trace'), noField('x-trace'),
      fieldNotAllowed('X-Trace')),
    write: ORIGIN_AND_TRACE,
  }, {
    id: 'header-json',
    wrong: 'The script sends JSON. `Content-Type: application/json` has to '
      + 'be allowed.',
    conf: APP,
    call: () => tell(url, { method: 'POST', body: '{}',
      headers: { 'Content-Type': 'application/json' } }),
    says: says(badField('content-type'), noField('content-type'),
      fieldNotAllowed('Content-Type')),
    write: lines(ORIGIN, 'CorsAllowHeaders Content-Type'),
  }, {
    id: 'header-two',
    wrong: 'Two headers are missing, and the message names one.',
    conf: lines(APP, send('Allow-Headers', 'Content-Type')),
    call: () => tell(url, { headers: { 'X-Trace': '1', 'X-Other': '1' } }),
    says: says(badField('x-trace'), noField('x-other'),
      fieldNotAllowed('X-Trace')),
    write: lines(ORIGIN, 'CorsAllowHeaders Content-Type X-Trace X-Other'),
  }, {
    id: 'header-authorization',
    wrong: 'The script sends a token or a password in `Authorization`.',
    conf: lines(APP, send('Allow-Headers', 'Content-Type')),
    call: () => tell(url, { headers: { Authorization: 'Bearer 1' } }),
    says: says(badField('authorization'), noField('authorization'),
      fieldNotAllowed('Authorization')),
    write: lines(ORIGIN, 'CorsAllowHeaders Content-Type Authorization'),
  }, {
    id: 'header-authorization-star',
    wrong: 'The script sends `Authorization`, and the list is `*`. By the '
      + 'Fetch standard `*` does not cover `Authorization`, but all three '
      + 'engines send the request, and no console says a word. A later '
      + 'version may refuse it.',
    conf: lines(APP, send('Allow-Headers', '*')),
    call: () => tell(url, { headers: { Authorization: 'Bearer 1' } }),
    says: NOTHING, reads: '200',
    write: lines(ORIGIN, 'CorsAllowHeaders * Authorization'),
  }, {
    id: 'header-malformed',
    wrong: 'The list of headers has no commas.',
    conf: lines(APP, send('Allow-Headers', 'X-Trace X-Other')), call: TRACED,
    says: says(cannotParse('Allow-Headers'),
      invalidToken('X-Trace X-Other', 'Allow-Headers'),
      invalidValue('Allow-Headers', 'X-Trace X-Other')),
    write: lines(ORIGIN, 'CorsAllowHeaders X-Trace X-Other'),
  }, {
    id: 'header-not-exposed',
    wrong: 'The script reads a response header that is not exposed. Chromium '
      + 'reports it for `XMLHttpRequest`; `fetch()` reads `null` without a '
      + 'message.',
    conf: lines(APP, 'Header always set X-Request-Id 1'),
    call: () => tellByXhr(url,
      (xhr) => `X-Request-Id ${xhr.getResponseHeader('X-Request-Id')}`),
    reads: 'X-Request-Id null',
    says: says('Refused to get unsafe header "X-Request-Id"', null, null),
    write: lines(ORIGIN, 'CorsExposeHeaders X-Request-Id'),
    after: 'X-Request-Id 1',
  }],

  'The preflight\'s status': [{
    id: 'status-401',
    wrong: 'Something asks the preflight for a password. A preflight never '
      + 'has one.',
    conf: PASSWORD,
    call: () => tell(url,
      { headers: { Authorization: `Basic ${btoa('reader:secret')}` } }),
    says: noHeaderOnPreflight(401),
    write: lines(ORIGIN, 'CorsAllowHeaders Authorization'),
    advice: 'where the server asks for the password; mod_cors answers before '
      + 'that',
  }, {
    id: 'status-403',
    wrong: 'Access control, a firewall or mod_cors itself refuses the '
      + 'preflight. mod_cors does so where the policy does not list the '
      + 'origin.',
    conf: endPreflight(403), call: TRACED,
    says: noHeaderOnPreflight(403), write: ORIGIN_AND_TRACE,
    advice: '`LogLevel cors:info` has the reason in the error log',
  }, {
    id: 'status-404',
    wrong: 'The application has no route for `OPTIONS`, or the URL is wrong.',
    conf: endPreflight(404), call: TRACED,
    says: noHeaderOnPreflight(404), write: ORIGIN_AND_TRACE,
  }, {
    id: 'status-405',
    wrong: 'The application or `AllowMethods` does not allow `OPTIONS`.',
    conf: endPreflight(405), call: TRACED,
    says: noHeaderOnPreflight(405), write: ORIGIN_AND_TRACE,
  }, {
    id: 'status-500',
    wrong: 'The application fails on `OPTIONS`.',
    conf: endPreflight(500), call: TRACED,
    says: noHeaderOnPreflight(500), write: ORIGIN_AND_TRACE,
  },
  ...[401, 403, 404, 405, 500].map((status) => ({
    id: `status-${status}-with-headers`,
    wrong: `The CORS headers are there, on a ${status}: \`Header always\` `
      + 'adds them to what something else refuses.',
    conf: lines(APP, TRACE, endPreflight(status)), call: TRACED,
    says: notOk(status), write: ORIGIN_AND_TRACE,
  })), {
    id: 'status-hides-header',
    wrong: 'The list does not have the header, but the status is a 403. '
      + 'Browsers look at the status first, so the message does not name the '
      + 'header.',
    conf: lines(APP, send('Allow-Headers', 'Content-Type'),
      endPreflight(403)),
    call: TRACED,
    says: notOk(403),
    write: lines(ORIGIN, 'CorsAllowHeaders Content-Type X-Trace'),
  }],

  'Redirects': [{
    id: 'preflight-redirect',
    wrong: 'The preflight meets a redirect: to https, to another host, to a '
      + 'login page, or to the same URL with a slash at its end.',
    conf: ADD_SLASH, call: TRACED,
    says: says(NO_REDIRECT, lacks(302), unsuccessful(302)),
    write: ORIGIN_AND_TRACE,
    advice: 'where the redirect is; better, call the URL that it leads to',
  }, {
    id: 'preflight-redirect-with-headers',
    wrong: 'The preflight meets a redirect that has CORS headers.',
    conf: lines(APP, ADD_SLASH), call: TRACED,
    says: says(NO_REDIRECT,
      [blocked('CORS request external redirect not allowed'), noSuccess(302)],
      unsuccessful(302)),
    write: ORIGIN_AND_TRACE,
    advice: 'where the redirect is; better, call the URL that it leads to',
  }, {
    id: 'redirect',
    wrong: 'The redirect has no CORS header.',
    conf: ADD_SLASH, call: GET,
    says: says(access(NO_HEADER), lacks(302), 'Cross-origin redirection to '
      + `${API}/ denied by Cross-Origin Resource Sharing policy: `
      + notAllowed(302)),
    write: ORIGIN, advice: 'where the redirect is, and where it leads',
  }, {
    id: 'redirect-away',
    wrong: 'The request is redirected to another host, which sends no CORS '
      + 'header. Often that host is a login page.',
    conf: lines('<If "%{HTTP_HOST} =~ /^api/">', APP, '</If>', away()),
    call: GET,
    says: says(access(NO_HEADER,
      { at: `'${FILES}' (redirected from '${API}')` }), lacks(200, FILES),
    notAllowed(200, 'null')),
    write: 'CorsAllowOrigin *',
    advice: 'on that host, for public data: after such a redirect the origin '
      + 'is `null`. For other data, call that host itself',
  }, {
    id: 'redirect-null',
    wrong: 'The request is redirected to another host, which allows the '
      + 'page\'s origin. After such a redirect browsers send `Origin: null`.',
    conf: lines(APP, away()), call: GET,
    says: says(access(notEqual(APP_ORIGIN),
      { at: `'${FILES}' (redirected from '${API}')` }),
    noMatch(APP_ORIGIN, FILES), notAllowed(200, 'null')),
    write: 'CorsAllowOrigin *',
    advice: 'on that host, for public data. For other data, call that host '
      + 'itself',
  }, {
    id: 'redirect-user',
    wrong: 'The redirect leads to a URL with a user name and a password.',
    conf: lines(send('Allow-Origin', '*'), away('me:secret@')), call: GET,
    says: says(access('Redirect location \'\' contains a username and '
      + 'password, which is disallowed for cross-origin requests.'),
    didNotSucceed(), 'Cross-origin redirection to '
      + `${FILES} denied by Cross-Origin Resource Sharing policy: redirection `
      + `URL ${FILES.replace('//', '//me:secret@')} has credentials`),
    advice: 'no header helps: redirect to a URL without them',
  }],

  'Scripts, fonts, images, style sheets, events': [{
    id: 'module', file: 'module.js',
    wrong: 'A page loads a script of `type="module"`.',
    call: () => runModule(path), reads: 'refused',
    says: noHeader(200, { what: 'script' }), write: ORIGIN, after: 'ran',
  }, {
    id: 'import', file: 'module.js',
    wrong: 'A script loads a module with `import` or `import()`.',
    call: () => import(url).then(() => 'ran', String),
    reads: {
      chromium: 'TypeError: Failed to fetch dynamically imported module: '
        + API,
      firefox: `TypeError: error loading dynamically imported module: ${API}`,
      webkit: 'TypeError: Cross-origin script load denied by Cross-Origin '
        + 'Resource Sharing policy.',
    },
    says: noHeader(200, { what: 'script' }), write: ORIGIN, after: 'ran',
  }, {
    id: 'script', file: 'script.js',
    wrong: 'A page loads a script with `crossorigin`, which `integrity` '
      + 'requires.',
    call: () => runScript(path, 'anonymous'), reads: 'refused',
    says: says(access(NO_HEADER, { what: 'script' }), lacks(200),
      [notAllowed(200), 'Cross-origin script load denied by Cross-Origin '
        + 'Resource Sharing policy.']),
    write: ORIGIN, after: 'ran',
  }, {
    id: 'font', file: 'font.ttf',
    wrong: 'A page loads a font. Browsers require CORS for every font; '
      + 'WebKitGTK does not.',
    call: () => new FontFace('tested', `url("${url}")`).load()
      .then(() => 'used', String),
    reads: {
      chromium: 'NetworkError: A network error occurred.',
      firefox: 'NetworkError: A network error occurred.',
      webkit: 'used',
    },
    says: says(access(NO_HEADER, { what: 'font' }),
      [lacks(200), 'downloadable font: download failed (font-family: "tested" '
        + 'style:normal weight:400 stretch:100 src index:0): bad URI or '
        + `cross-site access not allowed source: ${API}`], null),
    write: ORIGIN, after: 'used',
    advice: 'or `CorsAllowOrigin *`, if any page may use the font',
  }, {
    id: 'image', file: 'dot.png',
    wrong: 'A page loads an image with `crossorigin`.',
    call: () => draw(path, 'anonymous'), reads: 'refused',
    says: noHeader(200, { what: 'image' }), write: ORIGIN, after: 'red 255',
  }, {
    id: 'canvas', file: 'dot.png',
    wrong: 'A script reads a canvas after it has drawn an image without '
      + '`crossorigin`.',
    call: () => within((done) => {
      const image = new Image();
      const context = document.createElement('canvas').getContext('2d');
      image.onload = () => {
        context.drawImage(image, 0, 0);
        try {
          context.getImageData(0, 0, 1, 1);
          done('read');
        } catch (error) {
          done(String(error));
        }
      };
      image.src = url;
    }),
    reads: {
      chromium: 'SecurityError: Failed to execute \'getImageData\' on '
        + '\'CanvasRenderingContext2D\': The canvas has been tainted by '
        + 'cross-origin data.',
      firefox: 'SecurityError: The operation is insecure.',
      webkit: 'SecurityError: The operation is insecure.',
    },
    says: says(null, null, 'Unable to get image data from canvas because the '
      + 'canvas has been tainted by cross-origin data.'),
    advice: '`crossorigin` for the image, and `CorsAllowOrigin '
      + `${APP_ORIGIN}\` where it comes from`,
  }, {
    id: 'sheet', file: 'style.css',
    wrong: 'A page loads a style sheet with `crossorigin`.',
    call: () => readRules(path, 'anonymous'), reads: 'refused',
    says: noHeader(200, { what: 'CSS stylesheet' }),
    write: ORIGIN, after: '.loaded',
  }, {
    id: 'sheet-rules', file: 'style.css',
    wrong: 'A script reads the rules of a style sheet that has no '
      + '`crossorigin`.',
    call: () => add('link', { rel: 'stylesheet', href: url }, (link) => {
      try {
        return link.sheet.cssRules[0].selectorText;
      } catch (error) {
        return String(error);
      }
    }),
    reads: {
      chromium: 'SecurityError: Failed to read the \'cssRules\' property from '
        + '\'CSSStyleSheet\': Cannot access rules',
      firefox: 'SecurityError: CSSStyleSheet.cssRules getter: Not allowed to '
        + 'access cross-origin stylesheet',
      webkit: 'SecurityError: Not allowed to access cross-origin stylesheet',
    },
    says: NOTHING,
    advice: '`crossorigin` for the link, and `CorsAllowOrigin '
      + `${APP_ORIGIN}\` where it comes from`,
  }, {
    id: 'events',
    wrong: 'A script opens an `EventSource`.',
    call: () => listen(path), reads: 'refused',
    says: says(access(NO_HEADER, { what: 'resource' }), [lacks(200),
      `Firefox can’t establish a connection to the server at ${API}.`],
    notAllowed(200)),
    write: ORIGIN, after: 'event',
  }],

  'What mod_cors refuses': [{
    id: 'policy-origin',
    wrong: 'A preflight comes from an origin that the policy does not list. '
      + 'The answer is a 403 without any CORS header.',
    conf: 'CorsAllowOrigin https://other.example', call: TRACED,
    says: noHeaderOnPreflight(403), write: ORIGIN_AND_TRACE,
  }, {
    id: 'policy-actual',
    wrong: 'A request without a preflight comes from an origin that the '
      + 'policy does not list.',
    conf: 'CorsAllowOrigin https://other.example', call: GET,
    says: noHeader(200), write: ORIGIN,
  }, {
    id: 'policy-method',
    wrong: 'The policy does not list the method. The answer is a 204 with the '
      + 'list, and browsers compare.',
    conf: 'CorsAllowOrigin @APP@', call: PUT,
    says: says(badMethod('PUT'), NO_METHOD, methodNotAllowed('PUT')),
    write: lines(ORIGIN, 'CorsAllowMethods GET POST PUT'),
  }, {
    id: 'policy-header',
    wrong: 'The policy does not list the header. The answer is a 204 with the '
      + 'list, and browsers compare.',
    conf: lines('CorsAllowOrigin @APP@', 'CorsAllowHeaders Content-Type'),
    call: TRACED,
    says: says(badField('x-trace'), noField('x-trace'),
      fieldNotAllowed('X-Trace')),
    write: lines(ORIGIN, 'CorsAllowHeaders Content-Type X-Trace'),
  }, {
    id: 'policy-get',
    wrong: 'The policy does not list `GET`. Browsers send `GET`, `HEAD` and '
      + '`POST` whatever the list says, so the answer is a 403.',
    conf: lines('CorsAllowOrigin @APP@', 'CorsAllowMethods PUT',
      'CorsAllowHeaders X-Trace'),
    call: TRACED, says: notOk(403),
    write: lines(ORIGIN, 'CorsAllowMethods GET PUT',
      'CorsAllowHeaders X-Trace'),
  }, {
    id: 'policy-authorization',
    wrong: 'The policy allows the headers `*`. Browsers would take `*` for '
      + '`Authorization` too, so the answer is a 403.',
    conf: lines('CorsAllowOrigin @APP@', 'CorsAllowHeaders *'),
    call: () => tell(url, { headers: { Authorization: 'Bearer 1' } }),
    says: notOk(403), write: lines(ORIGIN, 'CorsAllowHeaders * Authorization'),
  }, {
    id: 'policy-star',
    wrong: 'The page sends cookies, and the policy allows `*`.',
    conf: 'CorsAllowOrigin *', call: AS_USER,
    says: says(access(WILDCARD), NO_STAR, NO_WILDCARD),
    write: CREDENTIALS,
  }, {
    id: 'policy-credentials',
    wrong: 'The page sends cookies, and the policy has no '
      + '`CorsAllowCredentials On`.',
    conf: 'CorsAllowOrigin @APP@', call: AS_USER,
    says: says(access(notTrue('')), EXPECTED_TRUE, FLAG_TRUE),
    write: CREDENTIALS,
  }, {
    id: 'policy-enforced',
    wrong: '`CorsEnforce` refuses a request from an origin that the policy '
      + 'does not list. The answer is a 403 without any CORS header.',
    conf: lines('CorsAllowOrigin https://other.example', 'CorsEnforce Unsafe'),
    call: POST, says: noHeader(403),
    advice: `\`${ORIGIN}\`, if this page may send such requests`,
  }, {
    id: 'policy-enforced-method',
    wrong: '`CorsEnforce` refuses a method that the policy does not list, from '
      + 'an origin that it does. The script can read the 403.',
    conf: lines('CorsAllowOrigin @APP@', 'CorsAllowMethods GET',
      'CorsEnforce Unsafe'),
    call: POST, reads: '403',
    says: says(FORBIDDEN, null, null),
    advice: '`CorsAllowMethods GET POST`',
  }],

  'What no CORS header mends': [{
    id: 'refused',
    wrong: 'Nothing listens on that port, or the server is down.',
    call: () => tell(`http://api.shop.localhost:${closed}/`),
    says: says('Failed to load resource: net::ERR_CONNECTION_REFUSED',
      didNotSucceed('https://api.example.com/'), null),
    advice: 'start the server, or correct the URL',
  }, {
    id: 'cut',
    wrong: 'The server or a proxy closes the connection.',
    call: () => tell(`http://api.shop.localhost:${cut}/`),
    says: says('Failed to load resource: net::ERR_CONNECTION_RESET',
      didNotSucceed('https://api.example.com/'), null),
    advice: 'the server\'s error log',
  }, {
    id: 'unknown-host',
    wrong: 'The host does not exist.',
    call: () => tell('http://api.example.invalid/items'),
    says: says('Failed to load resource: net::ERR_NAME_NOT_RESOLVED',
      didNotSucceed('http://api.example.invalid/items'), null),
    advice: 'correct the URL',
  }, {
    id: 'certificate',
    wrong: 'The certificate is for another host, or expired, or of an '
      + 'unknown authority. (The test tells WebKit to ignore that, so WebKit '
      + 'misses the header instead.)',
    call: () => tell(`https://unnamed.localhost:${https}/`),
    says: says('Failed to load resource: net::ERR_CERT_COMMON_NAME_INVALID',
      didNotSucceed('https://unnamed.example.com/'), notAllowed(200)),
    advice: 'open the URL itself in a tab, which shows what is wrong',
  }, {
    id: 'mixed',
    wrong: 'A page on https calls an http URL.',
    page: 'https', call: () => tell('http://api.example.com/items'),
    says: says(`Mixed Content: The page at '${APP_ORIGIN}/' was loaded over `
      + 'HTTPS, but requested an insecure resource '
      + '\'http://api.example.com/items\'. This request has been blocked; the '
      + 'content must be served over HTTPS.',
    'Blocked loading mixed active content “http://api.example.com/items”',
    [`[blocked] The page at ${APP_ORIGIN}/ requested insecure content from `
      + 'http://api.example.com/items. This content was blocked and must be '
      + 'served over HTTPS.', 'Not allowed to request resource']),
    advice: 'serve the API over https',
  }, {
    id: 'policy-of-page',
    wrong: 'The page\'s own Content-Security-Policy forbids the call.',
    page: 'strict', call: GET,
    says: says([`Connecting to '${API}' violates the following Content `
      + 'Security Policy directive: "connect-src \'self\'". The action has '
      + 'been blocked.', `Fetch API cannot load ${API}. Refused to connect `
      + 'because it violates the document\'s Content Security Policy.'],
    'Content-Security-Policy: The page’s settings blocked the loading of a '
      + `resource (connect-src) at ${API} because it violates the following `
      + 'directive: “connect-src \'self\'”',
    `Refused to connect to ${API} because it does not appear in the `
      + 'connect-src directive of the Content Security Policy.'),
    advice: 'add the API to `connect-src` where the page comes from',
  }, {
    id: 'network', network: 'https:', page: 'https',
    wrong: 'A public page calls a server in a private network or on the '
      + 'user\'s own machine, and the user has not given permission. '
      + '`Access-Control-Allow-Private-Network` does not help: this version '
      + 'asks the user instead.',
    conf: send('Allow-Origin', '*'),
    call: () => tell(`http://api.shop.localhost:${http}${path}`),
    says: says(access('Permission was denied for this request to access the '
      + '`loopback` address space.'), null, null),
    only: 'chromium',
    advice: 'allow the page to use the local network, in the browser',
  }, {
    id: 'network-insecure', network: 'http:', page: 'insecure',
    wrong: 'A public http page calls a server in a private network or on the '
      + 'user\'s own machine. Only https pages may ask the user for '
      + 'permission.',
    conf: send('Allow-Origin', '*'),
    call: () => tell(`https://api.shop.localhost:${https}${path}`),
    only: 'chromium',
    says: says(access('The request client is not a secure context and the '
      + 'resource is in more-private address space `loopback`.'), null, null),
    advice: 'serve the page over https',
  }],
};

/* What a chapter begins with in docs/console.md. */
export const introductions = {
  'What mod_cors refuses': `\
Browsers look at the status of a preflight first. With a 403, none of the three
names the missing method or header, whatever the answer lists. With a 2xx and
the lists, Chromium and WebKit name both, and Firefox names the header, but
never the method. mod_cors therefore answers with a 204 and the lists wherever
every browser will refuse by itself.`,
};

export const situations = Object.values(chapters).flat();

/* What one engine's console says of a situation, as a list. */
export const sentences = ({ says: all }, engine) => [all[engine] ?? []].flat();

/* What the script sees of it there. */
export const reading = ({ reads = failure }, engine) =>
  (typeof reads === 'string' ? reads : reads[engine]);
