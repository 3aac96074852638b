/* The tests of one script, as TAP. */

let count = 0;
let failed = 0;

const oneLine = (text) =>
  String(text).replace(/\s*\n\s*/g, ', ').replaceAll('#', '\\#');

export function ok(good, what) {
  count++;
  failed += !good;
  console.log(`${good ? '' : 'not '}ok ${count} - ${oneLine(what)}`);
}

export function is(got, expected, what) {
  ok(got === expected, what);
  if (got !== expected) {
    console.log(`# got:      ${oneLine(got)}`);
    console.log(`# expected: ${oneLine(expected)}`);
  }
}

export function skip(what, why) {
  count++;
  console.log(`ok ${count} - ${what} # SKIP ${why}`);
}

export function finish() {
  console.log(`1..${count}`);
  process.exitCode = failed || !count ? 1 : 0;
}
