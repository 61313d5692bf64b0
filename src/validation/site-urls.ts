interface SitePath {
  /** Lower case, without www; a dot before it stands for all of its subdomains too. */
  readonly host: string;
  /** Lower case, with a slash at its end. */
  readonly path: string;
}

/**
 * Tells whether a page belongs to a site that tracks its own URLs only. A URL of the site holds for whatever is below
 * its path, with and without www; one whose host begins with a dot for all subdomains
 * [plugins/SitesManager/SiteUrls.php: getIdSitesMatchingUrl].
 */
export function knownUrls(siteUrls: readonly string[]): (pageUrl: string) => boolean {
  const known = siteUrls.flatMap(url => {
    const place = placeOf(url);
    return place === undefined ? [] : [place];
  });
  return pageUrl => {
    const page = placeOf(pageUrl);
    if (page === undefined) return false;
    const hosts = hostsToLookFor(page.host);
    // The first of the hosts that has a URL for the path decides; others are looked at where it has none.
    return hosts.some(host => known.some(one => one.host === host && page.path.startsWith(one.path)));
  };
}

function hostsToLookFor(host: string): string[] {
  const hosts = [host, `.${host}`];
  for (let rest = host; rest.split('.').length > 2; ) {
    rest = rest.slice(rest.indexOf('.') + 1);
    hosts.push(`.${rest}`);
  }
  return hosts;
}

/** Not by `URL`: a host that begins with a dot is none there. */
function placeOf(url: string): SitePath | undefined {
  const [, authority = '', path = '/'] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)([^?#]*)/i.exec(url) ?? [];
  const host = authority
    .replace(/^[^@]*@/, '')
    .replace(/:\d+$/, '')
    .toLowerCase();
  if (host === '') return undefined;
  const lower = (path === '' ? '/' : path).toLowerCase();
  return { host: host.replace(/^www\./, ''), path: lower.endsWith('/') ? lower : `${lower}/` };
}
