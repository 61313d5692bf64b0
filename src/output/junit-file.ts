import type { Report } from '../run/report.ts';
import type { ReportFile } from './report-files.ts';
import { type CaseResult, type ReportCase, type ReportSuite, reportSuites } from './report-suites.ts';
import { xmlText } from './xml-text.ts';

/** `--junit FILE` */
export function junitFile(path: string): ReportFile {
  return { what: 'the JUnit file', path, text: junitXml };
}

/**
 * A report as JUnit XML, with what both common schemas of it ask for: that of Ant wants every attribute, properties and
 * both streams, and no zone behind a time; that of Jenkins' xUnit plugin wants plain numbers.
 */
export function junitXml(report: Report): string {
  const suites = reportSuites(report).map((suite, id) => suiteXml(suite, id, report));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

function suiteXml({ name, cases, warnings }: ReportSuite, id: number, report: Report): string {
  const { run } = report;
  const count = (result: CaseResult) => cases.filter(one => one.result === result).length;
  // The run's time is told once, so that those who add up suites do not count it twice.
  const seconds = id === 0 ? run.durationSeconds : 0;
  const attributes = {
    name: `trafficinator.${name}`,
    package: 'trafficinator',
    id,
    // The machine's name is nobody's business.
    hostname: 'localhost',
    timestamp: run.startedAt.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length),
    tests: cases.length,
    failures: count('failed'),
    errors: 0,
    skipped: count('skipped'),
    time: decimal(seconds),
  };
  const properties = {
    'run id': run.id,
    tag: run.tag,
    seed: run.seed,
    version: run.version,
    command: run.command,
    'exit code': report.exitCode,
  };
  return [
    `<testsuite${attributesXml(attributes)}>`,
    '<properties>',
    ...Object.entries(properties).map(([key, value]) => `<property${attributesXml({ name: key, value })}/>`),
    '</properties>',
    ...cases.map(one => caseXml(one, `trafficinator.${name}`)),
    '<system-out/>',
    warnings.length === 0 ? '<system-err/>' : `<system-err>${xmlText(warnings.join('\n'))}</system-err>`,
    '</testsuite>',
  ].join('\n');
}

function caseXml({ name, result, text, kind }: ReportCase, classname: string): string {
  const open = `<testcase${attributesXml({ name, classname, time: decimal(0) })}`;
  switch (result) {
    case 'passed':
      return `${open}/>`;
    case 'skipped':
      return `${open}><skipped${attributesXml({ message: text })}/></testcase>`;
    case 'failed': {
      const [message = ''] = text.split('\n');
      return `${open}><failure${attributesXml({ message, type: kind })}>${xmlText(text)}</failure></testcase>`;
    }
  }
}

function attributesXml(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}

/** Without an exponent. */
function decimal(seconds: number): string {
  return seconds.toFixed(3);
}
