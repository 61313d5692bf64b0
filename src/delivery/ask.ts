import { Agent, request } from 'undici';
import { type SiteSettings, siteOf, siteQuestion } from '../matomo/reporting.ts';
import { judgeProbe, type ProbeResult, tokenProbeBody } from '../matomo/token-probe.ts';
import { causeOf } from './causes.ts';
import type { TargetConfig } from './target-config.ts';

/** Longest answer that is read. */
const MOST_BYTES = 1024 * 1024;

/** What a target says before the first hit. */
export interface TargetAnswers {
  /** undefined: no token, or not asked. */
  readonly token: ProbeResult | undefined;
  readonly site: SiteSettings | undefined;
}

/**
 * Asks a target what must be known before the first hit: whether its token may write, where hits will need it, and
 * the site's own zone and currency. Records nothing. At most one question is refused: the second is only asked
 * after a good answer to the first. Never throws: a target that does not answer is `unclear`, and hits will show.
 */
export async function askTarget(target: TargetConfig, hitsNeedToken: boolean): Promise<TargetAnswers> {
  const { token } = target;
  if (token === undefined) return { token: undefined, site: undefined };
  const agent = new Agent({
    connect: { timeout: target.connectTimeoutSeconds * 1000 },
    maxResponseSize: MOST_BYTES,
  });
  const signal = AbortSignal.timeout(target.timeoutSeconds * 1000);
  try {
    let probe: ProbeResult | undefined;
    if (hitsNeedToken) {
      const reply = await post(
        target.url,
        'application/json',
        tokenProbeBody(target.siteId, token),
        agent,
        signal,
      );
      probe = judgeProbe(reply);
      if (probe.result !== 'good') return { token: probe, site: undefined };
    }
    const form = 'application/x-www-form-urlencoded; charset=utf-8';
    const reply = await post(target.apiUrl, form, siteQuestion(target.siteId, token), agent, signal);
    return { token: probe, site: reply.status === 200 ? siteOf(reply.body.toString('utf8')) : undefined };
  } catch (error) {
    const detail = error instanceof Error ? causeOf(error) : String(error);
    return { token: hitsNeedToken ? { result: 'unclear', detail } : undefined, site: undefined };
  } finally {
    await agent.destroy();
  }
}

async function post(url: URL, contentType: string, body: string, dispatcher: Agent, signal: AbortSignal) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': contentType, 'user-agent': 'trafficinator' },
    body,
    dispatcher,
    signal,
  });
  return {
    status: answer.statusCode,
    headers: new Map<string, string>(),
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
}
