import type { z } from 'zod';
import { keyPath } from '../base/key-path.ts';
import { LONGEST_GAP_SECONDS } from '../traffic/timing.ts';
import {
  type FunnelDefinition,
  funnelSchema,
  keysOfKind,
  legacyStepKeys,
  type StepDefinition,
  stepKinds,
} from './funnel-schema.ts';
import { suggestion } from './nearest.ts';
import type { Problem } from './origin.ts';
import { ruleOf } from './rule.ts';

/** Where a funnel was said: tells the place of a part of it, by the keys that lead there. */
export interface FunnelPlace {
  /** What messages call it: `funnels[2]`. */
  readonly label: string;
  of(path: readonly PropertyKey[], at: 'key' | 'value'): string;
}

/** A funnel that was read, or what is wrong with it: all of it at once. */
export interface CheckedFunnel {
  /** Undefined where there is a problem. */
  readonly definition: FunnelDefinition | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * The longest a funnel may last. A visit is dated so that no midnight falls into it, and with browsing after the
 * funnel it must still lie within the 23 hours that Matomo takes without a token.
 */
const MOST_SECONDS = 6 * 3600;

/** @param given plain, as a file says it */
export function checkFunnel(given: unknown, place: FunnelPlace): CheckedFunnel {
  const unused = new Set<string>();
  const plain = tidied(given, unused);
  const parsed = funnelSchema.safeParse(plain, { error: ruleOfFunnel });
  const problem = (path: readonly PropertyKey[], rule: string, at: 'key' | 'value' = 'value'): Problem => {
    const value = at === 'key' ? undefined : valueIn(plain, path);
    const isShown = value !== undefined && typeof value !== 'object';
    return {
      path: keyPath([place.label, ...path]),
      ...(isShown && { value }),
      rule,
      from: place.of(path, at),
    };
  };
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap(issue => problemsOf(issue, plain, problem)),
    ...checkSteps(plain, problem),
  ];
  if (!parsed.success || problems.length > 0) return { definition: undefined, problems, warnings: [] };
  const definition = parsed.data;
  return { definition, problems, warnings: warningsOf(definition, unused, place) };
}

/**
 * Without what says nothing: the Python Trafficinator writes every key of every kind into a step, empty where it has
 * no meaning.
 *
 * @param unused gets the keys that said something all the same
 */
function tidied(given: unknown, unused: Set<string>): unknown {
  if (!isMapping(given)) return given;
  const funnel = withoutNulls(given);
  if (!Array.isArray(funnel.steps)) return funnel;
  return { ...funnel, steps: funnel.steps.map(step => tidiedStep(step, unused)) };
}

function tidiedStep(given: unknown, unused: Set<string>): unknown {
  if (!isMapping(given)) return given;
  const own = keysOfKind.get(String(given.type));
  return Object.fromEntries(
    Object.entries(withoutNulls(given)).filter(([key, value]) => {
      if (value === '' && key !== 'type') return false;
      if (own === undefined || own.has(key) || !legacyStepKeys.has(key)) return true;
      unused.add(key);
      return false;
    }),
  );
}

function withoutNulls(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/** An issue of the schema in words; a key that is not there is told at what it should be in. */
function problemsOf(
  issue: z.core.$ZodIssue,
  plain: unknown,
  problem: (path: readonly PropertyKey[], rule: string, at?: 'key' | 'value') => Problem,
): Problem[] {
  const { path } = issue;
  const kind = String(valueIn(plain, [...path.slice(0, 2), 'type']));
  const isStep = path[0] === 'steps' && path.length > 1;
  if (issue.code === 'unrecognized_keys') {
    const known = isStep ? keysOfKind.get(kind) : Object.keys(funnelSchema.shape);
    const whose = isStep ? `${article(kind)} step` : 'a funnel';
    return issue.keys.map(key =>
      problem([...path, key], `is no key of ${whose}${suggestion(key, known ?? [])}`, 'key'),
    );
  }
  if (valueIn(plain, path) !== undefined) return [problem(path, issue.message)];
  const whose = isStep && path[2] !== 'type' ? `, which ${article(kind)} step needs` : '';
  return [problem(path, `is missing${whose}: ${issue.message}`)];
}

function ruleOfFunnel(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_union') {
    const names = `${stepKinds.slice(0, -1).join(', ')} or ${stepKinds.at(-1)}`;
    const given = issue.input;
    const meant = isMapping(given) && typeof given.type === 'string' ? suggestion(given.type, stepKinds) : '';
    return `must be ${names}${meant}`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'object')
    return 'must be a mapping of keys to values';
  return ruleOf(issue);
}

