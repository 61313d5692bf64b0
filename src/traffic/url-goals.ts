import type { GoalSettings, UrlPattern } from './settings.ts';
import type { UrlGoal } from './visit.ts';

/**
 * Prepares finding the goals that the address of a page reaches, as Matomo finds them
 * [core/Tracker/GoalManager.php: detectGoalMatch]. Undefined for none.
 *
 * Asked for every pageview: what was found for an address is kept.
 *
 * @param addresses how many are kept at most
 */
export function urlGoalsOf(
  goals: readonly GoalSettings[],
  addresses = 100_000,
): (url: string) => readonly UrlGoal[] | undefined {
  const sought = goals.flatMap(({ id, matches, revenue }) =>
    matches === undefined
      ? []
      : [{ goal: { id, revenueCents: Math.round((revenue?.min ?? 0) * 100) }, isReached: reaches(matches) }],
  );
  if (sought.length === 0) return () => undefined;
  const none: readonly UrlGoal[] = [];
  const known = new Map<string, readonly UrlGoal[]>();
  return url => {
    const before = known.get(url);
    if (before !== undefined) return before === none ? undefined : before;
    const reached = sought.filter(({ isReached }) => isReached(url)).map(({ goal }) => goal);
    if (known.size < addresses) known.set(url, reached.length === 0 ? none : reached);
    return reached.length === 0 ? undefined : reached;
  };
}

/** A pattern counts as it is written and, where that does not fit, with its escapes decoded. */
function reaches(pattern: UrlPattern): (url: string) => boolean {
  const { contains, exact, regex, caseSensitive } = pattern;
  const text = contains ?? exact ?? regex ?? '';
  const [asWritten, decoded] = [text, decodedText(text)].map(written => {
    if (regex !== undefined) return expression(written, caseSensitive);
    const wanted = caseSensitive ? written : written.toLowerCase();
    const given = (url: string) => (caseSensitive ? url : url.toLowerCase());
    return exact === undefined
      ? (url: string) => given(url).includes(wanted)
      : (url: string) => given(url) === wanted;
  });
  return url => asWritten?.(url) === true || decoded?.(url) === true;
}

/** One that cannot be read fits nothing. */
function expression(written: string, caseSensitive: boolean): (url: string) => boolean {
  try {
    const pattern = new RegExp(written, caseSensitive ? '' : 'i');
    return url => pattern.test(url);
  } catch {
    return () => false;
  }
}

function decodedText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
