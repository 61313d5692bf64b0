import type { VerifiedFigure } from '../run/report.ts';
import { isBounce, type VisitFacts, type VisitNames } from './visit-facts.ts';

/** Always told, in this order; what follows from referrers and countries comes after. */
const counted = {
  visits: () => 1,
  actions: facts => facts.actions,
  returningVisits: facts => ((facts.visitNumber ?? 1) > 1 ? 1 : 0),
  bounces: facts => (isBounce(facts) ? 1 : 0),
  visitSeconds: facts => facts.seconds,
  pageviews: facts => facts.pageviews,
  events: facts => facts.events,
  searches: facts => facts.searches,
  outlinks: facts => facts.outlinks,
  downloads: facts => facts.downloads,
  contents: facts => facts.contents,
  contentInteractions: facts => facts.contentInteractions,
  orders: facts => facts.orders,
  carts: facts => facts.carts,
  goalConversions: facts => facts.goalConversions,
  revenue: facts => facts.revenueCents,
  discount: facts => facts.discountCents,
} as const satisfies Record<string, (facts: VisitFacts) => number>;

export type CountedFigure = keyof typeof counted;

const labels: Readonly<Record<keyof VisitNames, string>> = {
  referrerName: 'referrer name',
  device: 'device',
  browser: 'browser',
  os: 'os',
};

type Side = 'planned' | 'recorded';

/** Sums what was planned and what is recorded, figure by figure. Revenue is summed in cents and told in units. */
export class FigureSheet {
  readonly #figures = new Map<string, { planned: number; recorded: number }>();
  readonly #names = new Map<string, { planned: number; recorded: number }>();

  constructor() {
    for (const name of Object.keys(counted)) this.#figures.set(name, { planned: 0, recorded: 0 });
  }

  /** @param carriesCountry whether the visit's hits said where the visitor is */
  add(side: Side, facts: VisitFacts, carriesCountry: boolean): void {
    for (const [name, of] of Object.entries(counted)) count(this.#figures, name, side, of(facts));
    if (facts.referrerType !== undefined) count(this.#figures, `referrer ${facts.referrerType}`, side, 1);
    if (carriesCountry && facts.country !== undefined) {
      count(this.#figures, `country ${facts.country}`, side, 1);
    }
    for (const [name, label] of Object.entries(labels)) {
      const value = facts.names[name as keyof VisitNames];
      if (value !== undefined) count(this.#names, `${label} ${value}`, side, 1);
    }
  }

  /** Counts something that was told on both sides: as planned, or otherwise. */
  compare(name: string, isSame: boolean): void {
    count(this.#figures, name, 'planned', 1);
    if (isSame) count(this.#figures, name, 'recorded', 1);
  }

  figures(): VerifiedFigure[] {
    const figures = listed(this.#figures, Object.keys(counted)).map(figure =>
      isMoney(figure.name)
        ? { ...figure, planned: figure.planned / 100, recorded: figure.recorded / 100 }
        : figure,
    );
    return figures.filter(figure => !isOfTheSite(figure));
  }

  names(): VerifiedFigure[] {
    const goals = listed(this.#figures, ['goalConversions']).filter(isOfTheSite);
    return [...goals, ...listed(this.#names, [])];
  }
}

/** Summed in cents. */
function isMoney(name: string): boolean {
  return name === 'revenue' || name === 'discount';
}

/** Goals that our pages happen to meet are the site's own affair where the plan has none. */
function isOfTheSite({ name, planned, recorded }: VerifiedFigure): boolean {
  return name === 'goalConversions' && planned === 0 && recorded > 0;
}

function count(
  figures: Map<string, { planned: number; recorded: number }>,
  name: string,
  side: Side,
  value: number,
): void {
  const figure = figures.get(name);
  if (figure !== undefined) figure[side] += value;
  else figures.set(name, { planned: 0, recorded: 0, [side]: value });
}

/** Those with a place of their own first, the others by name. */
function listed(
  figures: ReadonlyMap<string, { planned: number; recorded: number }>,
  first: readonly string[],
): VerifiedFigure[] {
  const others = [...figures.keys()].filter(name => !first.includes(name)).sort();
  return [...first, ...others].flatMap(name => {
    const figure = figures.get(name);
    return figure === undefined ? [] : [{ name, ...figure }];
  });
}

/** Whether a figure differs, in units that are whole: sums of fractions differ in digits that are no money. */
export function differs({ planned, recorded }: VerifiedFigure): boolean {
  return Math.round(planned * 100) !== Math.round(recorded * 100);
}
