import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; fails after five seconds. */
export async function until(holds: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 5000; !holds(); await sleep(5)) {
    if (performance.now() > endMs) throw new Error(`it did not come about: ${holds}`);
  }
}
