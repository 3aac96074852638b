/* Does a job, and prints what came of it to the console: { source, next }, the
 * text of a function and, instead of printing, the address of another page.
 * It stands behind the # of this page's address, or comes in a file before. */

'use strict';

/* What fetch() says: the status, or its error in the engine's own words. */
const tell = (url, init) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE) })
    .then((response) => String(response.status), String);

/* What an XMLHttpRequest says; after: what is made of it. */
const tellByXhr = (url, after = (xhr) => String(xhr.status),
  withCredentials = false) => within((done) => {
  const xhr = new XMLHttpRequest();
  xhr.onload = () => done(after(xhr));
  xhr.onerror = () => done('error event');
  xhr.open('GET', url);
  Object.assign(xhr, { withCredentials }).send();
});

const { source, next } = window.job
  ?? JSON.parse(decodeURIComponent(location.hash.slice(1)));
/* Messages that name the page are to have no # in them. */
if (!window.job) history.replaceState(null, '', place.pathname + place.search);
run(source).then((result) => {
  if (next) location.href = next;
  else console.log(`reads: ${result}`);
});
