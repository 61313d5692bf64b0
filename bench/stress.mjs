import { configOf } from './load.mjs';

/** Visits of the preset `stress`, one after the other as fast as they go. */
export function stressConfig(origin, flags) {
  return configOf({
    preset: 'stress',
    'target.url': `${origin}/matomo.php`,
    rate: 'max',
    pause: '0',
    seed: '1',
    ...flags,
  });
}
