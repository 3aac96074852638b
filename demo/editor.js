/* The editor: reads and writes the policy, and shows what httpd says of it. */

const byId = (id) => document.getElementById(id);
const text = byId('policy');
const LOST = 'The lines are still here, and the old policy still holds. '
  + 'make run prints where the error log is.';

let saved = '';
let first = '';

const say = (what, isBad = false) => {
  byId('saved').textContent = what;
  byId('saved').dataset.bad = isBad;
};

/* Selects a line of the policy. */
export function goTo(number) {
  const lines = text.value.split('\n');
  const start = lines.slice(0, number - 1).join('\n').length + (number > 1);
  text.focus();
  text.setSelectionRange(start, start + (lines[number - 1] ?? '').length);
}

function showMessages(messages) {
  byId('messages').replaceChildren(...messages.map(({ level, line, text: said }) => {
    const item = document.createElement('li');
    item.dataset.level = level;
    if (line) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'line';
      button.textContent = `Line ${line}`;
      button.onclick = () => goTo(line);
      item.append(button, ' ');
    }
    item.append(said.replaceAll(` (line ${line} of .htaccess)`, '')
      .replaceAll(' of .htaccess)', ')'));
    return item;
  }));
}

const count = (messages, word) => `${messages.length} ${word}${
  messages.length === 1 ? '' : 's'}`;

/* The policy as lines to put into a server's configuration. */
function asVirtualHost(policy) {
  const lines = policy.trimEnd().split('\n');
  const isNote = lines.some((line) => line.includes(location.origin));
  return ['<VirtualHost *:80>', '    ServerName api.example.com',
    ...(isNote ? [`    # ${location.origin} is the workbench: list your own page.`] : []),
    ...lines.map((line) => `    ${line}`.trimEnd()), '</VirtualHost>', ''].join('\n');
}

function setSaved(policy) {
  saved = policy;
  byId('host-lines').textContent = asVirtualHost(policy);
}

const trimmed = (value) => value.replace(/\n*$/, '');

function showDraft() {
  text.rows = Math.min(20, Math.max(8, text.value.split('\n').length + 1));
  if (trimmed(text.value) !== trimmed(saved)) {
    say('Not saved yet: the calls show the policy as it was last saved.');
  } else {
    say('');
  }
}

async function send(options) {
  const response = await fetch('/policy', options);
  try {
    return await response.json();
  } catch {
    throw new Error(`The server does not take the policy (${response.status}).`);
  }
}

/* Writes the policy; returns whether the server has it. */
async function write() {
  try {
    const { policy, messages, error } =
      await send({ method: 'PUT', body: text.value });
    showMessages(messages ?? []);
    if (policy === undefined) {
      const errors = (messages ?? []).filter(({ level }) => level === 'error');
      say(error ?? `Not saved: ${count(errors, 'error')}. The old policy still holds.`, true);
      return false;
    }
    setSaved(policy);
    say(messages.length ? `Saved, with ${count(messages, 'warning')}.` : 'Saved.');
    return true;
  } catch (error) {
    say(`${error.message} ${LOST}`, true);
    return false;
  }
}

async function copy() {
  const lines = byId('host-lines');
  try {
    await navigator.clipboard.writeText(lines.textContent);
    say('Copied: the policy as it was last saved.');
  } catch {
    byId('host').open = true;
    lines.focus();
    getSelection().selectAllChildren(lines);
    say('This browser lets no page copy. The lines are selected: press Ctrl-C.');
  }
}

/* Begins with the policy that the server has.  whenSaved is called for each
 * further one. */
export async function openEditor(whenSaved) {
  let busy = Promise.resolve();
  const save = () => {
    busy = busy.then(async () => { if (await write()) await whenSaved(); });
  };
  byId('save').onclick = save;
  byId('copy').onclick = copy;
  byId('again').onclick = () => {
    text.value = first;
    showMessages([]);
    showDraft();
    text.focus();
  };
  text.oninput = showDraft;
  text.onkeydown = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  };
  try {
    const { policy, first: begin, error } = await send();
    if (error) throw new Error(error);
    first = begin;
    text.value = policy;
    setSaved(policy);
    showDraft();
  } catch (error) {
    say(`${error.message} ${LOST}`, true);
  }
}
