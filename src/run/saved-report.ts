import * as z from 'zod';
import { Failure } from '../base/failure.ts';
import { keyPath } from '../base/key-path.ts';
import type { Report } from './report.ts';
import { reportSchema } from './report-schema.ts';

/** A report that was read from a file. */
export interface SavedReport {
  readonly report: Report;
  /** All that stands in the file, also what this version does not know: what is written back. */
  readonly json: Readonly<Record<string, unknown>>;
}

const text = z.string();

/** What every report has, whatever its version, and hardly any other file. */
const anyReport = z.object({ schemaVersion: z.number(), run: z.looseObject({ version: text.optional() }) });

/**
 * Reads a report that a run wrote.
 *
 * @param name of the file, for messages
 * @throws Failure FILE_INVALID
 */
export function parseReport(fileText: string, name: string): SavedReport {
  const json = jsonOf(fileText, name);
  const known = anyReport.safeParse(json).data;
  if (known === undefined) {
    throw invalid(`${name} is no report of a run`, 'A run writes one with --report FILE.');
  }
  const { schemaVersion, run } = known;
  if (schemaVersion !== 1) {
    throw invalid(
      `${name} is a report of schema version ${schemaVersion}, and this trafficinator reads version 1`,
      `Take the trafficinator that wrote it${run.version === undefined ? '' : `: ${run.version}`}.`,
    );
  }
  const parsed = reportSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      `${name} is no whole report: ${keyPath(issue?.path ?? [])}: ${issue?.message}`,
      'It was changed, or another version wrote it. Take the file as the run wrote it.',
    );
  }
  return { report: parsed.data, json: z.record(text, z.unknown()).parse(json) };
}

function jsonOf(fileText: string, name: string): unknown {
  try {
    return JSON.parse(fileText);
  } catch (error) {
    const trimmed = fileText.trim();
    if (trimmed === '') throw invalid(`${name} is empty`, 'A run writes a report with --report FILE.');
    if (trimmed.startsWith('{') && !trimmed.endsWith('}')) {
      throw invalid(
        `${name} is cut off: it ends in the middle of the report`,
        'Copy it again from where the run wrote it.',
        error,
      );
    }
    throw invalid(`${name} is no JSON`, 'A run writes a report with --report FILE.', error);
  }
}

function invalid(message: string, hint: string, cause?: unknown): Failure {
  return new Failure('FILE_INVALID', message, { hint, cause });
}
