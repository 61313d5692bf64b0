import * as z from 'zod';
import { Failure } from '../base/failure.ts';
import type { Report } from '../run/report.ts';
import type { Lookup } from './references.ts';
import { variableOf } from './target-variables.ts';

/** What `effective.ts` wrote of a target's token for the Reporting API alone. */
const savedTarget = z.object({ apiTokenEnv: z.string().nullish() });
const savedConfig = z.object({
  target: savedTarget.optional(),
  targets: z.array(savedTarget).optional(),
});

/**
 * The tokens to ask a run's targets with, by their names: of the variables named on the command line, else those the
 * run had and those a run would take today. One for the Reporting API alone goes before one that hits carried.
 *
 * @param specs `VAR`, for every target that has no other, or `name=VAR`
 * @throws Failure USAGE with all that is missing
 */
export function reportTokens(
  report: Report,
  specs: readonly string[],
  lookup: Lookup,
): ReadonlyMap<string, string> {
  const names = report.targets.map(({ name }) => name);
  const named = new Map(specs.map(spec => namedIn(spec, names)));
  const saved = savedConfig.safeParse(report.config).data;
  const tokens = new Map<string, string>();
  const missing: string[] = [];
  for (const [at, { name, tokenEnv }] of report.targets.entries()) {
    const said = named.get(name) ?? named.get(undefined);
    const apiTokenEnv = (saved?.targets?.[at] ?? saved?.target)?.apiTokenEnv;
    const ofRun = [apiTokenEnv, variableOf(at + 1, 'apiToken'), tokenEnv, variableOf(at + 1, 'token')];
    const variables = said === undefined ? ofRun.filter(one => typeof one === 'string') : [said];
    const token = variables.map(lookup).find(found => found !== undefined);
    if (token !== undefined) tokens.set(name, token);
    else missing.push(`${name}: ${oneOf([...new Set(variables)])} is not set`);
  }
  if (missing.length === 0) return tokens;
  throw new Failure(
    'USAGE',
    `a token that may view the site is needed to ask what was recorded there\n  ${missing.join('\n  ')}`,
    {
      hint: 'Set the variable, in the environment or in .env, or name another with --token-env VAR. View access is enough.',
    },
  );
}

/** A name may hold an equals sign, a variable cannot. */
function namedIn(spec: string, names: readonly string[]): readonly [string | undefined, string] {
  const at = spec.lastIndexOf('=');
  const [name, variable] = at < 0 ? [undefined, spec] : [spec.slice(0, at), spec.slice(at + 1)];
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable) || /^[0-9a-f]{32}$/i.test(variable)) {
    // What stands there may be a token.
    throw new Failure(
      'USAGE',
      '--token-env takes the name of a variable that holds the token, or TARGET=VARIABLE',
    );
  }
  if (name !== undefined && !names.includes(name)) {
    throw new Failure('USAGE', `--token-env: the report has no target ${name}`, {
      hint: `Its targets are: ${names.join(', ')}.`,
    });
  }
  return [name, variable];
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
