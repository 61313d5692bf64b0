import { localDay, type Zone } from '../base/zone.ts';
import type { Visit } from '../traffic/visit.ts';
import { FigureSheet } from './figure-sheet.ts';
import type { VisitFacts } from './visit-facts.ts';

/** What a site's totals are to tell of visits: the figures of the sheet, users day by day, and each goal by itself. */
export class PlannedSums {
  readonly #sheet = new FigureSheet();
  readonly #zone: Zone;
  /** A day counts a user once. */
  readonly #users = new Set<string>();
  /** Cents; undefined as soon as only the site's own definition says what a conversion brings. */
  readonly #goals = new Map<string, { conversions: number; revenueCents: number | undefined }>();

  /** @param zone the site's */
  constructor(zone: Zone) {
    this.#zone = zone;
  }

  add({ userId }: Visit, facts: VisitFacts): void {
    this.#sheet.add('planned', facts, false);
    if (userId !== undefined) this.#users.add(`${localDay(this.#zone, facts.lastEpochSeconds)} ${userId}`);
    for (const name of facts.details.keys()) {
      if (!name.startsWith('goal ')) continue;
      const goal = this.#goals.get(name) ?? { conversions: 0, revenueCents: 0 };
      const [brings] = facts.details.get(`revenue of ${name}`) ?? [];
      const { conversions, revenueCents } = goal;
      this.#goals.set(name, {
        conversions: conversions + 1,
        revenueCents:
          typeof brings === 'number' && revenueCents !== undefined
            ? revenueCents + Math.round(brings * 100)
            : undefined,
      });
    }
  }

  figures(): ReadonlyMap<string, number> {
    const figures = new Map(this.#sheet.figures().map(({ name, planned }) => [name, planned]));
    figures.set('users', this.#users.size);
    for (const [name, { conversions, revenueCents }] of this.#goals) {
      figures.set(name, conversions);
      if (revenueCents !== undefined) figures.set(`revenue of ${name}`, revenueCents / 100);
    }
    return figures;
  }
}
