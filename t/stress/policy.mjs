// What each response of the stressed server must carry, from its request and
// from the generation of the configuration that it says it comes from.
// Written from the manual, not from the module.

const POLICIES = [
    { domain: 'even.example', methods: 'GET, POST, PUT',
      headers: 'X-Even, X-Both', credentials: true, maxAge: '60',
      expose: 'X-Id' },
    { domain: 'odd.example', methods: 'GET, POST, DELETE',
      headers: 'X-Odd, X-Both', credentials: false, maxAge: '61',
      expose: null, timing: true },
];

export const BIG = 300000;
export const BIG_PATH = '/list/big.txt';
// With the status that httpd gives them.
const PATHS = {
    '/list/page.txt': 200, '/list/missing': 404, '/list/denied': 403,
    '/list/moved': 301, '/any/page.txt': 200, '/none/page.txt': 200,
    [BIG_PATH]: 200,
};
const USUAL = Object.keys(PATHS).filter(path => path !== BIG_PATH);

// The directives of one generation, for t/stress/run.
export function configuration(generation) {
    const p = POLICIES[generation % 2];
    return [
        `Header always set X-Generation ${generation}`,
        'Header always set X-Verdict expr=%{reqenv:CORS_VERDICT}',
        '<Location /list>',
        `CorsAllowOrigin https://*.${p.domain}`,
        `CorsAllowMethods ${p.methods.replaceAll(',', '')}`,
        `CorsAllowHeaders ${p.headers.replaceAll(',', '')}`,
        `CorsAllowCredentials ${p.credentials ? 'On' : 'Off'}`,
        `CorsMaxAge ${p.maxAge}`,
        `CorsExposeHeaders ${p.expose ?? 'none'}`,
        `CorsTimingAllowOrigin ${p.timing ? 'On' : 'Off'}`,
        '</Location>', '',
    ].join('\n');
}

function pick(list) { return list[Math.floor(Math.random() * list.length)]; }

let count = 0;

// A request that no other is like: its origin and its X-Id are its own, so
// that another's in the response shows.
export function makeRequest(path = pick(USUAL)) {
    const id = `r${(count++).toString(36)}`;
    const origin = pick([
        `https://${id}.even.example`, `https://${id}.odd.example`,
        `https://a.${id}.even.example`, `https://${id}.foreign.example`,
        `https://even.example.${id}.example`, `https://${id}.odd.example/`,
        'null', undefined,
    ]);
    const headers = { 'x-id': id };
    if (origin) { headers.origin = origin; }
    const preflight = path !== BIG_PATH && Math.random() < 0.5;
    if (preflight) {
        headers['access-control-request-method']
            = pick(['GET', 'PUT', 'DELETE', 'PATCH']);
        headers['access-control-request-headers']
            = pick(['x-both', 'x-both,x-even', 'x-odd', 'x-none', '']);
    }
    return { id, path, headers, method: preflight ? 'OPTIONS' : 'GET' };
}

function words(text) {
    return text.toLowerCase().split(/[, ]+/).filter(word => word);
}

function isWellFormed(origin) {
    return origin === 'null' || /^https:\/\/[a-z0-9.]+$/.test(origin);
}

// The verdict on the origin, and on what a preflight asks for.
function verdictOf(request, policy) {
    const origin = request.headers.origin;
    if (!policy || !origin) { return ''; }
    if (!policy.any && !isWellFormed(origin)) { return 'origin-malformed'; }
    if (!policy.any && !origin.endsWith(`.${policy.domain}`)) {
        return 'origin-not-allowed';
    }
    if (request.method !== 'OPTIONS') { return 'allowed'; }
    if (!policy.methods.split(', ')
        .includes(request.headers['access-control-request-method'])) {
        return 'method-not-allowed';
    }
    const names = words(policy.headers);
    return words(request.headers['access-control-request-headers'])
        .every(name => names.includes(name)) ? 'allowed'
        : 'header-not-allowed';
}

const allowCredentials = { 'access-control-allow-credentials': 'true' };

// All lists are spelled out here, so the browser itself refuses a method or a
// header that the response doesn't name.
function expectPreflight(request, policy, isOrigin) {
    const vary = `${policy.any ? '' : 'Origin, '}`
        + 'Access-Control-Request-Method, Access-Control-Request-Headers';
    if (!isOrigin) { return { status: 403, vary }; }
    return { status: 204, vary,
        'access-control-allow-origin':
            policy.any ? '*' : request.headers.origin,
        'access-control-allow-methods': policy.methods,
        ...policy.headers && {
            'access-control-allow-headers': policy.headers },
        ...policy.credentials && allowCredentials,
        ...policy.maxAge && { 'access-control-max-age': policy.maxAge } };
}

function expectActual(request, policy, isOrigin) {
    const origin = request.headers.origin;
    if (policy.any) { return { 'access-control-allow-origin': '*' }; }
    if (!isOrigin) { return { vary: 'Origin' }; }
    return { vary: 'Origin', 'access-control-allow-origin': origin,
        ...policy.credentials && allowCredentials,
        ...policy.expose && {
            'access-control-expose-headers': policy.expose },
        ...policy.timing && { 'timing-allow-origin': origin } };
}

function policyOf(path, generation) {
    if (path.startsWith('/list/')) { return POLICIES[generation % 2]; }
    return path.startsWith('/any/')
        ? { any: true, methods: 'GET, HEAD, POST', headers: '' } : null;
}

function expected(request, generation) {
    const options = request.method === 'OPTIONS';
    const policy = policyOf(request.path, generation);
    const verdict = verdictOf(request, policy);
    const isOrigin = verdict !== '' && !verdict.startsWith('origin-');
    if (policy && options && request.headers.origin) {
        return { 'x-verdict': verdict,
            ...expectPreflight(request, policy, isOrigin) };
    }
    // httpd's own answer to OPTIONS looks for no file.
    const status = options && request.path === '/list/missing' ? 200
        : PATHS[request.path];
    return { 'x-verdict': verdict, status,
        ...policy && expectActual(request, policy, isOrigin) };
}

function bodyOf(request, status) {
    if (request.method === 'OPTIONS' || status === 204) { return null; }
    return request.path === BIG_PATH ? 'x'.repeat(BIG)
        : status === 200 ? 'page\n' : null;
}

// What is wrong with a response, or null.  headers: [name, value] each, in
// lower case, so that a line too many is seen.
export function faultOf(request, { status, headers, body }) {
    const all = name => headers.filter(h => h[0] === name).map(h => h[1]);
    if (all('x-id').join() !== request.id) {
        return `${status}, the response to ${all('x-id')}`;
    }
    const generation = all('x-generation').join();
    if (!/^\d+$/.test(generation)) { return `generation "${generation}"`; }
    const want = expected(request, Number(generation));
    const found = { status };
    for (const [name, value] of headers) {
        if (!/^(access-control-|timing-allow-origin|vary$|x-verdict)/
            .test(name)) {
            continue;
        }
        const text = name === 'vary' ? value.replace(/,\s*/g, ', ') : value;
        found[name] = name in found ? `${found[name]} | ${text}` : text;
    }
    const show = o => JSON.stringify(Object.entries(o).sort());
    if (show(found) !== show(want)) {
        return `generation ${generation}: ${show(found)}, not ${show(want)}`;
    }
    const text = bodyOf(request, status);
    if (text !== null && body !== text) {
        return `a body of ${body.length} bytes, not ${text.length}`;
    }
    return null;
}
