import { isEmpty } from './loose-values.ts';
import type { SiteCalendar } from './site-calendar.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { Visit } from './visit.ts';
import type { VisitLog } from './visit-log.ts';

/** A visit is open for this long after its last action [config/global.ini.php: visit_standard_length]. */
export const visitLengthSeconds = 1800;
/** A visit of that many actions is full [config/global.ini.php: create_new_visit_after_x_actions]. */
const mostActions = 10_000;

/**
 * The visitor's last visit, open or not, and undefined for somebody new.
 *
 * A `cid` finds its visitor or nobody. An `_id` and a `uid` find theirs, and else whoever left the same fingerprint
 * within half an hour; of those a `uid` takes only anonymous ones and its own. A hit without any id has nothing but
 * its fingerprint [core/Tracker/VisitorRecognizer.php, core/Tracker/Model.php: findVisitor].
 */
export function lastVisitOf(
  hit: TrackedHit,
  visitorId: string | undefined,
  fingerprint: string,
  log: VisitLog,
): Visit | undefined {
  const latest = hit.at + visitLengthSeconds;
  const found = visitorId === undefined ? undefined : log.lastOfVisitor(hit.site.id, visitorId, latest);
  const { userId } = hit;
  const isForced = userId === '' && hit.parameters.text('cid') !== '';
  const visit =
    found ??
    (isForced && visitorId !== undefined
      ? undefined
      : log.lastOfFingerprint(
          fingerprint,
          hit.at - visitLengthSeconds,
          latest,
          // A hit that names no visitor at all takes any visit with its fingerprint.
          candidate => isEmpty(userId) || candidate.userId === null || candidate.userId === userId,
        ));
  return visit && visit.totalActions >= mostActions ? undefined : visit;
}

/** True where a hit of a known visitor does not continue the last visit. */
export function opensNewVisit({ parameters, at }: TrackedHit, last: Visit, calendar: SiteCalendar): boolean {
  return (
    parameters.whole('new_visit', 0) !== 0 ||
    last.lastActionAt <= at - visitLengthSeconds ||
    calendar.dayOf(last.lastActionAt) !== calendar.dayOf(at)
  );
}
