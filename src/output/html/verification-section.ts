import type { Report, VerifiedTarget, VisitDifference } from '../../run/report.ts';
import { causeWords } from '../difference-causes.ts';
import { counted, countOrDash, grouped } from '../number-format.ts';
import { settledText } from '../verification-lines.ts';
import { nameRows } from '../verified-figures.ts';
import { differenceTable, recordedTitle } from '../visit-differences.ts';
import { type Html, html, name } from './html.ts';
import { folded, type Section } from './section.ts';
import { badIf, table } from './tables.ts';

const SHOWN_VISITS = 5;

/** What was recorded otherwise than it was accepted, and why; undefined where nobody asked or nothing is to be told. */
export function verificationSection({ verification, targets }: Report): Section | undefined {
  if (verification === null) return undefined;
  const parts = verification.targets.flatMap(target => {
    const part = targetPart(target, verification.strict);
    if (part === undefined) return [];
    return [targets.length === 1 ? part : html`<h3>${name(target.name)}</h3>\n${part}`];
  });
  if (parts.length === 0) return undefined;
  return { id: 'verification', title: 'Recorded otherwise', body: parts };
}

function targetPart(target: VerifiedTarget, isStrict: boolean): Html | undefined {
  const { differences, causes, visits, visitsLeftOut, names } = target;
  const settled = settledText(target);
  const named = names.filter(({ planned, recorded }) => planned !== recorded);
  if (target.result === 'equal' && settled === '' && named.length === 0) return undefined;
  const [first, more] = [visits.slice(0, SHOWN_VISITS), visits.slice(SHOWN_VISITS)];
  return html`${target.reason === null ? undefined : html`<p>Not comparable: ${target.reason}</p>\n`}${
    settled === '' ? undefined : html`<p>${settled}.</p>\n`
  }${
    differences.length === 0
      ? undefined
      : table({
          caption: `${counted(differences.length, 'figure')} that differ${differences.length === 1 ? 's' : ''}`,
          label: `Figures that differ at ${target.name}`,
          columns: [{ title: 'sent' }, { title: 'recorded' }, { title: 'difference' }],
          rows: differences.map(figure => ({
            title: name(figure.name),
            cells: [
              countOrDash(figure.planned),
              countOrDash(figure.recorded),
              badIf(true, signed(figure.recorded - figure.planned)),
            ],
          })),
        })
  }${
    causes.length === 0
      ? undefined
      : html`<ul>${causes.map(({ cause, visits: count }) => html`<li>${counted(count, 'visit')}: ${causeWords[cause]}</li>\n`)}</ul>\n`
  }${first.map(visitPart)}${
    more.length === 0
      ? undefined
      : folded(`${counted(more.length, 'more visit')} that differ`, more.map(visitPart))
  }${
    visitsLeftOut === 0
      ? undefined
      : html`<p class="note">And ${counted(visitsLeftOut, 'more differing visit')}: a report names the first 100.</p>`
  }${
    named.length === 0
      ? undefined
      : table({
          caption: `By the server's own lists and goals, counted ${isStrict ? 'because of' : 'only with'} --strict`,
          label: `Names that differ at ${target.name}`,
          columns: [{ title: 'sent' }, { title: 'recorded' }],
          rows: nameRows(named, Number.POSITIVE_INFINITY).map(([title, ...cells]) => ({
            title: name(title ?? ''),
            cells,
          })),
        })
  }`;
}

function visitPart(visit: VisitDifference): Html {
  const rows = differenceTable(visit);
  const text = html`<p>Visit ${visit.index} (${visit.visitorId}): ${visit.explanation}</p>\n`;
  if (rows.length === 0) return text;
  return html`${text}${table({
    label: `Visit ${visit.index}`,
    columns: [
      { title: 'planned' },
      ...visit.recorded.map((_, at) => ({ title: recordedTitle(visit.recorded.length, at) })),
    ],
    rows: rows.map(([title, ...cells]) => ({
      title: name(title ?? ''),
      cells: cells.map(cell => name(cell)),
    })),
  })}`;
}

function signed(difference: number): string {
  return (difference > 0 ? '+' : '−') + grouped(Math.abs(difference));
}
