import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, however busy this machine is; fails when the time is over, before the test's own is. */
export async function until(holds: () => boolean, withinMs = 45_000): Promise<void> {
  for (const endMs = performance.now() + withinMs; !holds(); await sleep(5)) {
    if (performance.now() > endMs) throw new Error(`it did not come about: ${holds}`);
  }
}
