import { configOf } from './load.mjs';

/** Visits of the preset `stress` without pauses, as fast as they go unless `flags` say otherwise. */
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
