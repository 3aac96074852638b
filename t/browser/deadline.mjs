/* Rejects when a promise takes longer than so many milliseconds. */
export function withDeadline(promise, deadline) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(fail, deadline,
      new Error(`no end in ${deadline / 1000} s`));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
