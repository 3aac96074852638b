/* README's table of console messages: what it has, and what it lacks. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engines } from './engines.mjs';
import { sentences, situations } from './messages.mjs';
import { ok, skip } from './tap.mjs';

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const FLOOR = 12;   /* rows */

/* The rows of the table: parts of sentences, and what to write. */
function readRows() {
  const [, table] = readFileSync(readme, 'utf8')
    .match(/^\| the console says \| write \|\n.*\n((?:\|.*\n)+)/m) ?? [, ''];
  return table.split('\n').filter(Boolean).map((line) => {
    const [, says, write] = line.match(/^\| (.*?) \| (.*) \|$/);
    return { write, parts: says.split('<br>')
      .map((part) => part.replace(/^`+ ?| ?`+$/g, '')) };
  });
}

/* Whether a line has a part of README, where … is any text. */
const has = (part) => {
  const [first, ...rest] = part.split('…');
  return (line) => {
    let at = line.indexOf(first);
    if (at < 0) return false;
    at += first.length;
    return rest.every((text) => {
      const found = line.indexOf(text, at);
      at = found + text.length;
      return found >= 0;
    });
  };
};

/* Each part has to be in a line that an engine printed in this run.  What only
 * an engine prints that did not run is left out. */
function judgeParts(rows, heard, all) {
  const expected = situations.flatMap((row) =>
    Object.keys(engines).flatMap((name) => sentences(row, name)));
  for (const part of rows.flatMap(({ parts }) => parts)) {
    const found = heard.some(has(part));
    if (!found && !all && expected.some(has(part))) {
      skip(`README: ${part}`, 'its engine or situation was left out');
    } else {
      ok(found, `README: an engine prints: ${part}`);
    }
  }
}

/* The directives that mended a call, and that the rows which its message leads
 * to have to name.  CorsAllowOrigin goes without saying, as does what the
 * server sent before; where the origin of a preflight is wrong, the next
 * message asks for the headers. */
const toName = ({ id, write, conf = '' }) => write.match(/Cors\w+/g)
  .filter((word) => word !== 'CorsAllowOrigin')
  .filter((word) =>
    !conf.includes(word.replace(/^Cors(\w+)([A-Z])/, 'Access-Control-$1-$2')))
  .filter((word) => word !== 'CorsAllowHeaders' || !id.endsWith('-preflight'));

/* Whoever has one engine alone finds a row, and in it what mended the call. */
function judgeSituation(rows, row, name) {
  const said = sentences(row, name);
  const found = rows.filter(({ parts }) =>
    parts.some((part) => said.some(has(part))));
  const text = found.map(({ write }) => write).join('\n');
  const lacks = toName(row).filter((word) => !text.includes(word));
  ok(found.length && !lacks.length, `README has a row for ${row.id} in ${
    name}${lacks.map((word) => `, which has no ${word}`).join('')}`);
}

/* heard: all lines of all consoles; all: whether nothing was left out. */
export function judgeReadme(heard, all) {
  const rows = readRows();
  ok(rows.length >= FLOOR, `README has ${rows.length} rows`);
  judgeParts(rows, [...heard], all);
  for (const name of Object.keys(engines)) {
    situations.filter((row) => row.write && sentences(row, name).length)
      .forEach((row) => judgeSituation(rows, row, name));
  }
}
