import { type Command, Option } from 'commander';
import type { OptionRow } from '../config/option-table.ts';
import { runOptions } from './run-options.generated.ts';

/**
 * Gives a command options of a run, under headings. What they may hold is checked when the configuration is loaded.
 *
 * @param isTaken by the key an option sets; default: all
 * @param meanings by the key an option sets: what it says here, where that is not what it says to a run
 */
export function addRunOptions(
  command: Command,
  isTaken: (key: string) => boolean = () => true,
  meanings: Readonly<Record<string, string>> = {},
): void {
  for (const { key, flag, description, group, repeatable } of optionsOf(command)) {
    if (!isTaken(key)) continue;
    const heading = `${group.charAt(0).toUpperCase()}${group.slice(1)}:`;
    const option = new Option(flag, meanings[key] ?? description).helpGroup(heading);
    if (repeatable) option.argParser((text, before: string | undefined) => withLine(before, text));
    command.addOption(option);
  }
}

/** `backfill` has flags of its own, which can be validated, too; every other command has those of `run`. */
function optionsOf(command: Command): readonly OptionRow[] {
  const name = command.name();
  const owners = name === 'validate' ? ['run', 'backfill'] : [name === 'backfill' ? 'backfill' : 'run'];
  return runOptions.filter(({ only }) => only === undefined || owners.includes(only));
}

/** What a repeatable option was given, a line each time. */
function withLine(before: string | undefined, text: string): string {
  return before === undefined ? text : `${before}\n${text}`;
}

/** The options that were given on the command line, by the keys they set: `{ rate: '10/s', 'target.url': '…' }`. */
export function flagsOf(command: Command): Record<string, string | boolean> {
  const flags: Record<string, string | boolean> = {};
  for (const { key, flag } of optionsOf(command)) {
    const name = new Option(flag).attributeName();
    if (command.getOptionValueSource(name) !== 'cli') continue;
    const value: unknown = command.getOptionValue(name);
    if (typeof value === 'string' || typeof value === 'boolean') flags[key] = value;
  }
  return flags;
}
