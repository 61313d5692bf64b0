import type { Report } from '../../run/report.ts';
import type { ReportFile } from '../report-files.ts';
import { verdictMark } from '../verdict.ts';
import { accountSection } from './account-section.ts';
import { daysSection } from './days-section.ts';
import { distributionSection } from './distribution-section.ts';
import { errorsSection } from './errors-section.ts';
import { funnelsSection } from './funnels-section.ts';
import { html } from './html.ts';
import { pageText } from './page.ts';
import { runSection } from './run-section.ts';
import { sectionMarkup } from './section.ts';
import { targetsSection } from './targets-section.ts';
import { timelineSection } from './timeline-section.ts';
import { verdictPart } from './verdict-part.ts';
import { verificationSection } from './verification-section.ts';
import { visitorsSection } from './visitors-section.ts';

/** `--html FILE` */
export function htmlFile(path: string): ReportFile {
  return { what: 'the HTML report', path, text: htmlReport };
}

/** A report as one page for people, without anything outside of it. */
export function htmlReport(report: Report): string {
  const sections = [
    accountSection(report),
    verificationSection(report),
    errorsSection(report),
    targetsSection(report),
    daysSection(report),
    timelineSection(report),
    distributionSection(report),
    funnelsSection(report),
    visitorsSection(report),
    runSection(report),
  ].filter(section => section !== undefined);
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>\n`);
  return pageText({
    title: `${verdictMark(report)} trafficinator ${report.run.command} ${report.run.id}`,
    header: html`${verdictPart(report)}<nav aria-label="Parts of this report"><ul>${links}</ul></nav>
`,
    main: sections.map(sectionMarkup),
    footer: html`<p>Made by trafficinator ${report.run.version} of the report of this run. Charts: uPlot, MIT licence.</p>
`,
    charts: sections.flatMap(({ charts = [] }) => charts),
  });
}
