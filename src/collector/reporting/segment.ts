import type { Visit } from '../visit.ts';
import { ApiError } from './api-error.ts';

type Test = (visit: Visit) => boolean;

/** What visits can be told apart by here: a few of the server's many dimensions. */
const dimensions: Readonly<
  Record<string, { of: (visit: Visit) => string | null; check?: (value: string) => void }>
> = {
  visitorId: {
    of: visit => visit.visitorId,
    check(value) {
      if (!/^[0-9a-f]{16}$/i.test(value))
        throw new ApiError('visitorId is expected to be a 16 hex char string');
    },
  },
  userId: { of: visit => visit.userId },
};

/**
 * Which visits a segment means: conditions `visitorId==…`, `visitorId!=…` and the same with `userId`, joined by `;`
 * (and) and `,` (or, which binds closer). An empty one means all.
 *
 * @throws ApiError
 */
export function segmentOf(text: string): Test {
  if (text === '') return () => true;
  const all = text.split(';').map(part => part.split(',').map(conditionOf));
  return visit => all.every(alternatives => alternatives.some(test => test(visit)));
}

function conditionOf(text: string): Test {
  const [, name = '', operator, encoded = ''] = /^(.+?)(==|!=|<=|>=|=@|!@|=\^|=\$|<|>)(.*)$/.exec(text) ?? [];
  if (operator === undefined) throw new ApiError(`The segment condition '${text}' is not valid.`);
  const dimension = Object.hasOwn(dimensions, name) ? dimensions[name] : undefined;
  if (!dimension || (operator !== '==' && operator !== '!='))
    throw new ApiError(`Segment '${name}' is not a supported segment.`);
  const value = decodeURIComponent(encoded);
  dimension.check?.(value);
  const wanted = value.toLowerCase();
  return visit => (dimension.of(visit)?.toLowerCase() === wanted) === (operator === '==');
}
