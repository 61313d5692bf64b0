/** A promise, and what settles it from outside. */
export interface Deferred {
  readonly promise: Promise<void>;
  settle(): void;
}

export function deferred(): Deferred {
  let settle: () => void = () => {};
  const promise = new Promise<void>(resolve => {
    settle = resolve;
  });
  return { promise, settle: () => settle() };
}

/** What `work` gives within `ms`; undefined when the time is over or `stopped` settles first. `work` itself goes on. */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  stopped: Promise<void>,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, over, stopped.then(() => undefined)]);
  } finally {
    clearTimeout(timer);
  }
}
