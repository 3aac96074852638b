/* Calls, as the scripts of both pages make them. */

/* Reads a response as a script may. */
export async function call(url, options = {}) {
  try {
    const response = await fetch(url, {
      cache: 'no-store', signal: AbortSignal.timeout(10000), ...options,
    });
    return { status: response.status, headers: response.headers,
             body: (await response.text()).trim() };
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
  }
}

/* What a script has read, in a few lines. */
export const shown = (result) => result.error ?? `${result.status}  ${result.body.slice(0, 200)}`;

/* The last line in a log of the server about the request with this query,
 * which the server writes after it has answered: looks until there is one, for
 * some time. */
export async function logged(log, query) {
  for (let tries = 0; tries < 100; tries++) {
    const text = await (await fetch(log, { cache: 'no-store' })).text();
    const line = text.split('\n').reverse().find((one) => one.startsWith(`${query} `));
    if (line) return line.slice(query.length + 1);
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return 'The server got nothing.';
}

/* A form in a frame that nobody sees, as an attacker's page has it. */
export function submitForm(url) {
  const frame = document.createElement('iframe');
  const form = document.createElement('form');
  frame.hidden = true;
  frame.name = 'forged';
  Object.assign(form, { action: url, method: 'post', target: 'forged' });
  document.body.append(frame, form);
  form.submit();
  return {
    result: (sent) => / 200 /.test(sent) ? 'The server made the transfer.'
                                         : 'The server did nothing.',
    remove: () => { frame.remove(); form.remove(); },
  };
}

/* Ends with the first thing that happens. */
export const first = (target, happenings) => new Promise((done) => {
  for (const [name, say] of Object.entries(happenings)) {
    target.addEventListener(name, (event) => done(say(event)));
  }
});

export function openSocket(url) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'));
  const outcome = first(socket, {
    message: ({ data }) => `The page is connected, and reads: ${data}`,
    error: () => 'The page is not connected.',
    close: () => 'The page is not connected.',
  });
  return { result: () => outcome, remove: () => socket.close() };
}

/* Header names as servers write them, where fetch() has them in lower case. */
const capitals = (name) => name.replace(/\b[a-z]/g, (c) => c.toUpperCase());

/* Sends a request once more through this page's own origin, where a script can
 * read all headers of the answer. */
async function resend({ path, headers, authorization }, method, asked) {
  const response = await fetch(`/raw/${path}`, {
    method,
    headers: { 'X-Demo-Origin': location.origin, 'X-Demo-Method': asked ?? '',
               'X-Demo-Headers': (asked && headers) ?? '',
               ...(!asked && authorization ? { Authorization: authorization } : {}) },
  });
  const lines = [...response.headers]
    .filter(([name]) => /^(access-control-|vary|x-)/.test(name))
    .map(([name, value]) => `${capitals(name)}: ${value.replace(/,\s*/g, ', ')}`);
  return {
    status: response.status,
    headers: response.headers,
    text: [`${method} /${path}: ${response.status} ${response.statusText}`,
           ...lines].join('\n'),
  };
}

/* What the server sent, and the status and the headers of what the row is
 * about: those of the preflight where there was one. */
export async function resendAll(raw) {
  const answers = [];
  if (raw.preflight) answers.push(await resend(raw, 'OPTIONS', raw.method));
  if (!raw.stops) answers.push(await resend(raw, raw.method ?? 'GET'));
  return { headers: answers[0].headers, status: answers[0].status,
           text: answers.map((answer) => answer.text).join('\n\n') };
}

/* Puts text into an element, each line in its own, so that what is folded can
 * be told from a line that follows. */
export function setLines(element, text) {
  element.replaceChildren(...text.split(/(?<=\n)/).map((line) => {
    const span = document.createElement('span');
    span.textContent = line;
    return span;
  }));
}
