import { type SiteSettings, siteSettingsQuestion } from '../matomo/reporting/site.ts';
import { visitorQuestion } from '../matomo/reporting/visit-log.ts';
import { judgeProbe, type ProbeResult, tokenProbeBody } from '../matomo/token-probe.ts';
import { openAskingAgent } from './asking-agent.ts';
import { causeOf } from './causes.ts';
import { serverLagSeconds } from './clock-difference.ts';
import { headersOf } from './endpoint.ts';
import { openReporting, post } from './reporting-access.ts';
import { nothingTold, type TargetAnswers } from './target-answers.ts';
import type { TargetConfig } from './target-config.ts';

/** A run begins without what the Reporting API does not say by then. */
const LONGEST_SITE_QUESTION_MS = 1500;

/** Longest answer that is read. */
const MOST_BYTES = 1024 * 1024;

/** What came of a question, and the time its answer told. */
interface Told<T> {
  readonly value: T;
  readonly clockDifferenceSeconds: number | undefined;
}

/**
 * Asks a target what must be known before the first hit: whether its token may write, where hits will need it, and
 * the site's own zone and currency. The answers tell the server's time besides. Records nothing. At most one question
 * is refused: the second is only asked after a good answer to the first. Never throws: a target that does not answer
 * is `unclear`, and hits will show.
 *
 * @param ended gives up waiting for answers
 * @param epochMs our clock
 */
export async function askTarget(
  target: TargetConfig,
  hitsNeedToken: boolean,
  ended?: AbortSignal,
  epochMs: () => number = Date.now,
): Promise<TargetAnswers> {
  const { token, apiToken = token } = target;
  if (apiToken === undefined) return nothingTold;
  const signal = inTime(target, ended);
  const probe =
    hitsNeedToken && token !== undefined ? await askAboutToken(target, token, signal, epochMs) : undefined;
  const mayAsk = probe === undefined || probe.value.result === 'good';
  const site = mayAsk ? await askAboutSite(target, apiToken, signal, epochMs) : undefined;
  // The tracker dates the visits; the Reporting API may be another machine.
  const difference = probe?.clockDifferenceSeconds ?? site?.clockDifferenceSeconds;
  return {
    token: probe?.value,
    site: site?.value,
    serverLagSeconds: difference === undefined ? undefined : serverLagSeconds(difference),
  };
}

/**
 * Whether a target has had a visitor before; false where it has no token or does not say. Only to be asked of a target
 * that took its token.
 */
export async function hasVisitor(
  target: TargetConfig,
  visitorId: string,
  nowEpochMs: number,
  ended?: AbortSignal,
): Promise<boolean> {
  const { token, apiToken = token } = target;
  if (apiToken === undefined) return false;
  const { client, close } = openReporting(target, {
    token: apiToken,
    tries: 1,
    signal: inTime(target, ended),
  });
  try {
    return (await client.ask(visitorQuestion(target.siteId, visitorId, nowEpochMs))).length > 0;
  } catch {
    return false;
  } finally {
    await close();
  }
}

function inTime(target: TargetConfig, ended: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(target.timeoutSeconds * 1000);
  return ended === undefined ? timeout : AbortSignal.any([timeout, ended]);
}

/** Asks whether the token may write. Never throws: `unclear` where there is no answer. */
export async function askAboutToken(
  target: TargetConfig,
  token: string,
  signal: AbortSignal,
  epochMs?: () => number,
): Promise<Told<ProbeResult>> {
  const { agent, close } = openAskingAgent(target, { mostBytes: MOST_BYTES, signal });
  try {
    const body = tokenProbeBody(target.siteId, token);
    const headers = headersOf(target);
    const reply = await post(target.url, 'application/json', body, { headers, agent, signal, epochMs });
    return { value: judgeProbe(reply), clockDifferenceSeconds: reply.clockDifferenceSeconds };
  } catch (error) {
    const detail = error instanceof Error ? causeOf(error) : String(error);
    return { value: { result: 'unclear', detail }, clockDifferenceSeconds: undefined };
  } finally {
    await close();
  }
}

/** Undefined where the Reporting API does not say it in time. */
async function askAboutSite(
  target: TargetConfig,
  token: string,
  ended: AbortSignal,
  epochMs: () => number,
): Promise<Told<SiteSettings | undefined>> {
  // The tracker may be fine where the Reporting API is slow: hits do not wait for it longer.
  const signal = AbortSignal.any([ended, AbortSignal.timeout(LONGEST_SITE_QUESTION_MS)]);
  const access = openReporting(target, { token, tries: 1, signal, epochMs });
  let site: SiteSettings | undefined;
  try {
    site = await access.client.ask(siteSettingsQuestion(target.siteId));
  } catch {
    // Then as it is configured.
  } finally {
    await access.close();
  }
  return { value: site, clockDifferenceSeconds: access.clockDifferenceSeconds };
}
