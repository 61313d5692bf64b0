import { type ApiPlugin, siteOf } from './api-call.ts';
import { goalDescription } from './server-plugins.ts';

export const goalPlugin: ApiPlugin = {
  getGoals(call) {
    const site = siteOf(call);
    return site.goals.map(goal => goalDescription(site.id, goal));
  },
};
