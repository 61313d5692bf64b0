import { addressNumber, coveredShare, excludedRange } from './address-range.ts';
import { agentExclusion } from './excluded-agents.ts';
import { type Finding, finding } from './finding.ts';
import type { PlanNeeds } from './plan-needs.ts';
import type { SiteFacts } from './site-facts.ts';
import { knownUrls } from './site-urls.ts';

/** Matomo's own, where neither site nor server say others [plugins/SitesManager/API.php]. */
const usualSearchParameters = ['q', 'query', 's', 'search', 'searchword', 'k', 'keyword'];

/** Fewer visits than this of a whole plan are hardly one. */
const HARDLY_A_VISIT = 0.5;
/** Of a plan without end: one visit in so many. */
const HARDLY_A_SHARE = 1e-5;

/**
 * What of a plan a site would not record, because it is excluded there.
 *
 * @param ownAddress of this machine, as the server may see it
 */
export function exclusionFindings(
  facts: SiteFacts,
  needs: PlanNeeds,
  ownAddress: string | undefined,
): Finding[] {
  if (facts.site === undefined) return [];
  return [
    ...pageFindings(facts, needs),
    ...addressFindings(facts, needs, ownAddress),
    ...agentFindings(facts, needs),
    ...hiddenFindings(facts),
  ];
}

function pageFindings(facts: SiteFacts, { pages }: PlanNeeds): Finding[] {
  const { site, urls } = facts;
  if (site === undefined) return [];
  const found: Finding[] = [];
  if (site.exclude_unknown_urls) {
    const known = urls ?? [site.main_url];
    const isKnown = knownUrls(known);
    const unknown = pages.filter(page => !isKnown(page.url));
    const [first] = unknown;
    if (first !== undefined) {
      found.push(
        finding(
          'PAGES_UNKNOWN',
          `${counted(unknown.length, pages.length)} (${first.url}) are not among the site's URLs (${known.join(', ')}), and it tracks those only`,
        ),
      );
    }
  }
  const searched = withParameters(pages, searchParametersOf(facts));
  if (site.sitesearch && searched.count > 0) {
    found.push(
      finding(
        'PAGES_ARE_SEARCHES',
        `${counted(searched.count, pages.length)} hold ${searched.names.join(', ')}, by which the site knows searches: their views would be recorded as searches`,
      ),
    );
  }
  const excluded = withParameters(pages, [
    ...site.excluded_parameters,
    ...(facts.serverExcludedParameters ?? []),
  ]);
  if (excluded.count > 0) {
    found.push(
      finding(
        'PARAMETERS_EXCLUDED',
        `${counted(excluded.count, pages.length)} hold ${excluded.names.join(', ')}, which Matomo takes out of URLs`,
      ),
    );
  }
  return found;
}

function searchParametersOf({ site, serverSearchParameters }: SiteFacts): readonly string[] {
  const own = site?.sitesearch_keyword_parameters ?? [];
  return own.length > 0 ? own : (serverSearchParameters ?? usualSearchParameters);
}

/** Names are compared without regard to case; one between slashes is a pattern of its own and left out. */
function withParameters(
  pages: PlanNeeds['pages'],
  names: readonly string[],
): { readonly count: number; readonly names: readonly string[] } {
  const wanted = new Set(names.map(name => name.toLowerCase()));
  const met = new Set<string>();
  let count = 0;
  for (const { url } of pages) {
    if (wanted.size === 0 || !url.includes('?')) continue;
    const own = [...new URL(url).searchParams.keys()].filter(name => wanted.has(name.toLowerCase()));
    if (own.length > 0) count++;
    for (const name of own) met.add(name);
  }
  return { count, names: [...met] };
}

function addressFindings(facts: SiteFacts, needs: PlanNeeds, ownAddress: string | undefined): Finding[] {
  const entries = [...(facts.site?.excluded_ips ?? []), ...(facts.serverExcludedIps ?? [])];
  const ranges = entries.flatMap(entry => {
    const range = excludedRange(entry);
    return range === undefined ? [] : [{ ...range, entry }];
  });
  if (needs.addresses.length === 0) {
    const own = ownAddress === undefined ? undefined : addressNumber(ownAddress);
    const met = ranges.find(({ first, last }) => own !== undefined && first <= own && own <= last);
    if (met === undefined) return [];
    const message = `hits come from this machine, and its address ${ownAddress} is excluded (${met.entry})`;
    return [finding('OWN_ADDRESS_EXCLUDED', message)];
  }
  let share = 0;
  for (const range of needs.addresses) share += range.share * coveredShare(range, ranges);
  if (share === 0) return [];
  const met = ranges.filter(({ first, last }) =>
    needs.addresses.some(range => first <= range.last && range.first <= last),
  );
  const names = met.map(({ entry }) => entry).join(', ');
  const isHardlyAny = needs.visits === null ? share < HARDLY_A_SHARE : share * needs.visits < HARDLY_A_VISIT;
  const message = `${shareText(share)} of the visitors have addresses that are excluded (${names})`;
  return [finding(isHardlyAny ? 'FEW_ADDRESSES_EXCLUDED' : 'ADDRESSES_EXCLUDED', message)];
}

function agentFindings(facts: SiteFacts, { userAgents }: PlanNeeds): Finding[] {
  // In this order: the first pattern decides alone.
  const entries = [...(facts.serverExcludedAgents ?? []), ...(facts.site?.excluded_user_agents ?? [])];
  if (entries.length === 0) return [];
  let excluded = 0;
  let unknown = 0;
  let example = '';
  for (const { text, share } of userAgents) {
    const exclusion = agentExclusion(text, entries);
    if (exclusion === 'unknown') unknown += share;
    if (exclusion !== 'excluded') continue;
    excluded += share;
    example ||= text;
  }
  const list = entries.join(', ');
  return [
    ...(excluded > 0
      ? [
          finding(
            'AGENTS_EXCLUDED',
            `${shareText(excluded)} of the visitors have browsers that are excluded (${list}), as ${example}`,
          ),
        ]
      : []),
    ...(unknown > 0
      ? [finding('AGENTS_UNCHECKED', `a pattern of the excluded user agents cannot be read here (${list})`)]
      : []),
  ];
}

function hiddenFindings({ serverExcludedIps, serverExcludedAgents }: SiteFacts): Finding[] {
  if (serverExcludedIps !== undefined && serverExcludedAgents !== undefined) return [];
  const message =
    'addresses and browsers that are excluded on the whole server are told to administrators only: not checked';
  return [finding('EXCLUSIONS_HIDDEN', message)];
}

function counted(count: number, of: number): string {
  return `${count.toLocaleString('en')} of ${of.toLocaleString('en')} pages`;
}

/** `3.1 %`, `less than 0.1 %` */
function shareText(share: number): string {
  const percent = share * 100;
  if (percent < 0.1) return 'less than 0.1 %';
  return percent > 99.95 ? 'all' : `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
