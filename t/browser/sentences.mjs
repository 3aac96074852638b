/* The sentences of the consoles, without what they have in common.
 *
 * They have the addresses below in place of those of the test.
 */

const APP_ORIGIN = 'https://app.example.com';
const API = 'https://api.example.com/items';
const FILES = 'https://files.example.net/items';

/* What the script gets to see of whatever is wrong. */
const failure = {
  chromium: 'TypeError: Failed to fetch',
  firefox: 'TypeError: NetworkError when attempting to fetch resource.',
  webkit: 'TypeError: Load failed',
};

/* Lines that stand beside any of the sentences and don't say the cause. */
const blocked = (reason, at = API) => 'Cross-Origin Request Blocked: The Same '
  + `Origin Policy disallows reading the remote resource at ${at}. (Reason: `
  + `${reason}).`;
const didNotSucceed = (at) =>
  `${blocked('CORS request did not succeed', at)} Status code: (null).`;
const companions = {
  chromium: ['Failed to load resource: net::ERR_FAILED'],
  firefox: [didNotSucceed(), didNotSucceed(`${API}/`)],
  webkit: ['Fetch API', 'XMLHttpRequest', 'EventSource', 'image'].flatMap(
    (what) => [API, FILES, 'http://api.example.com/items',
      'https://unnamed.example.com/'].map((at) => (what === 'image'
      ? `Cannot load image ${at}` : `${what} cannot load ${at}`)
      + ' due to access control checks.')),
};

/* The sentences, without what they have in common. */
const access = (reason, { what = 'fetch', at = `'${API}'`,
  from = APP_ORIGIN } = {}) => `Access to ${what} at ${at} from origin `
  + `'${from}' has been blocked by CORS policy: ${reason}`;
const preflightAccess = (reason) => access('Response to preflight request '
  + `doesn't pass access control check: ${reason}`);
const NO_HEADER =
  'No \'Access-Control-Allow-Origin\' header is present on the requested '
  + 'resource.';
const VALID = 'Have the server send the header with a valid value.';
const notEqual = (value) => 'The \'Access-Control-Allow-Origin\' header has a '
  + `value '${value}' that is not equal to the supplied origin. ${VALID}`;
const notValid = (value) => 'The \'Access-Control-Allow-Origin\' header '
  + `contains the invalid value '${value}'. ${VALID}`;
const multiple = (values) => 'The \'Access-Control-Allow-Origin\' header '
  + `contains multiple values '${values}', but only one is allowed. ${VALID}`;
const INCLUDE = 'when the request\'s credentials mode is \'include\'.';
const WILDCARD = 'The value of the \'Access-Control-Allow-Origin\' header in '
  + `the response must not be the wildcard '*' ${INCLUDE}`;
const notTrue = (value) => 'The value of the '
  + '\'Access-Control-Allow-Credentials\' header in the response is '
  + `'${value}' which must be 'true' ${INCLUDE}`;
const badMethod = (name) => access(`Method ${name} is not allowed by `
  + 'Access-Control-Allow-Methods in preflight response.');
const badField = (name) => access(`Request header field ${name} is not `
  + 'allowed by Access-Control-Allow-Headers in preflight response.');
const cannotParse = (name) => access(`Cannot parse Access-Control-${name} `
  + 'response header field in preflight response.');
const NOT_OK = preflightAccess('It does not have HTTP ok status.');
const NO_REDIRECT = preflightAccess('Redirect is not allowed for a preflight '
  + 'request.');

const lacks = (status, at) => `${blocked(
  'CORS header ‘Access-Control-Allow-Origin’ missing', at)} Status code: `
  + `${status}.`;
const noMatch = (value, at) => blocked(
  `CORS header ‘Access-Control-Allow-Origin’ does not match ‘${value}’`, at);
const MULTIPLE =
  blocked('Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed');
const NO_STAR = blocked('Credential is not supported if the CORS header '
  + '‘Access-Control-Allow-Origin’ is ‘*’', `‘${API}’`);
const EXPECTED_TRUE = blocked(
  'expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’');
const NO_METHOD =
  blocked('Did not find method in CORS header ‘Access-Control-Allow-Methods’');
const noField = (name) => blocked(`header ‘${name}’ is not allowed according `
  + 'to header ‘Access-Control-Allow-Headers’ from CORS preflight response');
const invalidToken = (token, name) => blocked(
  `invalid token ‘${token}’ in CORS header ‘Access-Control-${name}’`);
const noSuccess = (status) => `${blocked(
  'CORS preflight response did not succeed')} Status code: ${status}.`;

const notAllowed = (status, origin = APP_ORIGIN) => `Origin ${origin} is not `
  + `allowed by Access-Control-Allow-Origin. Status code: ${status}`;
const NOT_ONE =
  'Access-Control-Allow-Origin cannot contain more than one origin.';
const NO_WILDCARD = 'Cannot use wildcard in Access-Control-Allow-Origin when '
  + 'credentials flag is true.';
const FLAG_TRUE = 'Credentials flag is true, but '
  + 'Access-Control-Allow-Credentials is not "true".';
const unsuccessful = (status) =>
  `Preflight response is not successful. Status code: ${status}`;
const methodNotAllowed = (name) =>
  `Method ${name} is not allowed by Access-Control-Allow-Methods.`;
const fieldNotAllowed = (name) => `Request header field ${name} is not `
  + 'allowed by Access-Control-Allow-Headers.';
const invalidValue = (name, value) =>
  `Header Access-Control-${name} has an invalid value: ${value}`;

/* The script can read the status. */
const FORBIDDEN = 'Failed to load resource: the server responded with a status '
  + 'of 403 (Forbidden)';

/* The sentences of the three engines. */
const says = (chromium, firefox, webkit) => ({ chromium, firefox, webkit });
const NOTHING = says(null, null, null);
const noHeader = (status, options) => says(access(NO_HEADER, options),
  lacks(status), notAllowed(status));
const noHeaderOnPreflight = (status) =>
  says(preflightAccess(NO_HEADER), lacks(status), unsuccessful(status));
const notOk = (status) =>
  says(NOT_OK, noSuccess(status), unsuccessful(status));

export {
  APP_ORIGIN, API, FILES, failure, blocked, didNotSucceed, companions, access,
  preflightAccess, NO_HEADER, notEqual, notValid, multiple, WILDCARD, notTrue,
  badMethod, badField, cannotParse, NO_REDIRECT, lacks, noMatch, MULTIPLE,
  NO_STAR, EXPECTED_TRUE, NO_METHOD, noField, invalidToken, noSuccess,
  notAllowed, NOT_ONE, NO_WILDCARD, FLAG_TRUE, unsuccessful, methodNotAllowed,
  fieldNotAllowed, invalidValue, FORBIDDEN, says, NOTHING, noHeader,
  noHeaderOnPreflight, notOk,
};
