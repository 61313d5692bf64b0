import { type FindingCode, type FindingLevel, findingCodes } from './finding-codes.ts';

/** One thing found out about a target. */
export interface Finding {
  readonly level: FindingLevel;
  readonly code: FindingCode;
  /** What, and where. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

/** @param hint where there is more to say than the table does */
export function finding(code: FindingCode, message: string, hint: string = findingCodes[code].toDo): Finding {
  return { level: findingCodes[code].level, code, message, ...(hint !== '' && { hint }) };
}

export function hasError(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === 'error');
}
