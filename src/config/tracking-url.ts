/** Why a text is no address of a Matomo server, or undefined. The rule never repeats the text: it may hold a secret. */
export function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an absolute http or https URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an absolute http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (/token_auth/i.test(text)) return 'must not hold a token: set MATOMO_TOKEN_AUTH instead';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or fragment';
  return undefined;
}

/**
 * The script an address means: trailing slashes are dropped, and an address that ends in no `.php` is that
 * of the server, whose `script` is meant.
 */
export function scriptUrl(text: string, script: 'matomo.php' | 'index.php'): URL {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('.php') ? path : `${path}/${script}`;
  return url;
}

/** The Reporting API beside a tracking endpoint. */
export function apiUrlBeside(trackingUrl: URL): URL {
  return new URL('index.php', trackingUrl);
}
