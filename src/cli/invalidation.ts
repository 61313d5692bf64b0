import { openReporting } from '../delivery/reporting-access.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { invalidationQuestion } from '../matomo/reporting/invalidation.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import type { NoticeLevel } from '../output/notice-line.ts';

/** A year: Matomo looks at every day that is named, and at the weeks, months and years around it. */
const DAYS_TOGETHER = 366;

/** `--invalidate`: marks the reports of these days to be made anew. What does not work is told; the visits are sent. */
export async function invalidateReports(
  target: TargetConfig,
  days: readonly string[],
  tell: (level: NoticeLevel, message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const token = target.apiToken ?? target.token;
  if (token === undefined) return;
  const { client, close } = openReporting(target, { token, signal });
  try {
    let marked = 0;
    for (let from = 0; from < days.length; from += DAYS_TOGETHER) {
      const part = days.slice(from, from + DAYS_TOGETHER);
      const lines = await client.ask(invalidationQuestion(target.siteId, part));
      for (const line of lines.filter(each => each.startsWith('Warning'))) {
        tell('warn', `${target.name}: ${line.replace(/\s+/g, ' ')}`);
      }
      const success = lines.find(line => line.startsWith('Success')) ?? '';
      marked += part.filter(day => success.includes(day)).length;
    }
    tell(
      'info',
      `${target.name}: the reports of ${marked} of ${days.length} days are marked to be made anew`,
    );
  } catch (error) {
    if (!(error instanceof ReportingError)) throw error;
    if (signal.aborted) return;
    const why = error.kind === 'told' ? `${error.message} (it needs admin access)` : error.message;
    tell('warn', `${target.name}: the reports could not be marked to be made anew: ${why}`);
  } finally {
    await close();
  }
}
