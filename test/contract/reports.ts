import { readFileSync } from 'node:fs';
import type { Placeholders, RequestTemplate } from './contract.ts';
import type { Answer } from './http.ts';

export const reportsFiles = ['reporting.json', 'reporting-more.json', 'reporting-dimensions.json'] as const;
type ReportsFile = (typeof reportsFiles)[number];

export interface RecordedReports {
  /** Those the server needs, where they are not the contract's three. */
  sites?: unknown;
  plan: { visit: string; lines: string[] }[];
  send: { request: RequestTemplate; response: { status: number; body: unknown } };
  answers: RecordedReport[];
}

export interface RecordedReport {
  id: string;
  request: RequestTemplate;
  response: { status: number; contentType: string; json: unknown; trimmed?: boolean; failedLogins?: number };
}

export function readReports(file: ReportsFile): RecordedReports {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

/** The one request that sends the plan: every line, in order. */
export function planRequest({ plan, send }: RecordedReports): RequestTemplate {
  const requests = plan.flatMap(({ lines }) => lines);
  return { ...send.request, json: { requests, token_auth: '{{token}}' } };
}

/** What a verification has no use for: pictures, addresses, links into reports, when a site was made. */
const passedOver = new Set([
  'idsubdatatable',
  'subtable',
  'logo',
  'logoHeight',
  'segment',
  'ts_created',
  'url',
]);

/** Where an answer is not as recorded, in words. Numbers may be texts: Matomo writes them either way. */
export function reportProblems(
  { response }: RecordedReport,
  answer: Answer,
  placeholders: Placeholders,
): string[] {
  const problems: string[] = [];
  if (answer.status !== response.status)
    problems.push(`status ${answer.status}, recorded ${response.status}`);
  if (answer.contentType !== response.contentType) problems.push(`content type ${answer.contentType}`);
  const got: unknown = JSON.parse(answer.body.toString());
  return [...problems, ...differences('', placeholders.fill(response.json), got)];
}

function differences(path: string, wanted: unknown, got: unknown): string[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got)) return [`${path} is no list`];
    const problems =
      wanted.length === got.length ? [] : [`${path} has ${got.length} rows, recorded ${wanted.length}`];
    // Rows with the same figures have no order: they are told apart by their label.
    return [
      ...problems,
      ...wanted.flatMap((row, at) =>
        differences(`${path}/${labelOf(row) ?? at}`, row, sameRow(row, got) ?? got[at]),
      ),
    ];
  }
  if (isObject(wanted)) {
    if (!isObject(got)) return [`${path} is ${JSON.stringify(got)}`];
    return Object.keys(wanted)
      .filter(name => !passedOver.has(name))
      .flatMap(name => differences(`${path}.${name}`, wanted[name], got[name]));
  }
  return isSameValue(wanted, got)
    ? []
    : [`${path} is ${JSON.stringify(got)}, recorded ${JSON.stringify(wanted)}`];
}

function isSameValue(wanted: unknown, got: unknown): boolean {
  if (wanted === got) return true;
  const number = typeof wanted === 'number' || typeof got === 'number';
  if (!number || wanted === null || got === null || got === undefined) return false;
  // Sums of fractions end in digits that hang on the order they were added in.
  return Math.abs(Number(wanted) - Number(got)) < 1e-9;
}

function sameRow(row: unknown, rows: readonly unknown[]): unknown {
  const label = labelOf(row);
  return label === undefined
    ? undefined
    : (rows.find(other => labelOf(other) === label) ?? { missing: true });
}

function labelOf(row: unknown): string | undefined {
  return isObject(row) && typeof row.label === 'string' ? row.label : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
