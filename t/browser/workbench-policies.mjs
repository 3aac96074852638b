/* Policies, and what the cards of the workbench have under each.
 *
 * lines   of the policy; PAGE is the page's origin
 * goes    the cards that got what they wanted
 * why     of some cards: what the explanation has
 */

export const TITLES = ['Read data', 'Read with cookies', 'Change with PUT',
  'Send a header', 'Send JSON', 'Read a response header', 'Read an error',
  'Submit a form', 'Open a WebSocket'];

const ACTS = TITLES.slice(7);

export const policies = [
  {
    lines: ['CorsAllowOrigin PAGE', 'CorsAllowMethods GET POST'],
    goes: ['Read data', 'Read an error', ...ACTS],
    why: {
      'Change with PUT':
        /not in CorsAllowMethods\..*Decided by CorsAllowMethods, line 2.*add PUT to CorsAllowMethods \(line 2\)\./,
      'Read with cookies':
        /Decided by CorsAllowCredentials \(its default\).*write the line CorsAllowCredentials On/,
      'Read a response header': /but not X-Request-Id.*write CorsExposeHeaders X-Request-Id\./,
      'Submit a form': /The server acts on what any page sends.*write CorsEnforce Unsafe/,
    },
  },
  {
    lines: ['CorsAllowOrigin PAGE', 'CorsAllowMethods GET PUT POST',
      'CorsAllowHeaders X-Trace Content-Type', 'CorsExposeHeaders X-Request-Id',
      'CorsAllowCredentials On'],
    goes: TITLES,
    why: { 'Read data': /Decided by CorsAllowOrigin, line 1/ },
  },
  {
    lines: ['CorsAllowOrigin PAGE', 'CorsAllowHeaders *',
      'CorsExposeHeaders X-Other'],
    goes: ['Read data', 'Send a header', 'Send JSON', 'Read an error', ...ACTS],
    why: {
      'Read a response header':
        /Decided by CorsExposeHeaders, line 3.*add X-Request-Id to CorsExposeHeaders \(line 3\)\./,
    },
  },
  {
    lines: ['CorsAllowOrigin *', 'CorsExposeHeaders *'],
    goes: ['Read data', 'Read a response header', 'Read an error', ...ACTS],
    why: { 'Read with cookies': /is \*\..*Decided by CorsAllowOrigin, line 1/ },
  },
  {
    lines: ['# nothing'],
    goes: ACTS,
    why: { 'Read data': /No policy holds.*To change it, write CorsAllowOrigin PAGE\./ },
  },
  {
    lines: ['', 'CorsAllowOrigin https://app.example.com', 'CorsEnforce All'],
    goes: [],
    why: {
      'Read data': /refuses the request with 403.*Decided by CorsAllowOrigin, line 2/,
      'Submit a form': /refuses the request with 403.*Decided by CorsAllowOrigin, line 2/,
      'Open a WebSocket': /refuses the request with 403/,
    },
  },
  {
    lines: ['CorsAllowOrigin PAGE', 'CorsEnforce Unsafe'],
    goes: ['Read data', 'Read an error', ...ACTS],
    why: { 'Submit a form': /lets this page pass.*Decided by CorsEnforce, line 2/ },
  },
  {
    lines: ['CorsAllowOrigin https://app.example.com',
      'CorsEnforce Unsafe DetectionOnly'],
    goes: ACTS,
    why: { 'Submit a form': /would refuse this, but only detects/ },
  },
];

/* Wrong lines, and what stands below the editor. */
export const wrong = [
  {
    lines: ['CorsAllowOrigin PAGE/', 'CorsAllowMethods get'],
    says: 'Not saved: 2 errors. The old policy still holds.',
    messages: ['Line 1 CorsAllowOrigin \'PAGE/\': an origin has no path: write '
      + 'PAGE [origin-path]', 'Line 2 CorsAllowMethods \'get\': browsers send it '
      + 'in upper case: write GET [name-lower-case]'],
  },
  {
    lines: ['CorsAllowOrigin PAGE', 'Header set X-Y z'],
    says: 'Not saved: 1 error. The old policy still holds.',
    messages: ['Line 2 only Cors directives, comments and blank lines can stand '
      + 'here'],
  },
];
