import { isDeepStrictEqual } from 'node:util';
import type { ContractCase, Placeholders, Row } from './contract.ts';
import type { Recorded } from './replay.ts';

/** Recorded just after a full second, played whenever: times may differ by that much. */
const toleranceSeconds = 2;
const tolerant = /Offset$|^offset$|^totalTimeSeconds$|^secondsSince/;
const mostActionRows = 12;

/** Compares what a server recorded with what the contract says; each difference in words. */
export function compareCase(one: ContractCase, recorded: Recorded, placeholders: Placeholders): string[] {
  const problems: string[] = [];
  const base = one.timeBase === 'now' ? placeholders.now : one.timeBase;
  for (const [name, count] of Object.entries(one.effect)) {
    const got = recorded.effect[name];
    if (got !== undefined && got !== count) problems.push(`effect: ${got} ${name}, recorded ${count}`);
  }
  const visits = placeholders.fill(one.visitsAfter);
  problems.push(...visitProblems(visits, withOffsets(recorded.visitsAfter, base), placeholders));
  for (const part of ['actionsAfter', 'conversionsAfter', 'itemsAfter'] as const) {
    const got = recorded[part];
    if (!got) continue;
    const wanted = placeholders.fill(one[part] ?? []);
    // The contract keeps at most twelve action rows of a case.
    if (part === 'actionsAfter' && got.length > mostActionRows && wanted.length <= mostActionRows) {
      continue;
    }
    problems.push(...rowProblems(part, wanted, withOffsets(got, base)));
  }
  const failed = one.failedLogins ?? 0;
  if (recorded.failedLogins !== undefined && recorded.failedLogins !== failed) {
    problems.push(`${recorded.failedLogins} failed logins, recorded ${failed}`);
  }
  return problems;
}

function visitProblems(wanted: readonly Row[], got: readonly Row[], placeholders: Placeholders): string[] {
  if (wanted.length !== got.length)
    return [`${got.length} visits, recorded ${wanted.length}: ${JSON.stringify(got)}`];
  return wanted.flatMap((visit, at) =>
    Object.entries(visit).flatMap(([name, value]) => {
      const actual = got[at]?.[name];
      const isRight =
        name === 'visitor' && value === 'other'
          ? !placeholders.isSentVisitor(String(actual))
          : isAlike(name, value, actual);
      // A field the server cannot tell is not there at all.
      return isRight || !(name in (got[at] ?? {}))
        ? []
        : [`visit ${at}: ${name} is ${JSON.stringify(actual)}, recorded ${JSON.stringify(value)}`];
    }),
  );
}

/** Rows are compared without an order: rows of one second have none. */
function rowProblems(part: string, wanted: readonly Row[], got: readonly Row[]): string[] {
  const left = [...got];
  const problems: string[] = [];
  for (const row of wanted) {
    const at = left.findIndex(candidate => isSameRow(row, candidate));
    if (at < 0) problems.push(`${part}: missing ${JSON.stringify(row)}`);
    else left.splice(at, 1);
  }
  return [...problems, ...left.map(row => `${part}: not recorded ${JSON.stringify(row)}`)];
}

function isSameRow(wanted: Row, got: Row): boolean {
  const names = new Set([...Object.keys(wanted), ...Object.keys(got)]);
  return [...names].every(name => isAlike(name, wanted[name], got[name]));
}

function isAlike(name: string, wanted: unknown, got: unknown): boolean {
  if (tolerant.test(name) && typeof wanted === 'number' && typeof got === 'number') {
    return Math.abs(wanted - got) <= toleranceSeconds;
  }
  return isDeepStrictEqual(wanted, got);
}

function withOffsets(rows: readonly Row[], base: number): Row[] {
  return rows.map(row =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        /offset$/i.test(name) ? Number(value) - base : value,
      ]),
    ),
  );
}
