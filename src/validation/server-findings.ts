import { type Finding, finding } from './finding.ts';
import type { SiteFacts } from './site-facts.ts';

const OLDEST_MAJOR = 4;
/** What trafficinator was tested with. */
const NEWEST_MAJOR = 5;

/** Of the server itself: its version and the plugins that change what is recorded. */
export function serverFindings({ version, queuedTracking, spamPrevention }: SiteFacts): Finding[] {
  return [
    ...(version === undefined ? [] : [versionFinding(version)]),
    ...(queuedTracking === true
      ? [finding('QUEUED', 'the plugin QueuedTracking is on: accepted hits wait in a queue')]
      : []),
    ...(spamPrevention === true
      ? [finding('SPAM_PREVENTION', 'the plugin TrackingSpamPrevention is on: it may drop visits')]
      : []),
  ];
}

function versionFinding(version: string): Finding {
  const major = Number.parseInt(version, 10);
  if (major < OLDEST_MAJOR) {
    return finding('VERSION_OLD', `it is Matomo ${version}, which may record visits otherwise`);
  }
  return major > NEWEST_MAJOR
    ? finding('VERSION_NEW', `it is Matomo ${version}, newer than what trafficinator was tested with`)
    : finding('VERSION', `it is Matomo ${version}`);
}
