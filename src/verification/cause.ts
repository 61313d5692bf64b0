import { localDay, type Zone } from '../base/zone.ts';
import type { DifferenceCause } from '../run/report.ts';
import type { Hit, Visit } from '../traffic/visit.ts';
import type { Assessment } from './assessment.ts';
import { expectedVisit } from './expected-visit.ts';
import { leavesOwnRow } from './matched-hits.ts';
import type { RecordedVisit } from './recorded-visit.ts';
import { visitDifference } from './visit-difference.ts';

/** What is known beyond a visit itself when a cause is looked for. */
export interface Circumstances {
  /** The site's. */
  readonly zone: Zone;
  /** The visitor in whose visit the pageviews of this one stand. */
  readonly host: string | undefined;
  readonly looksLikeBot: (userAgent: string) => boolean;
  readonly isSpamReferrer: (url: string) => boolean;
  /** Hosts of referrers whose visits are all missing, and more than one is. */
  readonly shunnedHosts: ReadonlySet<string>;
  /** Why the site's own settings keep a visit out, in words. */
  readonly exclusionOf: (visit: Visit) => string | undefined;
  /** The server puts hits into a queue, or answered as one that does. */
  readonly isQueued: boolean;
}

export interface LikelyCause {
  readonly cause: DifferenceCause;
  /** In words, with what to do where something can be done. */
  readonly explanation: string;
}

/** Why a visit is not recorded as it was accepted, as far as what was recorded tells it. */
export function causeOf(assessment: Assessment, circumstances: Circumstances): LikelyCause {
  const { expected, recorded } = assessment;
  if (expected === undefined) {
    return because(
      'unknown',
      'The server accepted none of its hits and has a visit all the same: look at what stands between here and the server.',
    );
  }
  if (recorded.length === 0) return causeOfAbsence(assessment, circumstances);
  return (
    causeOfSurplus(assessment) ??
    causeOfSplit(recorded, circumstances.zone) ??
    causeOfLoss(assessment, circumstances) ??
    causeOfChange(assessment)
  );
}

/** The visit is missing as a whole. */
function causeOfAbsence({ visit }: Assessment, circumstances: Circumstances): LikelyCause {
  const { host, looksLikeBot, isSpamReferrer, shunnedHosts, exclusionOf, isQueued } = circumstances;
  const { visitor } = visit;
  if (host !== undefined) return mergedInto(host);
  if (looksLikeBot(visitor.userAgent)) {
    return because(
      'dropped-as-bot',
      `Its user agent looks like a bot's, and Matomo drops those in silence: use a browser's. (${visitor.userAgent})`,
    );
  }
  const spam = visit.hits.find(({ referrer }) => isSpamReferrer(referrer));
  if (spam !== undefined) return droppedAsSpam(spam.referrer);
  const exclusion = exclusionOf(visit);
  if (exclusion !== undefined)
    return because('excluded', `${exclusion} Take that out of the site's settings.`);
  if (isQueued) return stillQueued();
  const source = hostOf(visit.hits[0]);
  if (source !== undefined && shunnedHosts.has(source)) {
    return because(
      'referrer-spam',
      `Every visit from ${source} is missing: the server seems to drop it as spam. Its list of spammers, or the site's excluded referrers, tell.`,
    );
  }
  return because(
    'unknown',
    'The server said it took the hits and has no visit of this visitor. It may drop some in silence, as by a rule of its own for agents and addresses, have purged its log, or have lost them: its log file may tell.',
  );
}

/** There is more than was sent. */
function causeOfSurplus({ visit, matched, recorded }: Assessment): LikelyCause | undefined {
  const { surplus } = matched;
  if (surplus.length === 0) return undefined;
  const own = new Set(visit.hits.map(({ pageviewId }) => pageviewId));
  const again = surplus.filter(({ pageviewId, type }) => type === 'order' || own.has(pageviewId));
  if (again.length > 0) {
    return because(
      'doubled',
      `${again.length} of its actions ${again.length === 1 ? 'is' : 'are'} recorded twice${recorded.length > 1 ? ', in visits of their own' : ''}. Something between here and the server sends requests again: a proxy or a balancer that repeats what timed out.`,
    );
  }
  return because(
    'merged-by-fingerprint',
    'Another visitor’s actions stand in this visit: the server takes both for one, because they have the same browser, language and address. Look whether it gets the visitor id (cid) of every hit.',
  );
}

