import { showConsole } from './consoles.js';
import { resendAll, setLines } from './http.js';
import { rows } from './rows.js';
import { sentences } from './sentences.js';

const byId = (id) => document.getElementById(id);
const api = `http://localhost:${Number(location.port) + 1}`;
/* The part of the API that has no policy. */
const bare = `${api}/without`;

/* The Cors lines of a section of demo.conf, as they stand there. */
function section(conf, name) {
  const found = conf.match(new RegExp(`^ *<Location "${name}">\\n(?:.*\\n)*?(?= *</Location>)`, 'm'));
  const lines = found ? found[0].trimEnd().split('\n').slice(1) : [];
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('Cors'))
    .join('\n').replaceAll('${CORS_PORT}', location.port);
}

/* Shows in a place what the console has. */
const showSentence = (place, { says, ...call }) => showConsole(place, (name) =>
  sentences[says][name]({ origin: location.origin, status: 200, ...call }));

function addToIndex(row, id) {
  const link = document.createElement('a');
  const mark = document.createElement('span');
  const item = document.createElement('li');
  link.href = `#${id}`;
  mark.className = 'mark';
  link.append(mark, row.title);
  item.append(link);
  byId('index').append(item);
  return item;
}

function add(row, number, conf) {
  const article = byId('row').content.cloneNode(true).querySelector('article');
  const set = (name, text) => {
    const element = article.querySelector(`.${name}`);
    if (element.localName === 'pre') setLines(element, text);
    else element.textContent = text;
  };
  article.id = `row-${number}`;
  for (const name of ['title', 'claim', 'without']) {
    set(name, row[name]);
  }
  if (row.outcome) set('outcome', row.outcome);
  set('conf', section(conf, row.location));
  byId('rows').append(article);
  return { article, item: addToIndex(row, article.id), set };
}

async function fill(row, view) {
  const { read, sent, ok: readable } = await row.run(api);
  const { text, headers } = row.raw ? await resendAll(row.raw) : { text: sent };
  const instead = await row.run(bare);
  const path = row.raw?.path;
  const { bare: without = { says: 'noHeader' } } = row;
  const place = (name) => view.article.querySelector(`.${name} .console`);
  view.set('read', read);
  view.set('sent', text);
  view.set('instead', instead.read);
  if (row.refused) showSentence(place('result'), { url: `${api}/${path}`, ...row.refused });
  if (row.raw) showSentence(place('bare'), { url: instead.url ?? `${bare}/${path}`, ...without });
  /* Without a policy nothing may come out that needs one. */
  return readable && (row.sent?.(headers) ?? true)
    && instead.ok === (row.same ?? false);
}

function mark({ article, item, set }, ok, why) {
  article.dataset.ok = item.dataset.ok = ok;
  if (!ok) {
    set('verdict', `This row did not behave as promised${why ? `: ${why}` : '.'}`);
    article.querySelector('.verdict').hidden = false;
  }
}

async function main() {
  byId('page-origin').textContent = location.origin;
  byId('api-origin').textContent = api;
  const conf = await (await fetch('/demo.conf')).text();
  const views = rows.map((row, i) => add(row, i + 1, conf));
  let good = 0;
  for (const [i, row] of rows.entries()) {
    try {
      const ok = await fill(row, views[i]);
      mark(views[i], ok);
      good += ok;
    } catch (error) {
      mark(views[i], false, error.message);
    }
  }
  const summary = byId('summary');
  summary.textContent = `${good} of ${rows.length} rows behaved as promised.`;
  summary.dataset.ok = good === rows.length;
  summary.dataset.done = true;
}

if (location.hostname === 'localhost') {
  main();
} else {
  byId('summary').textContent = 'Open this page under the name localhost: the policies list that origin.';
}
