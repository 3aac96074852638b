/* Why a call came out as it did, from what cors-explain answers: { outcome,
 * summary, decided, write }.  outcome is true, false, or null if it can't be
 * told. */

const OUTCOMES = { allowed: true, refused: false };

/* The page has the lines in sight. */
const nearer = (text) => text
  ?.replace(/ \(line (\d+) of \.htaccess\)/g, ' (line $1)');

const valueOf = (answer, directive) =>
  answer.values?.find((value) => value.directive === directive);

function fromAnswer(answer) {
  return {
    outcome: OUTCOMES[answer.outcome] ?? null,
    summary: nearer(answer.unknown ?? answer.summary),
    decided: answer.decided,
    /* The place would be that of the virtual host, which the page can't
     * change. */
    write: answer.reason === 'no-policy'
      ? `write CorsAllowOrigin ${location.origin}` : nearer(answer.write),
  };
}

function whyHidden(answer, name) {
  const value = valueOf(answer, 'CorsExposeHeaders');
  return {
    outcome: false,
    summary: `The page may read the response, but not ${name}: it is not in `
      + 'CorsExposeHeaders.',
    decided: value ?? { directive: 'CorsExposeHeaders' },
    write: value && value.value !== 'none'
      ? `add ${name} to CorsExposeHeaders (line ${value.line})`
      : `write CorsExposeHeaders ${name}`,
  };
}

/* Whether the header is exposed, which cors-explain is not asked for. */
function isExposed(answer, name) {
  const [, names = ''] = answer.actual.headers.find(([header]) =>
    header === 'Access-Control-Expose-Headers') ?? [];
  return names.split(', ').some((one) => one === '*'
    || one.toLowerCase() === name.toLowerCase());
}

function whyActed(answer) {
  const value = valueOf(answer, 'CorsEnforce');
  if (!value || value.value === 'Off') {
    return {
      outcome: true,
      summary: 'The server acts on what any page sends: CORS only keeps pages '
        + 'from reading.',
      decided: value ?? { directive: 'CorsEnforce' },
      write: 'write CorsEnforce Unsafe to have it refuse what pages of other '
        + 'origins send',
    };
  }
  return {
    outcome: true, decided: value,
    summary: answer.enforced === 'would-refuse'
      ? 'CorsEnforce would refuse this, but only detects.'
      : 'CorsEnforce lets this page pass: the policy allows its origin.',
  };
}

/* Whoever wrote such a file did not write it here. */
const whyUnread = (answer) => ({
  outcome: false, summary: answer.summary,
  write: 'save a policy, or begin again',
});

export function explain({ acts, exposes }, answer) {
  if (answer.reason === 'htaccess-unreadable') return whyUnread(answer);
  if (acts && answer.enforced !== 'refused' && answer.outcome !== 'unknown') {
    return whyActed(answer);
  }
  const why = fromAnswer(answer);
  return exposes && why.outcome && !isExposed(answer, exposes)
    ? whyHidden(answer, exposes) : why;
}
