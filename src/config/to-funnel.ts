import type { Funnel, FunnelStep } from '../traffic/funnel.ts';
import { LONGEST_GAP_SECONDS } from '../traffic/timing.ts';
import type { FunnelDefinition, StepDefinition } from './funnel-schema.ts';

/** A funnel of a file in the words of the plan. */
export function toFunnel(definition: FunnelDefinition): Funnel {
  const { name, description, probability, priority, enabled, exit_after_completion, steps } = definition;
  return {
    name,
    description,
    probability,
    priority,
    enabled,
    exitAfterCompletion: exit_after_completion,
    steps: steps.map(toStep),
  };
}

function toStep(step: StepDefinition): FunnelStep {
  const { url, title, delay_seconds_min: min, delay_seconds_max: max = min } = step;
  const common = {
    url,
    title: step.action_name ?? title,
    delaySeconds: { min: Math.min(min, LONGEST_GAP_SECONDS), max: Math.min(max, LONGEST_GAP_SECONDS) },
    continueProbability: step.continue_probability,
  };
  switch (step.type) {
    case 'pageview':
      return { type: 'pageview', ...common, url: step.url };
    case 'event':
      return {
        type: 'event',
        ...common,
        category: step.event_category,
        action: step.event_action,
        name: step.event_name,
        value: step.event_value,
      };
    case 'site_search':
      return {
        type: 'search',
        ...common,
        keyword: step.search_keyword,
        category: step.search_category,
        results: step.search_results,
      };
    case 'outlink':
    case 'download':
      return { type: step.type, ...common, target: step.target_url };
    case 'ecommerce':
      return {
        type: 'order',
        ...common,
        order: {
          revenue: step.ecommerce_revenue,
          subtotal: step.ecommerce_subtotal,
          tax: step.ecommerce_tax,
          shipping: step.ecommerce_shipping,
          items: step.ecommerce_items,
        },
      };
    case 'goal':
      return { type: 'goal', ...common, goalId: step.goal_id, revenue: step.goal_revenue };
    case 'cart':
      return { type: 'cart', ...common, total: step.cart_total, items: step.cart_items };
    case 'product_view':
      return {
        type: 'product_view',
        ...common,
        product: {
          sku: step.product_sku,
          name: step.product_name,
          category: step.product_category,
          price: step.product_price,
        },
      };
    case 'content':
      return {
        type: 'content',
        ...common,
        name: step.content_name,
        piece: step.content_piece,
        target: step.content_target,
        interaction: step.content_interaction,
      };
    case 'dimension':
      return {
        type: 'dimension',
        ...common,
        id: step.dimension_id,
        value: step.dimension_value,
        scope: step.dimension_scope,
      };
  }
}
