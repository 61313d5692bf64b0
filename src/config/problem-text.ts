import type { Problem } from './origin.ts';
import { withoutLongSecrets, withoutSecrets, withoutTokens } from './secrets.ts';

/** A value as it is shown. Long ones are cut: where it stands is told beside it. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** All problems as one message, a line each: key, value, origin, rule. */
export function problemsText(
  problems: readonly Problem[],
  secrets: ReadonlySet<string>,
  whose = 'the configuration has',
): string {
  const texts = problems.map(({ path, value, rule, from }) => {
    const shown = value === undefined ? '' : ` = ${withoutSecrets(valueText(value), secrets)}`;
    const key = path === '' ? '' : `${path}${shown} `;
    return `  ${withoutTokens(withoutLongSecrets(`${from}: ${key}${rule}`, secrets))}`;
  });
  // The schema may say the same twice: that a number is no safe integer, and that it is too big.
  const lines = [...new Set(texts)];
  const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`;
  return `${whose} ${count}\n${lines.join('\n')}`;
}
