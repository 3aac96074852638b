/* docs/console.md, from the messages: `t/browser/run console-page.mjs` prints
 * it. */

import { pathToFileURL } from 'node:url';
import { chapters, companions, failure, sentences } from './messages.mjs';

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

const chapter = ([title, rows]) => `\n## ${title}\n\n| the console says `
  + `| it means | write |\n| --- | --- | --- |\n${rows.map(row).join('')}`;

const list = (what) => Object.entries(engines).map(([engine, name]) =>
  `- ${name}: ${code(what(engine))}\n`).join('');

export const document = () => `# What the browser's console says

Search this page for a few words of the red line. Every sentence was printed by
Chromium 156, Firefox 153 or WebKitGTK 2.50, and every policy in the last column
was seen to mend it: \`t/browser/console\` does both anew. The page is always
\`https://app.example.com\`, and it asks for \`https://api.example.com/items\`.
The lines to write go where the policy is for that URL, in its \`<Location>\`.

A script learns nothing of all this. Whatever is wrong, \`fetch()\` fails with

${list((engine) => failure[engine])}
and \`XMLHttpRequest\` and elements have an \`error\` event. The cause is in the
console alone, beside lines that don't say it:

${list((engine) => companions[engine][0])}
Chromium's developer tools show that line as \`GET https://api.example.com/items
net::ERR_FAILED\`, with the status.
${Object.entries(chapters).map(chapter).join('')}
## Where no console says anything

| what happens | write |
| --- | --- |
| a response header reads as \`null\` in the script | \`CorsExposeHeaders\` with its name |
| a change of the policy is not seen | the browser keeps a preflight's answer: wait, or lower \`CorsMaxAge\` |
| a cookie is not sent | the script says \`credentials: 'include'\`, and the cookie is of \`SameSite=None; Secure\` if page and API are of different sites |
| everything is right, and the request fails | the server's own word: \`LogLevel cors:info\`, and \`apachectl -t -D DUMP_CORS\` |
`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(document());
}
