import type { Visit } from '../traffic/visit.ts';
import { comparedDetails } from './details.ts';
import { expectedVisit } from './expected-visit.ts';
import type { HitFates } from './hit-fates.ts';
import { detailsOfHits, type Fate, type Matched, matchedHits } from './matched-hits.ts';
import type { RecordedLog } from './recorded-log.ts';
import { type RecordedVisit, withRowsCutOff } from './recorded-visit.ts';
import { type SideBySide, visitDifference } from './visit-difference.ts';
import type { VisitFacts } from './visit-facts.ts';
import { VisitsSoFar } from './visits-so-far.ts';

/** A planned visit beside what the server has of it. */
export interface Assessment {
  readonly visit: Visit;
  readonly fates: readonly Fate[];
  readonly matched: Matched;
  /** Of what was accepted, and what of the open hits turned out to be recorded. Undefined: nothing. */
  readonly expected: VisitFacts | undefined;
  readonly recorded: readonly RecordedVisit[];
  /** Open hits, and whether the server has them. */
  readonly settled: readonly { readonly hit: number; readonly recorded: boolean }[];
  readonly difference: SideBySide | undefined;
  /** By figure: what was compared of the visit and its hits beyond counts, and whether it is as planned. */
  readonly details: readonly { readonly figure: string; readonly isSame: boolean }[];
}

export interface AssessmentRules {
  readonly fates: HitFates;
  /** Whether the hits said where visitors are. */
  readonly carriesCountry: boolean;
  readonly strict: boolean;
  /** Visits that are not among those, and that the server has. */
  readonly before?: VisitsSoFar | undefined;
}

/** Holds visits against the log, in the order of the plan. */
export function* assess(
  visits: Iterable<Visit>,
  log: RecordedLog,
  { fates: hitFates, carriesCountry, strict, before }: AssessmentRules,
): Generator<Assessment> {
  // Of the hits in doubt so many were refused; more that are not there were accepted and lost.
  let refusals = hitFates.refusedInDoubt;
  const soFar = new VisitsSoFar(before);
  for (const planned of visits) {
    const visit = soFar.seen(planned);
    const fates = hitFates.of(visit.index, visit.hits.length);
    const logged = log.of(visit.index);
    soFar.add(visit, logged.length);
    const matched = matchedHits(visit, fates, logged);
    const isExpected = fates.map((fate, at) => {
      if (fate !== 'open') return fate === 'accepted';
      return matched.isRecorded[at] === true || (hitFates.isInDoubt(visit.index, at) && refusals-- <= 0);
    });
    const expected = expectedVisit(visit, isExpected, carriesCountry);
    const recorded = expected === undefined ? logged : logged.map(one => withRowsCutOff(one, expected));
    const ofHits = detailsOfHits(visit, matched);
    const [only, ...more] = recorded;
    const ofVisit =
      expected !== undefined && only !== undefined && more.length === 0
        ? comparedDetails(expected.details, only.facts.details)
        : [];
    yield {
      visit,
      fates,
      matched,
      expected,
      recorded,
      settled: fates.flatMap((fate, hit) =>
        fate === 'open' ? [{ hit, recorded: matched.isRecorded[hit] === true }] : [],
      ),
      difference: visitDifference(expected, recorded, strict, ofHits),
      details: [...ofVisit.map(({ name, isSame }) => ({ figure: name, isSame })), ...ofHits],
    };
  }
}
