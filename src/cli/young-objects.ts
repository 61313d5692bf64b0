import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 begin objects among the young ones, for the whole process.
 *
 * Where most objects that a line of code made are alive at a collection of the young ones, V8 has that line make old ones
 * from then on (85 % of a hundred or more: `heap/pretenuring-handler.cc`). A visit lives for the milliseconds of its
 * answers, so one slow moment at the start of a run was enough: visits were old objects then, a full collection came as
 * often as every second, and resident size went up and down.
 *
 * To be called when the code that sends is loaded: what is loaded later is compiled anew, because what a cache has was
 * compiled for other flags.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
