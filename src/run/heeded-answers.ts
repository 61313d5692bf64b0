import type { TargetAnswers } from '../delivery/target-answers.ts';
import type { Life } from './life.ts';
import { type TargetDates, trafficOf } from './planning.ts';
import type { AskedTarget } from './preparation.ts';
import type { PreparedTarget } from './prepared-target.ts';
import type { RunConfig } from './run-config.ts';
import type { TargetRun } from './target-run.ts';
import type { Telling } from './telling.ts';

export interface HeededAnswersOptions {
  readonly config: RunConfig;
  /** By target: what is known of it by validation, so that it is not asked again. */
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly life: Life;
  readonly telling: Telling;
  /** The target's token is not taken: nothing more may be sent to it. */
  refuse(target: TargetRun, detail: string): void;
}

/** What comes of what targets say of themselves: no visit goes to one before it is known that its token is not refused. */
export class HeededAnswers {
  readonly #options: HeededAnswersOptions;

  constructor(options: HeededAnswersOptions) {
    this.#options = options;
  }

  /** Heeds what a target says, once it has. */
  await(asked: AskedTarget, target: TargetRun): void {
    const heed = (answers: TargetAnswers) => {
      if (this.#isOver) return;
      // What was known before was told by whoever asked.
      if (!this.#isKnown(target)) this.#noteCurrency(answers, target);
      this.#heedToken(answers, target);
    };
    if (asked.answers !== undefined) heed(asked.answers);
    else void asked.answered.then(heed);
  }

  /** Hits with the token are being rejected. */
  askAgain(prepared: PreparedTarget, target: TargetRun): void {
    const { telling, life } = this.#options;
    telling.notice('warn', `${target.config.name}: hits with the token are rejected; asking once more`);
    void prepared.ask(life.clock, life.ended).then(answers => {
      // A server that has locked the sender out does not say no: only a yes lets hits go on.
      if (answers.token?.result === 'good') this.#heedToken(answers, target);
      else if (!this.#isOver) this.#options.refuse(target, answers.token?.detail ?? 'no answer');
    });
  }

  /** What the dates of a target's visits rest on. Where targets were validated, that has told it. */
  noteDates({ answers }: AskedTarget, target: TargetRun, { serverLagSeconds, timezone }: TargetDates): void {
    if (this.#isKnown(target)) return;
    const { name, token, apiToken = token, timezone: configured } = target.config;
    const { telling } = this.#options;
    if (serverLagSeconds !== 0) {
      telling.notice(
        'info',
        `${name}: visits are dated ${serverLagSeconds} s earlier, because a server's clock is behind`,
      );
    }
    if (apiToken !== undefined && configured === undefined && answers?.site === undefined) {
      telling.notice(
        'info',
        `${name}: the site did not tell its zone in time: visits keep clear of the midnights of ${timezone}, and others may be split at its own`,
      );
    }
  }

  get #isOver(): boolean {
    return this.#options.life.ended.aborted;
  }

  #isKnown({ config: { name } }: TargetRun): boolean {
    return this.#options.known.has(name);
  }

  #heedToken({ token }: TargetAnswers, target: TargetRun): void {
    if (this.#isOver) return;
    if (token?.result === 'refused') {
      this.#options.refuse(target, token.detail);
      return;
    }
    if (token?.result === 'unclear') {
      this.#options.telling.notice(
        'warn',
        `${target.config.name}: could not ask about the token (${token.detail})`,
      );
    }
    target.release();
  }

  #noteCurrency({ site }: TargetAnswers, target: TargetRun): void {
    const { currency, probability } = trafficOf(this.#options.config, target.config).ecommerce;
    if (site === undefined || site.currency === currency || probability === 0) return;
    this.#options.telling.notice(
      'warn',
      `${target.config.name}: orders are meant in ${currency}, but the site's currency is ${site.currency}, and Matomo takes the numbers for that`,
    );
  }
}
