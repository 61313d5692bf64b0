/** Whether Matomo drops hits of an agent: `unknown` where that hangs on a pattern that cannot be read here. */
export type AgentExclusion = 'excluded' | 'taken' | 'unknown';

/**
 * Goes through the entries as Matomo does: a text that the agent contains, in whatever case, excludes it; else the
 * first one that is a valid pattern of PHP decides alone, and those after it are not looked at
 * [core/Tracker/VisitExcluded.php: isUserAgentExcluded].
 */
export function agentExclusion(userAgent: string, entries: readonly string[]): AgentExclusion {
  const agent = userAgent.toLowerCase();
  for (const entry of entries) {
    if (agent.includes(entry.toLowerCase())) return 'excluded';
    const pattern = patternOf(entry);
    if (pattern === 'unreadable') return 'unknown';
    if (pattern !== undefined) return pattern.test(userAgent) ? 'excluded' : 'taken';
  }
  return 'taken';
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/**
 * A pattern as PHP writes it, with delimiters and modifiers: `/bot|crawl/i`, `#^curl#`. Undefined where the text is
 * none: it begins with a letter, a digit, a backslash or a space, or lacks the second delimiter.
 */
function patternOf(entry: string): RegExp | 'unreadable' | undefined {
  const [opener = ''] = entry;
  if (/[\p{L}\p{N}\\\s]/u.test(opener) || opener === '') return undefined;
  const end = entry.lastIndexOf(closing[opener] ?? opener);
  if (end <= 0) return undefined;
  const modifiers = entry.slice(end + 1).trim();
  if (!/^[imsxuADSUXJn]*$/.test(modifiers)) return undefined;
  try {
    return new RegExp(entry.slice(1, end), [...modifiers].filter(flag => 'ims'.includes(flag)).join(''));
  } catch {
    return 'unreadable';
  }
}