/** There are several visits where there was one. */
function causeOfSplit(recorded: readonly RecordedVisit[], zone: Zone): LikelyCause | undefined {
  if (recorded.length < 2) return undefined;
  const overMidnight = recorded.some(({ facts }, at) => {
    const before = recorded[at - 1];
    return (
      before !== undefined &&
      localDay(zone, before.facts.lastEpochSeconds) < localDay(zone, facts.firstEpochSeconds)
    );
  });
  if (overMidnight) {
    return because(
      'split-at-midnight',
      `Midnight of ${zone.name} falls into it, and Matomo begins a new visit then. The plan keeps clear of the site's midnights where it knows its zone: with a token it asks, without one set TIMEZONE.`,
    );
  }
  return because(
    'split',
    'It is recorded in parts. Matomo begins a new visit after half an hour without a hit (the server may have another limit), for another campaign, and when two first hits come at once.',
  );
}

/** Some of what was accepted is not there. */
function causeOfLoss(assessment: Assessment, circumstances: Circumstances): LikelyCause | undefined {
  const { visit, matched } = assessment;
  const lost = matched.missing.length > 0 ? matched.missing : lostWithoutTrace(assessment);
  if (lost.length === 0) return undefined;
  if (circumstances.host !== undefined) return mergedInto(circumstances.host);
  const spam = lost.map(at => visit.hits[at]).find(hit => hit && circumstances.isSpamReferrer(hit.referrer));
  if (spam !== undefined) return droppedAsSpam(spam.referrer);
  if (circumstances.isQueued) return stillQueued();
  const named = lost.map(at => `${at} (${visit.hits[at]?.type})`).join(', ');
  return because(
    'lost',
    `The server took ${lost.length === 1 ? 'hit' : 'hits'} ${named} of it and did not record ${lost.length === 1 ? 'it' : 'them'}. The log file of the server may tell why.`,
  );
}

/** A hit without a row of its own, as a ping, is missing where the visit is as it would be without it. */
function lostWithoutTrace({ visit, fates, recorded, matched }: Assessment): readonly number[] {
  return [...visit.hits.entries()]
    .filter(([at, hit]) => fates[at] === 'accepted' && !leavesOwnRow(hit))
    .filter(([without]) => {
      const isThere = matched.isRecorded.map((is, at) => is && at !== without);
      return visitDifference(expectedVisit(visit, isThere, false), recorded, false) === undefined;
    })
    .map(([at]) => at);
}

/** All of it is there, and something about it is another. */
function causeOfChange({ difference, expected, recorded }: Assessment): LikelyCause {
  const names = Object.keys(difference?.planned ?? {});
  const facts = recorded[0]?.facts;
  if (
    facts !== undefined &&
    expected !== undefined &&
    facts.firstEpochSeconds !== expected.firstEpochSeconds
  ) {
    return because(
      'unknown',
      'Everything of it is there with another time: the server did not take the dates of the hits (cdt). It refuses those of its own future, so look whether its clock is right.',
    );
  }
  return because(
    'unknown',
    `Everything of it is there, and the server tells another ${names.join(', ')}: something between here and the server may change or drop parameters, or its own lists or settings may make it so.`,
  );
}

function mergedInto(visitorId: string): LikelyCause {
  return because(
    'merged-by-fingerprint',
    `Its actions stand in a visit of visitor ${visitorId}: the server takes both for one, because they have the same browser, language and address. Look whether it gets the visitor id (cid) of every hit.`,
  );
}

function droppedAsSpam(referrer: string): LikelyCause {
  return because(
    'referrer-spam',
    `Its referrer ${referrer} is on Matomo's list of spammers, whose hits are dropped in silence: use another.`,
  );
}

function stillQueued(): LikelyCause {
  return because(
    'queued',
    'The server queues hits and has not recorded these yet: verify again later, or give it more time (--wait).',
  );
}

function because(cause: DifferenceCause, explanation: string): LikelyCause {
  return { cause, explanation };
}

/** Where a visit comes from; undefined where that is nowhere. */
export function hostOf(hit: Hit | undefined): string | undefined {
  return hit !== undefined && URL.canParse(hit.referrer) ? new URL(hit.referrer).host : undefined;
}
