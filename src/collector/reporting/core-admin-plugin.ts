import type { ApiPlugin } from './api-call.ts';
import { ApiError, noSuchMethod } from './api-error.ts';
import { calendarOf, dayText } from './report-period.ts';

/** `CoreAdminHome`: makes reports anew. Hidden from everybody but superusers, who administer a site too. */
export const coreAdminPlugin: ApiPlugin = {
  invalidateArchivedReports({ user, parameters, sites, archive, epochSecond }) {
    if (user !== 'superuser') throw noSuchMethod('CoreAdminHome', 'invalidateArchivedReports');
    for (const name of ['idSites', 'dates'])
      if (parameters.text(name) === '') throw new ApiError(`Please specify a value for '${name}'.`);
    const ids = parameters.text('idSites').split(',');
    const dates = parameters.text('dates').split(',');
    const valid = dates.filter(date => /^\d{4}-\d{2}-\d{2}$|^today$|^yesterday$/.test(date));
    for (const site of sites) {
      const today = calendarOf(site).dayOf(epochSecond);
      const meansToday = valid.some(date => date === 'today' || date === dayText(today));
      if (meansToday && (ids[0] === 'all' || ids.includes(String(site.id)))) archive.invalidate(site.id);
    }
    const wrong = dates.filter(date => !valid.includes(date));
    const told = valid.map(date => plainDate(date, epochSecond)).join(', ');
    return [
      `Success. The following dates were invalidated successfully: ${told}`,
      ...(wrong.length === 0
        ? []
        : [
            `Warning: some of the Dates to invalidate were invalid: '${wrong.join("', '")}'. Matomo simply ignored those and proceeded with the others.`,
          ]),
    ];
  },
};

function plainDate(date: string, epochSecond: number): string {
  const today = Math.floor(epochSecond / 86_400);
  if (date === 'today') return dayText(today);
  return date === 'yesterday' ? dayText(today - 1) : date;
}
