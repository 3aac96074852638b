/* docs/console.md, from the messages: `t/browser/run console-page.mjs` prints
 * it. */

import { pathToFileURL } from 'node:url';
import { chapters, introductions, sentences } from './messages.mjs';
import { companions, failure } from './sentences.mjs';

const engines = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' };

/* Text in a cell, and text as it is in one. */
const escaped = (text) => text.replace(/\|/g, '\\|');
const code = (text) => {
  const ticks = text.includes('`') ? '``' : '`';
  return `${ticks}${escaped(text)}${ticks}`;
};

function message(row, engine) {
  const all = sentences(row, engine);
  const text = all.length ? all.map(code).join('<br>') : 'nothing';
  return row.only && row.only !== engine ? []
    : `**${engines[engine]}**: ${text}`;
}

const cell = ({ write, advice }) =>
  [...(write ?? '').split('\n').filter(Boolean).map(code),
    ...advice ? [escaped(advice)] : []].join('<br>');

const row = (situation) => `| ${Object.keys(engines)
  .flatMap((engine) => message(situation, engine)).join('<br>')} | ${
  escaped(situation.wrong)} | ${cell(situation)} |\n`;

const introduction = (title) =>
  (introductions[title] ? `${introductions[title]}\n\n` : '');

const chapter = ([title, rows]) => `\n## ${title}\n\n${
  introduction(title)}| the console says `
  + `| it means | write |\n| --- | --- | --- |\n${rows.map(row).join('')}`;

const list = (what) => Object.entries(engines).map(([engine, name]) =>
  `- ${name}: ${code(what(engine))}\n`).join('');

export const document = () => `# What the browser's console says

Search this page for a few words of the red line. \`t/browser/console\` makes
Chromium 156, Firefox 153 and WebKitGTK 2.50 print every sentence, and then sees
that the lines in the last column mend the call. The page is always
\`https://app.example.com\`, and calls \`https://api.example.com/items\`. Write
the lines where the policy for that URL stands, in its \`<Location>\` or virtual
host. [README](../README.md#console-messages-and-fixes) has the short form.

A script can't read the cause. Whatever is wrong, \`fetch()\` fails with

${list((engine) => failure[engine])}
and \`XMLHttpRequest\` and elements get an \`error\` event. Only the console
names the cause, beside these lines, which do not:

${list((engine) => companions[engine][0])}
Chromium's developer tools show the first of these as
\`GET https://api.example.com/items net::ERR_FAILED\`, with the status.
${Object.entries(chapters).map(chapter).join('')}
## Where no console says anything

| what happens | write |
| --- | --- |
| The script reads a response header as \`null\`. | \`CorsExposeHeaders\` with its name |
| The policy has changed, but the browser behaves as before. | The browser keeps the answer to a preflight: wait, or lower \`CorsMaxAge\`. |
| The browser does not send a cookie. | The script has to say \`credentials: 'include'\`. If page and API are on different sites, the cookie needs \`SameSite=None; Secure\`. |
| Everything looks right, and the request fails. | \`LogLevel cors:info\` and \`apachectl -t -D DUMP_CORS\` tell what the server does. |
`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(document());
}
