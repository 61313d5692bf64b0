import { zoneOf } from '../base/zone.ts';
import type { Goal } from '../matomo/reporting/goals.ts';
import { type Finding, finding } from './finding.ts';
import type { PlanNeeds } from './plan-needs.ts';
import type { SiteFacts } from './site-facts.ts';

/** What a site is, and where its switches do not fit the plan. */
export function siteFindings(facts: SiteFacts, needs: PlanNeeds): Finding[] {
  const { site } = facts;
  if (site === undefined) return [];
  const { name, currency, timezone, ecommerce, sitesearch } = site;
  const found = [
    finding(
      'SITE',
      `the site is ${name}: ${currency}, ${timezone}, ${ecommerce ? 'a shop' : 'no shop'}, site search ${sitesearch ? 'on' : 'off'}`,
    ),
  ];
  if (needs.searches && !sitesearch) {
    found.push(
      finding(
        'SEARCH_OFF',
        `searches are planned, and site search is off for ${name}: they would be recorded as page views`,
      ),
    );
  }
  if (needs.orders && !ecommerce) {
    found.push(finding('SHOP_OFF', `orders are planned, and ${name} is no shop: no report would show them`));
  }
  if (needs.orders && currency !== needs.currency) {
    found.push(
      finding(
        'OTHER_CURRENCY',
        `orders are meant in ${needs.currency}, but the site's currency is ${currency}, and Matomo takes the numbers for that`,
      ),
    );
  }
  if (!hasSameTimes(timezone, needs.timezone)) {
    found.push(
      finding(
        'OTHER_TIMEZONE',
        `the site's time zone is ${timezone}, and ${needs.timezone} is configured: ${timezone} is used`,
      ),
    );
  }
  return [...found, ...goalFindings(facts, needs)];
}

const MONTH_SECONDS = 30 * 86_400;

/** Whether clocks in both zones show the same all the year: CET and Europe/Stockholm do. */
function hasSameTimes(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [zoneOf(one), zoneOf(other)];
  const now = Date.now() / 1000;
  return Array.from({ length: 12 }, (_, month) => now + month * MONTH_SECONDS).every(
    moment => first.offsetSeconds(moment) === second.offsetSeconds(moment),
  );
}

function goalFindings({ goals, dimensions }: SiteFacts, needs: PlanNeeds): Finding[] {
  const found: Finding[] = [];
  const unknownGoals = goals && needs.goalIds.filter(id => !goals.some(({ idgoal }) => idgoal === id));
  if (unknownGoals !== undefined && unknownGoals.length > 0) {
    found.push(
      finding('GOAL_UNKNOWN', `the site has no goal ${listed(unknownGoals)}: its hits would be refused`),
    );
  }
  const unknownDimensions = dimensions && needs.dimensionIds.filter(id => !dimensions.includes(id));
  if (unknownDimensions !== undefined && unknownDimensions.length > 0) {
    found.push(
      finding(
        'DIMENSION_UNKNOWN',
        `the site has no active custom dimension ${listed(unknownDimensions)}: its values would be dropped`,
      ),
    );
  }
  const reached = (goals ?? []).filter(
    goal => !needs.goalIds.includes(goal.idgoal) && needs.pages.some(page => isReachedBy(goal, page)),
  );
  if (reached.length > 0) {
    const names = reached.map(({ idgoal, name }) => `${idgoal} (${name})`).join(', ');
    found.push(
      finding(
        'GOALS_MATCH_PAGES',
        `pages of the plan reach goal ${names} by themselves: conversions that are not in the plan`,
      ),
    );
  }
  return found;
}

/** Goals by other things than a page's URL or title need more than a page. */
function isReachedBy(goal: Goal, page: { readonly url: string; readonly title: string }): boolean {
  const { match_attribute: by } = goal;
  if ((by !== 'url' && by !== 'title') || !goal.pattern) return false;
  const given = page[by];
  const cased = (text: string) => (goal.case_sensitive ? text : text.toLowerCase());
  switch (goal.pattern_type) {
    case 'contains':
      return cased(given).includes(cased(goal.pattern));
    case 'exact':
      return cased(given) === cased(goal.pattern);
    case 'regex':
      return matches(goal.pattern, given, goal.case_sensitive);
    default:
      return false;
  }
}

/** False where JavaScript does not read what PHP reads. */
function matches(pattern: string, text: string, isCaseSensitive: boolean): boolean {
  try {
    return new RegExp(pattern, isCaseSensitive ? '' : 'i').test(text);
  } catch {
    return false;
  }
}

function listed(ids: readonly number[]): string {
  return ids.join(', ');
}
