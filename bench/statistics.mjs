/** Of an odd or even number of values. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Each value beside the one that was measured next to it. */
export function ratios(values, base) {
  return values.map((value, at) => value / base[at]);
}

/** Runs `work` and tells the CPU seconds this process spent, user and system. */
export async function cpuSecondsOf(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuSeconds: (user + system) / 1e6 };
}
