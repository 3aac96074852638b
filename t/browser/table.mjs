/* The table of docs/testing.md, from the cases: `t/browser/run table.mjs`
 * prints it. */

import { pathToFileURL } from 'node:url';
import { chapters, expected } from './cases.mjs';

const names = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' };

const escaped = (text) => text.replace(/[*<|]/g, '\\$&');

/* What holds in most engines, then the others by name. */
function cell(what) {
  const engines = new Map();
  for (const engine of Object.keys(names)) {
    const text = [expected(what, engine)].flat().join(', ');
    engines.set(text, [...engines.get(text) ?? [], names[engine]]);
  }
  const [[common], ...others] =
    [...engines].sort(([, a], [, b]) => b.length - a.length);
  const exceptions = others.map(([text, by]) => `${by.join(', ')}: ${text}`);
  return escaped([common, ...exceptions].join('; '));
}

const row = ({ name, reads, server }) =>
  `| ${escaped(name)} | ${cell(reads)} | ${cell(server)} |\n`;

const chapter = ([title, cases]) =>
  `\n### ${title}\n\n| case | the script reads | the server saw |\n`
  + `| --- | --- | --- |\n${cases.map(row).join('')}`;

export const table = () => Object.entries(chapters).map(chapter).join('');

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(table());
}
