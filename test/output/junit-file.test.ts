import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { ExitCode } from '../../src/base/exit-codes.ts';
import { junitXml } from '../../src/output/junit-file.ts';
import { reportSuites } from '../../src/output/report-suites.ts';
import { xmlText } from '../../src/output/xml-text.ts';
import type { Report, VerifiedTarget } from '../../src/run/report.ts';
import { hitCounts, report, targetReport } from './samples.ts';

const schema = {
  fileName: 'junit.xsd',
  contents: readFileSync(new URL('junit.xsd', import.meta.url), 'utf8'),
};

async function problemsOf(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema });
  return errors.map(({ rawMessage }) => rawMessage);
}

function verified(more: Partial<VerifiedTarget> = {}): VerifiedTarget {
  return {
    name: 'baseline',
    result: 'equal',
    reason: null,
    figures: [
      { name: 'visits', planned: 20, recorded: 20 },
      { name: 'country se', planned: 3, recorded: 3 },
    ],
    differences: [],
    names: [],
    causes: [],
    visits: [],
    visitsLeftOut: 0,
    settled: { recorded: 0, lost: 0, hits: [] },
    ...more,
  };
}

const different = verified({
  result: 'different',
  figures: [
    { name: 'visits', planned: 20, recorded: 19 },
    { name: 'country se', planned: 3, recorded: 3 },
  ],
  differences: [{ name: 'visits', planned: 20, recorded: 19 }],
  causes: [{ cause: 'lost', visits: 1 }],
  visits: [
    {
      index: 7,
      visitorId: '8f3a1c0000000007',
      cause: 'lost',
      explanation: 'accepted and not recorded',
      planned: { actions: 3 },
      recorded: [],
    },
  ],
});

function verifying(...targets: VerifiedTarget[]): Partial<Report> {
  const passed = targets.every(({ result }) => result === 'equal');
  return {
    verification: { method: 'visits', at: '2026-01-01T00:01:05.000Z', strict: false, passed, targets },
  };
}

const lost = targetReport({
  health: { state: 'down', outages: 1 },
  errors: [{ code: 'ECONNREFUSED', count: 20, example: 'connect ECONNREFUSED\n127.0.0.1:1' }],
});

/** By what the run ended with. */
const samples: Readonly<Record<string, Report>> = {
  'a good run': report({ ...verifying(verified()) }),
  'a run with lost hits and without a threshold': report({
    hits: hitCounts(100, { accepted: 90, failed: 10 }),
    generator: {
      cpuShareMean: 1,
      cpuShareMax: 1,
      eventLoopDelayP99Ms: 90,
      warnings: ['this machine was the limit'],
    },
  }),
  'a bug': report({
    hits: hitCounts(100, { accepted: 98, unaccounted: 2 }),
    exitCode: ExitCode.InternalError,
  }),
  'a run with a broken threshold': report({
    thresholds: [
      { expression: 'latency.p95 < 20ms', value: 30, passed: false },
      { expression: 'hits.failed.rate < 1%', value: 0, passed: true },
      { expression: 'verification.difference == 0', value: null, passed: false },
    ],
    exitCode: ExitCode.ThresholdFailed,
  }),
  'a lost target': report({ targets: [targetReport({ name: 'fine' }), lost], exitCode: ExitCode.TargetLost }),
  'a target that took nothing': report({
    targets: [targetReport({ hits: hitCounts(9, { accepted: 0, failed: 9 }) })],
    exitCode: ExitCode.TargetLost,
  }),
  'a difference': report({ ...verifying(different), exitCode: ExitCode.VerificationFailed }),
  'one that cannot be told': report(
    verifying(verified({ result: 'not-comparable', reason: 'the token may not view the site' })),
  ),
  'an interrupted run': report({
    run: { ...report().run, stoppedBy: 'signal', remaining: 12 },
    exitCode: ExitCode.Interrupted,
  }),
};

