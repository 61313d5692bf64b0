import { z } from 'zod';

/** A site of a real Matomo that a test has for itself, so that its reports show nothing else. */
export interface ThrowAwaySite {
  readonly id: number;
  /** Asks the Reporting API about the site. */
  ask<T>(method: string, parameters: Readonly<Record<string, string>>, answer: z.ZodType<T>): Promise<T>;
  remove(): Promise<void>;
}

const made = z.object({ value: z.coerce.number() });
const done = z.looseObject({ result: z.literal('success') });

/** @param token a superuser's: nobody else may make sites */
export async function throwAwaySite(
  trackerUrl: string,
  token: string,
  timezone = 'UTC',
): Promise<ThrowAwaySite> {
  const call = async <T>(
    method: string,
    parameters: Readonly<Record<string, string>>,
    answer: z.ZodType<T>,
  ): Promise<T> => {
    const response = await fetch(new URL('index.php', trackerUrl), {
      method: 'POST',
      body: new URLSearchParams({ module: 'API', format: 'JSON', method, token_auth: token, ...parameters }),
    });
    const text = await response.text();
    const parsed = answer.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`${method} answers ${text.slice(0, 500)}`);
    return parsed.data;
  };
  const { value: id } = await call(
    'SitesManager.addSite',
    {
      siteName: 'Made by a test of Trafficinator, to be removed by it',
      'urls[0]': 'https://shop.example',
      ecommerce: '1',
      siteSearch: '1',
      timezone,
      currency: 'SEK',
    },
    made,
  );
  const idSite = String(id);
  return {
    id,
    ask: (method, parameters, answer) => call(method, { idSite, ...parameters }, answer),
    async remove() {
      await call('SitesManager.deleteSite', { idSite }, done);
    },
  };
}

/** The goals and dimensions of `fullTraffic`, in the order of their ids. */
export async function defineGoalsAndDimensions({ ask }: ThrowAwaySite): Promise<void> {
  const byHand = { matchAttribute: 'manually', pattern: 'none', patternType: 'contains' };
  const byAddress = { matchAttribute: 'url' };
  const goals: readonly Readonly<Record<string, string>>[] = [
    byHand,
    { ...byAddress, pattern: '/audio/', patternType: 'contains', revenue: '2.5' },
    { ...byAddress, pattern: 'utm_campaign=autumn', patternType: 'regex' },
    byHand,
  ];
  for (const [at, goal] of goals.entries())
    await ask('Goals.addGoal', { name: `Goal ${at + 1}`, ...goal }, made);
  for (const scope of ['visit', 'action']) {
    await ask('CustomDimensions.configureNewCustomDimension', { name: scope, scope, active: '1' }, made);
  }
}
