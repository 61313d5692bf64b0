import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `path` exists and removes it (`AUTO_START=false`): whoever made the file sees that it was taken.
 * Waits no longer when `signal` is aborted.
 */
export async function waitForStartSignal(path: string, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const exists = await stat(path).then(
      () => true,
      () => false,
    );
    if (exists) {
      await rm(path, { force: true });
      return;
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
