import { Mistake, pointedAt } from '../thresholds/mistake.ts';
import { parseThreshold } from '../thresholds/parse.ts';
import { figureText, type NamedFigure, type Threshold, targetText } from '../thresholds/threshold.ts';
import type { SettingByPath } from './checks.ts';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { ListedTarget } from './target-list.ts';

/** Figures of thresholds that this run can never have: no data would be a failure, so it is told before. */
export function checkThresholds(
  entry: Entry | undefined,
  targets: readonly ListedTarget[],
  setting: SettingByPath,
  command: 'run' | 'backfill',
): readonly Problem[] {
  if (entry === undefined || !Array.isArray(entry.value)) return [];
  const names = namesOf(targets, setting);
  const missing = missingFigures(setting, command);
  return entry.value.flatMap((text: unknown, at) => {
    const threshold = typeof text === 'string' ? sound(text) : undefined;
    if (threshold === undefined) return [];
    const figures = [threshold.figure, threshold.divisor].flatMap(figure => figure ?? []);
    return figures.flatMap(figure => {
      const rule = unknownTarget(figure, names) ?? missing(figure);
      if (rule === undefined) return [];
      const from = originText(entry.placeOf?.([String(at)]) ?? entry.origin);
      return [
        {
          path: `thresholds[${at}]`,
          value: text,
          rule: `${rule}\n${pointedAt(String(text), figure.at)}`,
          from,
        },
      ];
    });
  });
}

/** Those with a mistake are told by the schema. */
function sound(text: string): Threshold | undefined {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (error instanceof Mistake) return undefined;
    throw error;
  }
}

/** As the report calls them: an embedded collector takes the place of the one target that no list names. */
function namesOf(targets: readonly ListedTarget[], setting: SettingByPath): readonly string[] {
  const [only] = targets;
  const isCollector = setting('collector').value === true && only?.label === 'target';
  if (isCollector && !only.entries.has('name')) return ['collector'];
  return targets.map(({ name }) => name);
}

function unknownTarget({ target }: NamedFigure, names: readonly string[]): string | undefined {
  if (target === undefined || names.includes(target)) return undefined;
  return `names no target: there ${names.length === 1 ? 'is' : 'are'} ${names.map(targetText).join(', ')}`;
}

/** Why a figure cannot be there, as the rest of a sentence. */
function missingFigures(setting: SettingByPath, command: 'run' | 'backfill') {
  const on = (path: string) => setting(path).value === true;
  const isVerified = command === 'run' && (on('verify') || on('collector'));
  const isUnscheduled =
    setting('rate').value === 'max' &&
    setting('stages').value === undefined &&
    setting('distribution').value !== 'independent';
  return (named: NamedFigure): string | undefined => {
    const [group, ...rest] = named.parts;
    if (group === 'verification' && !isVerified) {
      return command === 'backfill' ? 'is of a verification, which a backfill has not' : 'needs --verify';
    }
    if (group !== 'lateness' && rest[0] !== 'achieved') return undefined;
    if (command === 'backfill') return `is of a schedule, which a backfill has not: ${figureText(named)}`;
    return isUnscheduled ? `is of a schedule, which --rate max has not: ${figureText(named)}` : undefined;
  };
}