/** What no single value is to blame for. Looks at what was given, so that it is told beside all else. */
function checkSteps(
  plain: unknown,
  problem: (path: readonly PropertyKey[], rule: string) => Problem,
): Problem[] {
  const steps = isMapping(plain) && Array.isArray(plain.steps) ? plain.steps : [];
  const problems: Problem[] = [];
  const [first] = steps;
  if (isMapping(first) && keysOfKind.has(String(first.type)) && first.type !== 'pageview') {
    problems.push(problem(['steps', 0, 'type'], 'must be pageview: a visit begins with a page'));
  }
  let seconds = 0;
  for (const [at, step] of steps.entries()) {
    if (!isMapping(step)) continue;
    const { delay_seconds_min: min, delay_seconds_max: max } = step;
    if (typeof min === 'number' && typeof max === 'number' && min > max) {
      const rule = `must not be above delay_seconds_max = ${max}`;
      problems.push(problem(['steps', at, 'delay_seconds_min'], rule));
    }
    problems.push(...checkProduct(step, ['steps', at], problem));
    const longest = max ?? min;
    if (typeof longest === 'number') seconds += Math.min(longest, LONGEST_GAP_SECONDS);
  }
  if (seconds > MOST_SECONDS) {
    const rule = `must not last longer than ${MOST_SECONDS} s in all, and with their longest delays they last ${Math.round(seconds)} s`;
    problems.push(problem(['steps'], rule));
  }
  return problems;
}

/** A product is said whole, or drawn whole. */
function checkProduct(
  step: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  problem: (path: readonly PropertyKey[], rule: string) => Problem,
): Problem[] {
  const keys = ['product_sku', 'product_name', 'product_price'];
  const missing = keys.filter(key => step[key] === undefined);
  const [first] = keys.filter(key => step[key] !== undefined);
  if (step.type !== 'product_view' || missing.length === 0 || first === undefined) return [];
  return [problem([...path, first], `needs ${missing.join(' and ')} beside it`)];
}

function warningsOf(
  { name, steps }: FunnelDefinition,
  unused: ReadonlySet<string>,
  place: FunnelPlace,
): string[] {
  const warnings: string[] = [];
  for (const [at, step] of steps.entries()) {
    const longest = Math.max(step.delay_seconds_min, step.delay_seconds_max ?? 0);
    if (longest > LONGEST_GAP_SECONDS) {
      const key = step.delay_seconds_max === undefined ? 'delay_seconds_min' : 'delay_seconds_max';
      warnings.push(
        `${place.of(['steps', at, key], 'value')}: a delay of ${longest} s in funnel ${name} is cut to ${LONGEST_GAP_SECONDS} s, because Matomo begins a new visit after 1800 s`,
      );
    }
    const sum = wrongSum(step);
    if (sum !== undefined) {
      warnings.push(
        `${place.of(['steps', at, 'ecommerce_revenue'], 'value')}: the revenue of funnel ${name} is not its subtotal, tax and shipping, which are ${sum}: it is sent as it is`,
      );
    }
  }
  if (unused.size > 0) {
    const keys = [...unused].join(', ');
    warnings.push(
      `${place.of([], 'value')}: funnel ${name} says ${keys} where a step of its kind has no use for it`,
    );
  }
  return warnings;
}

/** What an order's parts add up to, where all are said and it is not the total. */
function wrongSum(step: StepDefinition): number | undefined {
  if (step.type !== 'ecommerce') return undefined;
  const { ecommerce_revenue: total, ecommerce_subtotal: subtotal } = step;
  const { ecommerce_tax: tax, ecommerce_shipping: shipping } = step;
  if (total === undefined || subtotal === undefined || tax === undefined || shipping === undefined)
    return undefined;
  const sum = Math.round((subtotal + tax + shipping) * 100);
  return sum === Math.round(total * 100) ? undefined : sum / 100;
}

function article(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function valueIn(plain: unknown, path: readonly PropertyKey[]): unknown {
  let at = plain;
  for (const key of path) {
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isMapping(at) ? at[String(key)] : undefined;
  }
  return at;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
