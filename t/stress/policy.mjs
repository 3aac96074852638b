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

function isAllowedOrigin(origin, policy) {
    const suffix = `.${policy.domain}`;
    return /^https:\/\/[a-z0-9.]+$/.test(origin) && origin.endsWith(suffix);
}

function isAllowedPreflight(request, policy) {
    const methods = policy.methods.split(', ');
    const names = words(policy.headers);
    return methods.includes(request.headers['access-control-request-method'])
        && words(request.headers['access-control-request-headers'])
            .every(name => names.includes(name));
}

const allowCredentials = { 'access-control-allow-credentials': 'true' };

function expectPreflight(request, policy) {
    const origin = request.headers.origin;
    const vary = `${policy.any ? '' : 'Origin, '}`
        + 'Access-Control-Request-Method, Access-Control-Request-Headers';
    if (!(policy.any || isAllowedOrigin(origin, policy))
        || !isAllowedPreflight(request, policy)) {
        return { status: 403, vary };
    }
    return { status: 204, vary,
        'access-control-allow-origin': policy.any ? '*' : origin,
        'access-control-allow-methods': policy.methods,
        ...policy.headers && {
            'access-control-allow-headers': policy.headers },
        ...policy.credentials && allowCredentials,
        ...policy.maxAge && { 'access-control-max-age': policy.maxAge } };
}

function expectActual(request, policy) {
    const origin = request.headers.origin;
    if (policy.any) { return { 'access-control-allow-origin': '*' }; }
    if (!origin || !isAllowedOrigin(origin, policy)) {
        return { vary: 'Origin' };
    }
    return { vary: 'Origin', 'access-control-allow-origin': origin,
        ...policy.credentials && allowCredentials,
        ...policy.expose && {
            'access-control-expose-headers': policy.expose },
        ...policy.timing && { 'timing-allow-origin': origin } };
}

function expected(request, generation) {
    const options = request.method === 'OPTIONS';
    const isPreflight = options && request.headers.origin;
    // httpd's own answer to OPTIONS looks for no file.
    const status = options && request.path === '/list/missing' ? 200
        : PATHS[request.path];
    const policy = request.path.startsWith('/list/')
        ? POLICIES[generation % 2]
        : request.path.startsWith('/any/')
        ? { any: true, methods: 'GET, HEAD, POST', headers: '' } : null;
    if (policy && isPreflight) { return expectPreflight(request, policy); }
    return { status, ...policy && expectActual(request, policy) };
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
        if (!/^(access-control-|timing-allow-origin|vary$)/.test(name)) {
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
