import { rows } from './rows.js';

const byId = (id) => document.getElementById(id);
const api = `http://localhost:${Number(location.port) + 1}`;

/* The lines of a section of demo.conf, as they stand there. */
function section(conf, name) {
  const found = conf.match(new RegExp(`^ *<Location "${name}">\\n(?:.*\\n)*?(?= *</Location>)`, 'm'));
  const lines = found ? found[0].trimEnd().split('\n').slice(1) : [];
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('Cors'))
    .join('\n').replaceAll('${CORS_PORT}', location.port);
}

/* Sends the request once more through this page's own origin, where a script
 * can read all headers of the answer. */
async function raw({ path, method, headers }) {
  const response = await fetch(`/raw/${path}`, {
    method: method ? 'OPTIONS' : 'GET',
    headers: { 'X-Demo-Origin': location.origin, 'X-Demo-Method': method ?? '',
               'X-Demo-Headers': headers ?? '' },
  });
  const lines = [...response.headers]
    .filter(([name]) => /^(access-control-|vary|x-)/.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  return {
    headers: response.headers,
    text: [`${method ? 'preflight' : 'GET'}: ${response.status}`, ...lines].join('\n'),
  };
}

function add(row, conf) {
  const article = byId('row').content.cloneNode(true).querySelector('article');
  const set = (name, text) => {
    article.querySelector(`.${name}`).textContent = text;
  };
  for (const name of ['title', 'claim', 'without']) {
    set(name, row[name]);
  }
  set('conf', section(conf, row.location));
  byId('rows').append(article);
  return { article, set };
}

async function fill(row, { article, set }) {
  const { read, ok: readable } = await row.run(api);
  const { text, headers } = await raw(row.raw);
  const ok = readable && (row.sent?.(headers) ?? true);
  set('read', read);
  set('sent', text);
  set('verdict', ok ? 'As promised.' : 'Not as promised.');
  article.dataset.ok = ok;
  return ok;
}

async function main() {
  byId('page-origin').textContent = location.origin;
  byId('api-origin').textContent = api;
  const conf = await (await fetch('/demo.conf')).text();
  const views = rows.map((row) => add(row, conf));
  let good = 0;
  for (const [i, row] of rows.entries()) {
    good += await fill(row, views[i]).catch((error) => {
      views[i].set('verdict', `Not as promised: ${error.message}`);
      views[i].article.dataset.ok = false;
      return false;
    });
  }
  const summary = byId('summary');
  summary.textContent = `${good} of ${rows.length} rows as promised.`;
  summary.dataset.ok = good === rows.length;
  summary.dataset.done = true;
}

if (location.hostname === 'localhost') {
  main();
} else {
  byId('summary').textContent = 'Open this page as localhost: the policies name that origin.';
}
