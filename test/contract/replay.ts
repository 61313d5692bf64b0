import { compareCase } from './compare.ts';
import type { ContractCase, ContractTokens, Row, Step } from './contract.ts';
import { Placeholders } from './contract.ts';
import { type Answer, send } from './http.ts';

/** What a server recorded since a moment, in the words of the contract; times are epoch seconds in fields ending in `Offset`. */
export interface Recorded {
  effect: Record<string, number>;
  visitsAfter: Row[];
  /** Missing where the server cannot tell. */
  actionsAfter?: Row[];
  conversionsAfter?: Row[];
  itemsAfter?: Row[];
  failedLogins?: number;
}

/** How to learn what a case did to a server. */
export interface EffectReader {
  /** Called before a case's first step. */
  begin(one: ContractCase): Promise<void>;
  /** Called after its last. */
  read(one: ContractCase, placeholders: Placeholders): Promise<Recorded>;
}

/** A server the contract is played to. */
export interface ContractServer extends ContractTokens {
  origin: string;
  /** Epoch seconds. */
  now(): number;
  effects: EffectReader;
}

/**
 * Plays a case to a server.
 *
 * @returns everything that is not as recorded, in words; empty for a case that holds
 */
export async function replayCase(one: ContractCase, server: ContractServer): Promise<string[]> {
  await server.effects.begin(one);
  const placeholders = new Placeholders(server.now(), server);
  const problems: string[] = [];
  for (const [at, step] of one.steps.entries()) {
    const answer = await send(server.origin, placeholders.fill(step.request));
    problems.push(...answerProblems(step, answer, placeholders).map(problem => `step ${at + 1}: ${problem}`));
  }
  const recorded = await server.effects.read(one, placeholders);
  return [...problems, ...compareCase(one, recorded, placeholders)];
}

function answerProblems({ response }: Step, answer: Answer, placeholders: Placeholders): string[] {
  const problems: string[] = [];
  if (answer.status !== response.status)
    problems.push(`status ${answer.status}, recorded ${response.status}`);
  if (answer.contentType !== response.contentType) {
    problems.push(`content type ${answer.contentType}, recorded ${response.contentType}`);
  }
  const kind = bodyKind(answer);
  const expected = response.body;
  if (typeof expected === 'string') {
    if (kind !== expected) problems.push(`body is ${kind}, recorded ${expected}`);
    if (response.bodyBytes !== undefined && answer.body.length !== response.bodyBytes) {
      problems.push(`body of ${answer.body.length} bytes, recorded ${response.bodyBytes}`);
    }
  } else {
    const wanted = JSON.stringify(placeholders.fill(expected));
    const got = JSON.stringify(JSON.parse(answer.body.toString() || 'null'));
    if (got !== wanted) problems.push(`body ${got}, recorded ${wanted}`);
  }
  return problems;
}

function bodyKind({ body, contentType }: Answer): string {
  if (body.length === 0) return 'empty';
  if (body.subarray(0, 3).toString('latin1') === 'GIF') return 'gif';
  return contentType.startsWith('application/json') ? 'json' : 'html';
}
