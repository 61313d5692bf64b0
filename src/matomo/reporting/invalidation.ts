import * as z from 'zod';
import type { Question } from './question.ts';

/**
 * Marks the reports of these days, and of the weeks, months and years around them, to be made anew. Needs admin access
 * [plugins/CoreAdminHome/API.php: invalidateArchivedReports]. The answer is lines for people: what was marked, and which
 * days are older than the server keeps logs.
 *
 * @param days `2026-01-31`
 */
export function invalidationQuestion(siteId: number, days: readonly string[]): Question<string[]> {
  return {
    method: 'CoreAdminHome.invalidateArchivedReports',
    parameters: { idSites: String(siteId), dates: days.join(',') },
    answer: z.array(z.string()),
  };
}
