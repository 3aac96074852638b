/* What the browser's console has, which no script can read.  Both pages show it
 * in the words of the engine that shows them; in those of all three where the
 * engine can't be told. */

import { engines, findEngine } from './sentences.js';

const engine = findEngine(navigator.userAgent);
const consoles = engine ? [[engine, 'The console of this browser says']]
  : Object.keys(engines).map((name) =>
    [name, `The console of ${engines[name]} says`]);

const make = (name, className, text) => Object.assign(
  document.createElement(name), { className, textContent: text });

/* sayAs returns the sentence of an engine; without it, the place is emptied. */
export function showConsole(place, sayAs) {
  place.replaceChildren(...(sayAs ? consoles : []).map(([name, title]) => {
    const figure = document.createElement('figure');
    figure.append(make('figcaption', 'console-title', title),
      make('p', 'said', sayAs(name)));
    return figure;
  }));
}
