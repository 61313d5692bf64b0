import { resolve } from 'node:path';
import { keyPath } from '../base/key-path.ts';
import type { EventTemplate } from '../data/events.ts';
import { type EventsDefinition, type EventsProblem, readEvents } from './events-schema.ts';
import { plainOf } from './funnel-file.ts';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import { fileText, type ReadFile } from './read-file.ts';
import type { Setting } from './setting.ts';
import { offsetOf, readYaml } from './yaml-document.ts';

/** The events of a run that are not the built-in ones. */
export interface EventSource {
  readonly clickEvents: readonly EventTemplate[] | undefined;
  readonly behaviourEvents: readonly EventTemplate[] | undefined;
  /** As a file may say them again: lists without probabilities, which are settings of the traffic. */
  readonly lists: Pick<EventsDefinition, 'click_events' | 'random_events'> | undefined;
  /** What it says of the traffic, below all that is said by somebody but a preset. */
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
}

/** Where the containers of the Python Trafficinator had them. */
const containerEvents = '/app/data/events.json';

const builtIn: EventSource = {
  clickEvents: undefined,
  behaviourEvents: undefined,
  lists: undefined,
  entries: [],
  problems: [],
  notices: [],
};

/** The events a setting names the file of, or holds; else those of a container's file, else the built-in ones. */
export function eventSource({ value, origin, leaf }: Setting, cwd: string, readFile: ReadFile): EventSource {
  if (value === undefined) {
    const { text } = fileText(containerEvents, readFile);
    if (text === undefined) return builtIn;
    return { ...ofFile(text, containerEvents), notices: [`events are those of ${containerEvents}`] };
  }
  if (typeof value !== 'string') {
    const from = originText(origin);
    return sourceOf(readEvents(value), leaf.path, () => from);
  }
  const file = fileText(resolve(cwd, value), readFile);
  if (file.text !== undefined) return ofFile(file.text, value);
  // A .env that only repeats the default of a container holds outside of one too.
  if (file.missing && value === containerEvents) return builtIn;
  return { ...builtIn, problems: [{ path: leaf.path, value, rule: file.rule, from: originText(origin) }] };
}

function ofFile(text: string, file: string): EventSource {
  const { document, place, problems } = readYaml(text.replace(/^\uFEFF/, ''), file);
  if (problems.length > 0) return { ...builtIn, problems };
  return sourceOf(readEvents(plainOf(document, document.contents)), 'events', (path, at) =>
    place(offsetOf(document, document.contents, path, at)),
  );
}

type PlaceOf = (path: readonly PropertyKey[], at: 'key' | 'value') => string;

function sourceOf(
  read: EventsDefinition | readonly EventsProblem[],
  label: string,
  placeOf: PlaceOf,
): EventSource {
  if (isProblems(read)) {
    const problems = read.map(({ path, at, value, rule }) => ({
      path: keyPath([label, ...path]),
      value,
      rule,
      from: placeOf(path, at),
    }));
    return { ...builtIn, problems };
  }
  const { click_events, random_events } = read;
  const entryOf = (key: keyof EventsDefinition & `${string}_probability`, path: string): Entry[] => {
    // There is nothing to draw from an empty list.
    const isEmpty = read[key === 'click_events_probability' ? 'click_events' : 'random_events']?.length === 0;
    const value = isEmpty ? 0 : read[key];
    if (value === undefined) return [];
    return [{ path, value, origin: { kind: 'file', place: placeOf([key], 'value') } }];
  };
  return {
    ...builtIn,
    clickEvents: templates(click_events),
    behaviourEvents: templates(random_events),
    lists: { ...(click_events && { click_events }), ...(random_events && { random_events }) },
    entries: [
      ...entryOf('click_events_probability', 'traffic.clickEventProbability'),
      ...entryOf('random_events_probability', 'traffic.behaviourEventProbability'),
    ],
  };
}

function isProblems(read: EventsDefinition | readonly EventsProblem[]): read is readonly EventsProblem[] {
  return Array.isArray(read);
}

/** An empty list is no list: its probability is 0, or somebody wants events all the same. */
function templates(events: EventsDefinition['click_events']): readonly EventTemplate[] | undefined {
  if (events === undefined || events.length === 0) return undefined;
  return events.map(({ value, ...event }) => ({
    ...event,
    value: value === null ? null : { min: value, max: value },
  }));
}

/**
 * The settings with what an events file says of probabilities: more than a preset's, which is for everybody, less than
 * what anybody says of them by name.
 */
export function withEvents(
  entries: ReadonlyMap<string, Entry>,
  { entries: own }: EventSource,
): ReadonlyMap<string, Entry> {
  const all = new Map(entries);
  for (const entry of own) {
    const said = entries.get(entry.path);
    if (said === undefined || said.origin.kind === 'preset') all.set(entry.path, entry);
  }
  return all;
}
