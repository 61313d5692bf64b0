import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 begin every object among the young ones, for the whole process.
 *
 * Where most objects that a line of code made outlived two collections, V8 has that line make old ones from then on. A
 * visit lives for the milliseconds of its answers, so one slow second at the start of a run was enough: all visits were
 * old ones then, a full collection was needed every second, and resident size went up and down by a third.
 *
 * To be called when all code is loaded: code that V8 has compiled for other flags is not taken from a cache.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
