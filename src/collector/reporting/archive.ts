import type { Visit } from '../visit.ts';
import type { VisitLog } from '../visit-log.ts';

/** What today's reports are made of: all visits as they were when somebody first asked. */
interface Snapshot {
  readonly madeAtSecond: number;
  readonly visits: readonly Visit[];
}

/**
 * Reports of today are made when they are first asked for, and kept for a while: what comes in meanwhile is in them
 * only later. A segment that was not asked for before has no reports yet, and so gets fresh ones. Without a segment
 * all plugins' reports are made together, with one each plugin's by themselves
 * [core/ArchiveProcessor/Rules.php; checked on a running server]. Reports of other days are always fresh: hits that
 * come late are noticed.
 */
export class Archive {
  readonly #keptSeconds: number;
  readonly #log: VisitLog;
  readonly #snapshots = new Map<string, Snapshot>();
  /** Of the log as it is: snapshots of one moment share it. */
  #copy: { readonly version: number; readonly visits: readonly Visit[] } | undefined;

  /** @param keptSeconds how old reports of today may be; 0: they are always fresh */
  constructor(log: VisitLog, keptSeconds: number) {
    this.#log = log;
    this.#keptSeconds = keptSeconds;
  }

  /** True where reports of today may be older than the log. */
  get ages(): boolean {
    return this.#keptSeconds > 0;
  }

  /**
   * What today's reports of a site are made of.
   *
   * @param plugin whose report is asked for, such as `VisitsSummary`
   */
  today(siteId: number, segment: string, plugin: string, epochSecond: number): readonly Visit[] {
    const key = `${siteId}|${segment === '' ? '' : `${plugin}|${segment}`}`;
    const kept = this.#snapshots.get(key);
    if (kept && epochSecond - kept.madeAtSecond < this.#keptSeconds) return kept.visits;
    this.#forgetOld(epochSecond);
    const visits = this.#copied();
    this.#snapshots.set(key, { madeAtSecond: epochSecond, visits });
    return visits;
  }

  /** Reports of a site are made anew when they are next asked for. */
  invalidate(siteId: number): void {
    for (const key of this.#snapshots.keys()) if (key.startsWith(`${siteId}|`)) this.#snapshots.delete(key);
  }

  clear(): void {
    this.#snapshots.clear();
    this.#copy = undefined;
  }

  /** The log goes on changing its visits; a snapshot must not. */
  #copied(): readonly Visit[] {
    const { version, visits } = this.#log;
    if (this.#copy?.version !== version) this.#copy = { version, visits: structuredClone([...visits]) };
    return this.#copy.visits;
  }

  #forgetOld(epochSecond: number): void {
    for (const [key, { madeAtSecond }] of this.#snapshots)
      if (epochSecond - madeAtSecond >= this.#keptSeconds) this.#snapshots.delete(key);
  }
}