describe('JUnit XML', () => {
  it.each(Object.entries(samples))(
    'of %s fails where the exit code says so, and nowhere else',
    (_, sample) => {
      const failed = reportSuites(sample).flatMap(({ cases }) =>
        cases.filter(({ result }) => result === 'failed'),
      );
      expect(failed.length > 0).toBe(sample.exitCode !== ExitCode.Done);
      expect(failed.every(({ text }) => text !== '')).toBe(true);
      expect(junitXml(sample).match(/<failure /g)?.length ?? 0).toBe(failed.length);
    },
  );

  it('is what its schema asks for', async () => {
    for (const sample of Object.values(samples)) expect(await problemsOf(junitXml(sample))).toEqual([]);
    expect(await problemsOf(junitXml(report()).replace(' hostname="localhost"', ''))).not.toEqual([]);
  });

  it('tells what failed, in words, and what it was', () => {
    const xml = junitXml(report({ ...samples['a run with a broken threshold'], ...verifying(different) }));
    expect(xml).toContain('<property name="seed" value="42"/>');
    expect(xml).toContain('<property name="run id" value="8f3a1c0011223344"/>');
    expect(xml).toContain('<property name="version" value="0.1.0"/>');
    expect(xml).toContain(
      '<testcase name="hits.failed.rate &lt; 1%" classname="trafficinator.thresholds" time="0.000"/>',
    );
    expect(xml).toContain('<failure message="planned 20, recorded 19" type="verification">');
    expect(xml).toContain('visit 7 of 8f3a1c0000000007: accepted and not recorded');
    expect(junitXml(report(samples['a lost target']))).toContain(
      '<failure message="baseline was lost" type="health">baseline was lost&#10;ECONNREFUSED: 20 (connect ECONNREFUSED 127.0.0.1:1)</failure>',
    );
    expect(junitXml(report(samples['a run with lost hits and without a threshold']))).toContain(
      '<system-err>this machine was the limit</system-err>',
    );
  });

  it('counts what it holds', () => {
    const xml = junitXml(report(samples['a run with a broken threshold']));
    const thresholds = xml
      .split('<testsuite ')
      .find(suite => suite.includes('name="trafficinator.thresholds"'));
    expect(thresholds).toContain('tests="3" failures="2" errors="0" skipped="0"');
  });
});

describe('a text in XML', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 });

  it('is read back as it was, but for what XML has no place for', async () => {
    const texts = [
      '\u0000\u0008\t\n\u000b\r\u001b\u007f\u0085 ]]> &amp; <!-- "\' -->',
      '\ud800 \udc00 😀 \ufffe\uffff',
      ...fc.sample(anything, { numRuns: 500, seed: 7 }),
    ];
    const elements = texts.map(text => `<t a="${xmlText(text)}">${xmlText(text)}</t>`);
    const contents = `<?xml version="1.0" encoding="UTF-8"?>\n<all>${elements.join('')}</all>`;
    const { errors, normalized } = await validateXML({
      xml: { fileName: 'texts.xml', contents },
      normalization: 'c14n',
    });
    expect(errors).toEqual([]);
    const read = [...normalized.matchAll(/<t a="([^"]*)">([^<]*)<\/t>/g)];
    const kept = texts.map(possible);
    expect(read.map(([, attribute = '']) => unescaped(attribute))).toEqual(kept);
    expect(read.map(([, , content = '']) => unescaped(content))).toEqual(kept);
  });

  it('never breaks a report', () => {
    fc.assert(
      fc.property(anything, text => {
        const xml = junitXml(
          report({
            thresholds: [{ expression: text, value: null, passed: false }],
            targets: [{ ...lost, name: text, errors: [{ code: text, count: 1, example: text }] }],
          }),
        );
        // Between tags nothing is left that could be one.
        expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
        expect(xml.match(/<testcase /g)).toHaveLength(4);
      }),
    );
  });
});

/** By the grammar of XML 1.0: `Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]` */
function possible(text: string): string {
  return Array.from(text, character => {
    const code = character.codePointAt(0) ?? 0;
    const isChar =
      [9, 10, 13].includes(code) ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000;
    return isChar ? character : '\ufffd';
  }).join('');
}

/** As canonical XML escapes. */
function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:#x([0-9A-F]+)|(\w+));/g, (_, hex?: string, name = '') =>
    hex === undefined ? (named[name] ?? '?') : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
