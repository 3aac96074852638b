/* axe-core looks for what a screen reader or weak eyes would miss
 * (https://github.com/dequelabs/axe-core), by a driver of info-drivers.mjs. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { is, ok } from './tap.mjs';

const axe = readFileSync(fileURLToPath(
  new URL('node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/* Waits until the page says so. */
export async function until(driver, source, what) {
  const end = Date.now() + 10000;
  while (!await driver.evaluate(source).catch(() => false)) {
    if (Date.now() > end) throw new Error(`waited for ${what}`);
    await pause(50);
  }
}

/* What axe-core finds, a line each. */
async function findViolations(driver) {
  await driver.evaluate(`(() => { ${axe}; return 1; })()`);
  await driver.evaluate('(window.found = null, axe.run({ preload: false })'
    + '.then((found) => { window.found = found }), 1)');
  await until(driver, '!!window.found', 'axe-core');
  const text = await driver.evaluate('JSON.stringify([found.passes.length,'
    + ' found.violations.map((v) => v.id + ": " + v.nodes.map((n) =>'
    + ' n.html + " " + n.failureSummary).join("; "))])');
  const [passes, violations] = JSON.parse(text);
  return { passes, violations };
}

export async function look(name, driver, what) {
  const { passes, violations } = await findViolations(driver);
  is(violations.join(' | '), '', `${name}: ${what}: axe-core finds nothing`);
  ok(passes > 20, `${name}: ${what}: after ${passes} rules`);
}

/* Nothing may be cut off, or be reached by scrolling sideways. */
export async function measure(name, driver, what) {
  is(await driver.evaluate('document.documentElement.scrollWidth'
    + ' - document.documentElement.clientWidth'), 0,
  `${name}: ${what}: nothing is wider than the window`);
}
