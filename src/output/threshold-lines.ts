import type { ChalkInstance } from 'chalk';
import type { ThresholdResult } from '../run/report.ts';
import { parsed } from '../thresholds/judge-thresholds.ts';
import { valueText } from '../thresholds/value-text.ts';
import { duration } from './number-format.ts';
import { oneLine, textWidth, wrapWords } from './text-width.ts';

const GAP = 2;

/**
 * `✗ latency.p95 < 20ms    30 ms`: a line each, with the values under each other at the right. Where there is no room
 * for both beside each other, the value stands in a line below.
 */
export function thresholdLines(
  results: readonly ThresholdResult[],
  width: number,
  chalk: ChalkInstance,
): string[] {
  const rows = results.map(result => ({
    result,
    text: `${result.passed ? '✓' : '✗'} ${oneLine(result.expression)}`,
    value: resultText(result),
  }));
  const texts = Math.max(0, ...rows.map(({ text }) => textWidth(text)));
  const values = Math.max(0, ...rows.map(({ value }) => textWidth(value)));
  const isWide = rows.every(({ result }) => texts + GAP + values + textWidth(endingText(result)) <= width);
  return rows.flatMap(({ result, text, value }) => {
    const ending = endingText(result);
    const lines = isWide
      ? [`${text}${' '.repeat(texts - textWidth(text) + GAP + values - textWidth(value))}${value}${ending}`]
      : [
          ...wrapWords(text, width, '  '),
          ...wrapWords(`${value}${ending}`, width - GAP, '').map(line => `${' '.repeat(GAP)}${line}`),
        ];
    if (!result.passed) return lines.map(line => chalk.red(line));
    return lines.map(line => (line.startsWith('✓') ? chalk.green('✓') + line.slice(1) : line));
  });
}

/** The value with its unit: `30 ms`, `0.4 %`, `no data`. */
export function resultText({ expression, value }: ThresholdResult): string {
  const threshold = parsed(expression);
  if (threshold !== undefined) return valueText(threshold, value);
  return value === null ? 'no data' : String(value);
}

function endingText({ abortedAtSeconds }: ThresholdResult): string {
  return abortedAtSeconds === undefined ? '' : `  ended the run after ${duration(abortedAtSeconds)}`;
}
