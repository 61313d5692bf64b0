import { dryRun } from '../../src/cli/dry-run.ts';
import type { RunConfig } from '../../src/run/run-config.ts';

/** A visit as `--dry-run` tells it. */
export interface PlannedLine {
  readonly index: number;
  readonly target: string;
  readonly startMs: number;
  readonly visitor: { readonly id: string; readonly country: string | null };
  readonly hits: readonly {
    readonly offsetMs: number;
    readonly type: string;
    readonly params: Readonly<Record<string, string>>;
  }[];
}

/** The whole plan of a configuration, by the names of its targets; a target without visits has an empty list. */
export async function plannedLines(config: RunConfig): Promise<Map<string, PlannedLine[]>> {
  let text = '';
  await dryRun(config, {
    summaryOnly: false,
    stdout: {
      write(chunk: string) {
        text += chunk;
        return true;
      },
    },
  });
  const lines = new Map<string, PlannedLine[]>(config.targets.map(({ name }) => [name, []]));
  for (const line of text.split('\n').filter(Boolean)) {
    const planned: PlannedLine = JSON.parse(line);
    lines.get(planned.target)?.push(planned);
  }
  return lines;
}

/** Whose visits they are. */
export function visitorsOf(lines: readonly PlannedLine[]): string[] {
  return lines.map(({ visitor }) => visitor.id);
}
