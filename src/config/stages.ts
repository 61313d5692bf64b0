import { z } from 'zod';
import { type Stage, secondsOfStages, visitsOfStages } from '../traffic/arrivals/stages.ts';
import { durationPattern, parseDuration } from './duration.ts';
import { parseRate, ratePattern } from './rate.ts';

/** A year, as `duration` has it. */
const MOST_SECONDS = 366 * 86_400;
const MOST_PER_SECOND = 1_000_000;

const form = 'a time and a rate, such as 5m@100/min or 10m@100-600/min';

/** `5m@100/min, 10m@100-600/min`: a time and a rate, or the two rates it goes from and to. */
export const stages = z
  .string({ error: `must be stages, each of ${form}` })
  .transform((text, context): Stage[] => {
    const refuse = (rule: string) => {
      context.issues.push({ code: 'custom', message: rule, input: text });
    };
    const all: Stage[] = [];
    let position = 1;
    const parts = text.split(',');
    for (const [at, part] of parts.entries()) {
      const stage = parseStage(part.trim());
      const indent = part.length - part.trimStart().length;
      if (typeof stage !== 'string') all.push(stage);
      else refuse(`must have in stage ${at + 1}, at character ${position + indent}, ${stage}`);
      position += part.length + 1;
    }
    if (all.length < parts.length) return z.NEVER;
    if (secondsOfStages(all) > MOST_SECONDS) refuse('must be over within 366 days');
    if (visitsOfStages(all) === 0) refuse('must have a stage with a rate above 0');
    return all;
  });

/** The stage, or what there should be. That is not quoted: it may be a secret that was put here by mistake. */
function parseStage(text: string): Stage | string {
  const [time = '', rates, ...more] = text.split('@').map(each => each.trim());
  if (rates === undefined || more.length > 0) return form;
  const durationSeconds = durationPattern.test(time) ? parseDuration(time) : 0;
  if (durationSeconds === 0) return 'a time above 0 before the @, such as 30s, 10m or 1h30m';
  const [from = '', to = from, ...others] = rates.split(/\s*(?:->|[-–→])\s*/);
  const [unit = ''] = /\/.*$/.exec(to) ?? [];
  // 100-600/min: what has no unit has that of the other.
  const fromRate = rateOf(from.includes('/') ? from : `${from}${unit}`);
  const toRate = rateOf(to);
  if (fromRate === undefined || toRate === undefined || others.length > 0) {
    return 'a rate such as 10/s, 100/min or 600/h after the @, or two such as 100-600/min';
  }
  if (Math.max(fromRate, toRate) > MOST_PER_SECOND) return `a rate of at most ${MOST_PER_SECOND}/s`;
  return { durationSeconds, fromRate, toRate };
}

function rateOf(text: string): number | undefined {
  const rate = ratePattern.test(text) ? parseRate(text) : 'max';
  return rate === 'max' ? undefined : rate;
}
