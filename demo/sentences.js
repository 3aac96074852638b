/* What the consoles of browsers say, word for word as docs/console.md has it:
 * a script can't read its own console.
 *
 * Each sentence is a function of what it names: { url, origin, status, name },
 * the last of which is a method, a header or a value.
 */

const access = ({ url, origin }, reason) => `Access to fetch at '${url}' from `
  + `origin '${origin}' has been blocked by CORS policy: ${reason}`;
const preflight = (call, reason) => access(call,
  `Response to preflight request doesn't pass access control check: ${reason}`);
const NO_HEADER = 'No \'Access-Control-Allow-Origin\' header is present on '
  + 'the requested resource.';

const blocked = ({ url }, reason) => 'Cross-Origin Request Blocked: The Same '
  + `Origin Policy disallows reading the remote resource at ${url}. (Reason: `
  + `${reason}).`;
const lacks = (call) => `${blocked(call,
  'CORS header ‘Access-Control-Allow-Origin’ missing')} Status code: ${
  call.status}.`;

const notAllowed = ({ origin, status }) => `Origin ${origin} is not allowed `
  + `by Access-Control-Allow-Origin. Status code: ${status}`;

export const sentences = {
  noHeader: {
    chromium: (call) => access(call, NO_HEADER),
    firefox: lacks,
    webkit: notAllowed,
  },
  noHeaderOnPreflight: {
    chromium: (call) => preflight(call, NO_HEADER),
    firefox: lacks,
    webkit: notAllowed,
  },
  failedPreflight: {
    chromium: (call) => preflight(call, NO_HEADER),
    firefox: lacks,
    webkit: ({ status }) =>
      `Preflight response is not successful. Status code: ${status}`,
  },
  several: {
    chromium: (call) => access(call, 'The \'Access-Control-Allow-Origin\' '
      + `header contains multiple values '${call.name}', but only one is `
      + 'allowed. Have the server send the header with a valid value.'),
    firefox: (call) => blocked(call,
      'Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed'),
    webkit: () =>
      'Access-Control-Allow-Origin cannot contain more than one origin.',
  },
  method: {
    chromium: (call) => access(call, `Method ${call.name} is not allowed by `
      + 'Access-Control-Allow-Methods in preflight response.'),
    firefox: (call) => blocked(call,
      'Did not find method in CORS header ‘Access-Control-Allow-Methods’'),
    webkit: ({ name }) =>
      `Method ${name} is not allowed by Access-Control-Allow-Methods.`,
  },
  header: {
    chromium: (call) => access(call, `Request header field ${
      call.name.toLowerCase()} is not allowed by Access-Control-Allow-Headers `
      + 'in preflight response.'),
    firefox: (call) => blocked(call, `header ‘${call.name.toLowerCase()}’ is `
      + 'not allowed according to header ‘Access-Control-Allow-Headers’ from '
      + 'CORS preflight response'),
    webkit: ({ name }) => `Request header field ${name} is not allowed by `
      + 'Access-Control-Allow-Headers.',
  },
};

export const engines = {
  chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit',
};

/* The engine of the browser that shows this page, if it can be told. */
export function findEngine(userAgent) {
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'chromium';
  return /\bAppleWebKit\//.test(userAgent) ? 'webkit' : null;
}
