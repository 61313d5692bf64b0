import type { Collector } from '../../src/collector/collector.ts';
import { token } from './driver.ts';

/** Asks one method of the Reporting API, `SitesManager.getSiteFromId&idSite=1`. */
export async function ask(
  collector: Collector,
  question: string,
  as = token,
): Promise<{ status: number; json: unknown }> {
  const body = new URLSearchParams(`${fixed}&method=${question}`);
  body.set('token_auth', as);
  const response = await fetch(`${collector.origin}/index.php`, { method: 'POST', body });
  return { status: response.status, json: await response.json() };
}

/** Asks several in one request. */
export async function askTogether(
  collector: Collector,
  questions: readonly string[],
  as = token,
): Promise<unknown> {
  const body = new URLSearchParams(`${fixed}&method=API.getBulkRequest`);
  body.set('token_auth', as);
  for (const [at, question] of questions.entries()) body.set(`urls[${at}]`, `method=${question}&${fixed}`);
  const response = await fetch(`${collector.origin}/index.php`, { method: 'POST', body });
  return response.json();
}

const fixed = 'module=API&format=JSON&format_metrics=0';
