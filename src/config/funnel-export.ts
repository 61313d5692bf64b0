import { stringify } from 'yaml';
import { Failure } from '../base/failure.ts';
import { type FunnelDefinition, isLegacyKind, type StepDefinition } from './funnel-schema.ts';

/** Funnels as a file of one's own, without what need not be said. */
export function funnelsAsYaml(funnels: readonly FunnelDefinition[]): string {
  return stringify({ funnels: funnels.map(withoutDefaults) }, { lineWidth: 110 });
}

/**
 * Funnels as the Python Trafficinator reads them, for its `FUNNEL_CONFIG_PATH`.
 *
 * @param site where paths from the root are
 * @throws Failure USAGE that names each funnel that does not fit into it, and why
 */
export function funnelsAsLegacyJson(funnels: readonly FunnelDefinition[], site: string): string {
  const misfits = funnels.flatMap(({ name, steps }) => {
    const reasons = steps.flatMap((step, at) => beyondLegacy(step).map(what => `step ${at + 1} ${what}`));
    return reasons.length === 0 ? [] : [`  ${name}: ${reasons.join(', ')}`];
  });
  if (misfits.length > 0) {
    throw new Failure(
      'USAGE',
      `the JSON of the Python Trafficinator cannot hold ${misfits.length === 1 ? 'this funnel' : 'these funnels'}\n${misfits.join('\n')}`,
      {
        hint: '--format yaml holds all of them. To export some, name them: funnels export NAME --format json',
      },
    );
  }
  return `${JSON.stringify(
    funnels.map(funnel => asLegacy(funnel, site)),
    null,
    2,
  )}\n`;
}

function beyondLegacy(step: StepDefinition): string[] {
  const { continue_probability: onward } = step;
  return [
    ...(isLegacyKind(step.type) ? [] : [`is of type ${step.type}`]),
    ...(onward < 1 ? [`has continue_probability ${onward}`] : []),
  ];
}

function asLegacy({ steps, ...funnel }: FunnelDefinition, site: string) {
  return {
    name: funnel.name,
    description: funnel.description ?? null,
    probability: funnel.probability,
    priority: funnel.priority,
    enabled: funnel.enabled,
    exit_after_completion: funnel.exit_after_completion,
    steps: steps.map(({ continue_probability: _, ...step }) => ({
      ...step,
      ...(step.url !== undefined && { url: new URL(step.url, site).href }),
      // Its pages have no other title.
      ...(step.type === 'pageview' && { action_name: step.action_name ?? step.title ?? null }),
      delay_seconds_max: step.delay_seconds_max ?? step.delay_seconds_min,
    })),
  };
}

/** What a file needs to say, so that the same comes of it. */
export function withoutDefaults(funnel: FunnelDefinition): Record<string, unknown> {
  const { description, priority, enabled, exit_after_completion, steps, ...rest } = funnel;
  return {
    name: rest.name,
    ...(description !== undefined && { description }),
    probability: rest.probability,
    ...(priority !== 0 && { priority }),
    ...(!enabled && { enabled }),
    ...(!exit_after_completion && { exit_after_completion }),
    steps: steps.map(stepWithoutDefaults),
  };
}

function stepWithoutDefaults(step: StepDefinition): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(step).filter(
      ([key, value]) =>
        value !== undefined &&
        !(key === 'continue_probability' && value === 1) &&
        !(key === 'delay_seconds_min' && value === 0) &&
        !(key === 'dimension_scope' && value === 'action'),
    ),
  );
}
