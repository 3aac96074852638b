// node t/stress/client.mjs '{"port": ..., "seconds": ..., ...}'
//
// Sends requests over HTTP/1.1 and HTTP/2 from many connections at once and
// checks every response against policy.mjs.  Ends with one line of JSON: what
// was counted, what was wrong, and which exchanges were cut off and when.
// Whether they might be is for t/stress/run to say: it knows what it did when.

import http2 from 'node:http2';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BIG_PATH, faultOf, makeRequest } from './policy.mjs';

const options = JSON.parse(process.argv[2]);
const end = Date.now() + options.seconds * 1000;
const DEADLINE = 20000;     // for one exchange, in milliseconds
const WRONG_MAX = 20;       // are shown

const counts = { connections: 0, sessions: 0, requests: 0, responses: 0,
    http2: 0, preflights: 0, slow: 0, open: 0, parallel: 0 };
const generations = {};
const wrong = [];
const cut = [];

function check(request, response) {
    counts.responses++;
    counts.preflights += request.method === 'OPTIONS';
    const fault = faultOf(request, response);
    if (fault) {
        wrong.push(`${request.method} ${request.path} `
            + `${request.headers.origin}: ${fault}`);
        return;
    }
    const generation = response.headers.find(h => h[0] === 'x-generation')[1];
    generations[generation] = (generations[generation] ?? 0) + 1;
}

// One response at the start of data, or null while it is not all there.
function parse(data) {
    const head = data.indexOf('\r\n\r\n');
    if (head < 0) { return null; }
    const [first, ...lines] = data.toString('latin1', 0, head).split('\r\n');
    const headers = lines.map(line => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(),
            line.slice(colon + 1).trim()];
    });
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
    const length = Number(
        headers.find(h => h[0] === 'content-length')?.[1] ?? 0);
    const size = head + 4 + length;
    if (data.length < size) { return null; }
    return { status, headers, size,
        body: data.toString('latin1', head + 4, size) };
}

class Connection {
    constructor() {
        counts.connections++;
        counts.open++;
        counts.parallel = Math.max(counts.parallel, counts.open);
        this.served = 0;
        this.data = Buffer.alloc(0);
        this.socket = net.connect(options.port, '127.0.0.1');
        this.socket.on('data', chunk => this.receive(chunk));
        this.socket.on('error', () => {});
        this.socket.on('close', () => {
            counts.open--;
            this.closed = true;
            this.settle?.();
        });
    }

    receive(chunk) {
        this.data = this.data.length ? Buffer.concat([this.data, chunk])
            : chunk;
        if (this.slow) {
            this.socket.pause();
            setTimeout(() => this.socket.resume(), 50);
        }
        if (!this.settle) {
            wrong.push(`${chunk.length} bytes that nobody asked for`);
            this.socket.destroy();
            return;
        }
        const response = parse(this.data);
        if (response) {
            this.data = this.data.subarray(response.size);
            this.settle(response);
        }
    }

    // The response, or undefined if the connection ends before it is whole.
    async exchange(request) {
        const done = new Promise(settle => { this.settle = settle; });
        const timer = setTimeout(() => {
            wrong.push(`no response to ${request.path} in ${DEADLINE} ms`);
            this.socket.destroy();
        }, DEADLINE);
        if (this.closed) { this.settle(); }
        await this.send(request);
        const response = await done;
        clearTimeout(timer);
        this.settle = null;
        return response;
    }

    async send(request) {
        const lines = Object.entries({ host: 'test.example',
            ...request.headers }).map(h => `${h[0]}: ${h[1]}\r\n`);
        const text = `${request.method} ${request.path} HTTP/1.1\r\n`
            + `${lines.join('')}\r\n`;
        if (!this.slow) {
            this.socket.write(text);
            return;
        }
        for (let i = 0; i < text.length && !this.closed; i += 20) {
            this.socket.write(text.slice(i, i + 20));
            await sleep(50);
        }
    }
}

// One connection after the other, each with as many requests as the server
// takes or until a random end.
async function client(until, slow = false) {
    while (Date.now() < until && wrong.length < WRONG_MAX) {
        const connection = new Connection();
        connection.slow = slow;
        while (Date.now() < until && !connection.closed) {
            const request = slow && Math.random() < 0.5
                ? makeRequest(BIG_PATH) : makeRequest();
            const start = Date.now();
            counts.requests++;
            counts.slow += slow;
            const response = await connection.exchange(request);
            if (!response) {
                cut.push({ http: 1, start, end: Date.now(),
                    again: connection.served > 0,
                    bytes: connection.data.length });
                break;
            }
            check(request, response);
            connection.served++;
            if (response.headers.some(h => h[0] === 'connection'
                    && /close/i.test(h[1])) || Math.random() < 0.01) {
                break;
            }
        }
        connection.socket.destroy();
        await new Promise(done => connection.closed ? done()
            : connection.socket.on('close', done));
    }
}

function stream(session, request) {
    return new Promise(settle => {
        let response = null;
        const s = session.request({ ':method': request.method,
            ':path': request.path, ':authority': 'test.example',
            ...request.headers }, { endStream: true });
        s.setEncoding('latin1');
        s.on('response', (head, flags, raw) => {
            const headers = [];
            for (let i = 0; i < raw.length; i += 2) {
                headers.push([raw[i].toLowerCase(), raw[i + 1]]);
            }
            response = { status: head[':status'], headers, body: '' };
        });
        s.on('data', chunk => { response.body += chunk; });
        s.on('error', () => {});
        s.on('close', () => settle({ response,
            whole: response && s.rstCode === 0 && !s.aborted }));
        s.setTimeout(DEADLINE, () => {
            wrong.push(`no response to ${request.path} in ${DEADLINE} ms`);
            s.close();
        });
    });
}

// One stream after the other; several of these share a session, until the
// server says that it goes.
async function streams(session, state) {
    while (Date.now() < end && !session.closed && !session.destroyed
        && wrong.length < WRONG_MAX) {
        const request = makeRequest();
        const start = Date.now();
        counts.requests++;
        const { response, whole } = await stream(session, request);
        if (whole) {
            check(request, response);
            counts.http2++;
            state.served = true;
        }
        else {
            cut.push({ http: 2, start, end: Date.now(), again: state.served,
                bytes: response ? 1 : 0 });
        }
    }
}

async function session() {
    while (Date.now() < end && wrong.length < WRONG_MAX) {
        const one = http2.connect(`http://127.0.0.1:${options.port}`);
        const state = { served: false };
        counts.sessions++;
        one.on('error', () => {});
        await Promise.all(Array.from({ length: options.streams },
            () => streams(one, state)));
        one.destroy();
    }
}

function times(count, run) { return Array.from({ length: count }, run); }

await Promise.all([
    ...times(options.clients, () => client(end)),
    ...times(options.slow, () => client(end, true)),
    ...times(options.sessions, () => session()),
]);
console.log(JSON.stringify({ counts, generations, wrong, cut }));
