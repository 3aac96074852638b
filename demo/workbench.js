import { addCards, callAll } from './cards.js';
import { goTo, openEditor } from './editor.js';

const byId = (id) => document.getElementById(id);

async function callAgain(cards) {
  const summary = byId('summary');
  delete summary.dataset.done;
  byId('cards').ariaBusy = true;
  summary.textContent = 'Calling the API…';
  try {
    const good = await callAll(cards, goTo);
    summary.textContent = `${good} of ${cards.length} calls went through.`;
  } catch (error) {
    summary.textContent = `The calls could not be made: ${error.message}`;
  }
  byId('cards').ariaBusy = false;
  summary.dataset.done = true;
}

async function main() {
  byId('page-origin').textContent = location.origin;
  byId('api-origin').textContent =
    `http://localhost:${Number(location.port) + 1}`;
  const cards = addCards();
  await openEditor(() => callAgain(cards));
  await callAgain(cards);
}

if (location.hostname === 'localhost') {
  main();
} else {
  byId('summary').textContent =
    'Open this page under the name localhost: the policy lists that origin.';
}
