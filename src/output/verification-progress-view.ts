import type { VerificationProgress } from '../verification/verification-progress.ts';
import { LiveRegion } from './live-region.ts';
import { clockTime, counted, grouped } from './number-format.ts';
import type { TextStream } from './text-stream.ts';
import { oneLine } from './text-width.ts';

/** What ends sooner needs no progress. */
const FIRST_AFTER_MS = 1000;
const LINE_EVERY_MS = 10_000;
const REDRAW_MS = 250;

interface Latest extends VerificationProgress {
  readonly atMs: number;
}

/** How far verification is: on a terminal one line that is redrawn, elsewhere a line every 10 s. */
export class VerificationProgressView {
  readonly #latest = new Map<string, Latest>();
  readonly #say: (text: string) => void;
  readonly #region: LiveRegion | undefined;
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #nextMs = FIRST_AFTER_MS;

  /** @param say writes a line where nothing can be redrawn */
  constructor(options: { stream: TextStream; redraws: boolean; say?: (text: string) => void }) {
    this.#say = options.say ?? (text => options.stream.write(`${text}\n`));
    this.#region = options.redraws ? new LiveRegion(options.stream) : undefined;
    this.#timer = setInterval(() => this.#tick(), REDRAW_MS);
  }

  readonly show = (progress: VerificationProgress): void => {
    this.#latest.set(progress.target, { ...progress, atMs: performance.now() });
  };

  /** Takes the line away until the next draw. */
  suspend(): void {
    this.#region?.close();
  }

  /** Takes the line away. Harmless when repeated. */
  close(): void {
    clearInterval(this.#timer);
    this.#region?.close();
  }

  #tick(): void {
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#startedMs;
    if (elapsedMs < this.#nextMs || this.#latest.size === 0) return;
    const text = progressText([...this.#latest.values()], nowMs);
    if (this.#region !== undefined) {
      this.#region.draw([text]);
      return;
    }
    this.#nextMs = Math.floor(elapsedMs / LINE_EVERY_MS) * LINE_EVERY_MS + LINE_EVERY_MS;
    this.#say(text);
  }
}

/** `verifying  1,234 of 2,000 visits read, waiting up to 0:45 for baseline, optimized` */
function progressText(all: readonly Latest[], nowMs: number): string {
  const found = all.reduce((sum, one) => sum + one.found, 0);
  const expected = all.reduce((sum, one) => sum + one.expected, 0);
  const waiting = all.filter(({ stage, leftMs }) => stage === 'waiting' && leftMs !== null);
  const read = `verifying  ${grouped(found)} of ${counted(expected, 'visit')} found`;
  if (waiting.length === 0) return read;
  const leftMs = Math.max(0, ...waiting.map(({ leftMs, atMs }) => (leftMs ?? 0) - (nowMs - atMs)));
  const names = waiting.map(({ target }) => oneLine(target)).join(', ');
  return `${read}, waiting up to ${clockTime(leftMs)} for ${names}`;
}
