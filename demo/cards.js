/* The cards: one for each call. */

import { calls, question } from './calls.js';
import { showConsole } from './consoles.js';
import { resendAll, setLines } from './http.js';
import { sentences } from './sentences.js';
import { explain } from './why.js';

const byId = (id) => document.getElementById(id);
const api = `http://localhost:${Number(location.port) + 1}/sandbox/`;
const isWide = matchMedia('(min-width: 64rem)').matches;

const CHIPS = {
  read: ['was read', 'not read'], acted: ['went through', 'refused'],
};

export function addCards() {
  return calls.map((call, i) => {
    const article = byId('card').content.cloneNode(true).querySelector('article');
    const find = (name) => article.querySelector(name);
    find('.title').textContent = call.title;
    find('.title').id = `call-${i + 1}`;
    find('.code').textContent = call.code;
    find('details').open = isWide;
    article.setAttribute('aria-labelledby', `call-${i + 1}`);
    byId('cards').append(article);
    return { call, article, find };
  });
}

const show = (element, text) => {
  element.textContent = text ?? '';
  element.hidden = !text;
};

/* A line of the policy leads to it. */
function showDecided({ find }, decided, goTo) {
  const line = find('.line');
  const isOwn = decided?.file === '.htaccess';
  find('.decided').hidden = !decided;
  if (!decided) return;
  find('.directive').textContent = decided.directive
    + (isOwn ? ',' : decided.line ? `, line ${decided.line} of ${decided.file}`
                                  : ' (its default)');
  show(line, isOwn ? `line ${decided.line}` : '');
  line.onclick = isOwn ? () => goTo(decided.line) : null;
}

/* What a console has of a call that could not be read, as far as one engine's
 * words are known.  No explanation knows the status that a script sends, or why
 * this page could not read what it may. */
function sentence(name, url, answer, status) {
  const said = answer.console?.[name] ?? sentences.noHeader[name](
    { url, origin: location.origin, status });
  return said.replace(/(?<=Status code: )\d+(?=\.?$)/, status);
}

function showWhy(card, answer, { ok, blocked, url, status }, goTo) {
  const { call, article, find } = card;
  const why = explain(call, answer);
  show(find('.summary'), why.summary);
  showDecided(card, why.decided, goTo);
  show(find('.write'), why.write && `To change it, ${why.write}.`);
  showConsole(find('.console'),
    blocked && ((name) => sentence(name, url, answer, status)));
  const agrees = why.outcome === null || why.outcome === ok;
  find('.disagree').hidden = agrees;
  article.dataset.agrees = agrees;
}

function showNoReason(card, error) {
  show(card.find('.summary'), `There is no explanation: ${error}`);
  for (const name of ['.decided', '.write', '.disagree']) {
    card.find(name).hidden = true;
  }
  showConsole(card.find('.console'));
  delete card.article.dataset.agrees;
}

async function fill(card, url, explained, goTo) {
  const { call, article, find } = card;
  const { read, sent, ok, blocked } = await call.run(url);
  const { answer, error } = await explained;
  const raw = call.raw && await resendAll({ ...call.raw,
    path: `sandbox/${call.path}`, stops: answer?.actual?.sent === false });
  const [yes, no] = call.acts ? CHIPS.acted : CHIPS.read;
  find('.chip').textContent = ok ? yes : no;
  article.dataset.ok = ok;
  setLines(find('.read'), read);
  setLines(find('.sent'), [raw?.text, sent && `The log: ${sent}`]
    .filter(Boolean).join('\n\n'));
  const result = { ok, blocked, url, status: raw?.status };
  if (answer) showWhy(card, answer, result, goTo);
  else showNoReason(card, error);
  return ok;
}

/* Asks cors-explain about all calls at once; never fails. */
async function ask(questions) {
  try {
    const response = await fetch('/explain',
      { method: 'POST', body: questions.join('\n') });
    const { answers, error } = await response.json();
    return { answers, error };
  } catch (error) {
    return { error: `the server does not answer as it should (${error.message}).` };
  }
}

/* Makes all calls.  Returns how many got what they wanted. */
export async function callAll(cards, goTo) {
  /* A fresh URL each: browsers keep preflights. */
  const urls = cards.map(({ call }) => `${api}${call.path}?${crypto.randomUUID()}`);
  const explained = ask(cards.map(({ call }, i) => question(call, urls[i])));
  let good = 0;
  for (const [i, card] of cards.entries()) {
    good += await fill(card, urls[i], explained.then(({ answers, error }) =>
      ({ answer: answers?.[i], error })), goTo);
  }
  return good;
}
