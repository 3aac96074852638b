/* The tables of docs/enforcement.md: what each engine sends. */

import { cases } from './enforce-cases.mjs';

const names = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' };

const escaped = (text) => text.replace(/[*<|]/g, '\\$&');

const originIn = (origin) =>
  origin === '-' ? 'no `Origin`' : origin === 'null' ? '`null`' : '`Origin`';

/* "cross-site navigate iframe, `Origin`". */
function words(seen) {
  if (!seen) return 'not sent';
  const fields = [seen.site, seen.mode, seen.dest]
    .filter((field) => field !== '-').join(' ');
  return `${fields || 'no field'}, ${originIn(seen.origin)}`;
}

/* A row for each case: what a page sends in each engine that ran. */
function* rows(tests, seen, engines, page, world) {
  for (const test of tests) {
    const cells = engines.map((engine) =>
      words(seen.get(`?${engine}.${world}.${page}.${cases.indexOf(test)}`)));
    yield `| ${[escaped(test.name), ...cells].join(' | ')} |`;
  }
}

export function* tableOf(chapters, seen, engines) {
  const titles = engines.map((engine) => names[engine]);
  for (const [title, tests] of Object.entries(chapters)) {
    yield '';
    yield `### ${title}`;
    yield '';
    yield `| a foreign page | ${titles.join(' | ')} |`;
    yield `| --- |${' --- |'.repeat(titles.length)}`;
    yield* rows(tests, seen, engines, 'foreign', 'https');
  }
}
