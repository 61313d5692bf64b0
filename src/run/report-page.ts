import * as z from 'zod';
import { reportJsonSchema } from './report-json-schema.ts';

/** Where the tables of `docs/report.md` stand. What is outside of the marks is written by hand. */
const begin = '<!-- generated: npm run generate -->';
const end = '<!-- end of generated -->';

/** As much of a JSON Schema as that of reports uses. */
interface Schema {
  readonly description?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly $ref?: string | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly items?: Schema | readonly Schema[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    description: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    $ref: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(schema).optional(),
    allOf: z.array(schema).optional(),
    items: z.union([schema, z.array(schema)]).optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
  }),
);

const root = z.looseObject({ definitions: z.record(z.string(), schema) });

/** The page with its tables made anew, a table for the report and each of its parts. */
export function withReportTables(page: string): string {
  const head = page.slice(0, page.indexOf(begin) + begin.length);
  const tail = page.slice(page.indexOf(end));
  return `${head}\n\n${tables().join('\n\n')}\n\n${tail}`;
}

function tables(): string[] {
  const json = reportJsonSchema();
  const { definitions } = root.parse(json);
  return [
    tableOf(schema.parse(json), definitions),
    ...Object.entries(definitions).map(([name, part]) =>
      [`### ${name}`, sentence(part.description), tableOf(part, definitions)].join('\n\n'),
    ),
  ];
}

type Definitions = Readonly<Record<string, Schema>>;

function tableOf(part: Schema, definitions: Definitions): string {
  const rows = rowsOf(part, '', definitions).map(cells => `| ${cells.map(escaped).join(' | ')} |`);
  return ['| field | holds | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** What stands in an object without a name of its own comes below it: `health.state`, `errors[].code`. */
function rowsOf(
  { properties = {}, required = [] }: Schema,
  prefix: string,
  definitions: Definitions,
): string[][] {
  return Object.entries(properties).flatMap(([name, part]) => {
    const path = `${prefix}${name}`;
    const isThere = required.includes(name) ? '' : ', or left out';
    const own = [`\`${path}\``, `${typeOf(part)}${isThere}`, meaningOf(part, definitions)];
    const { inner, suffix } = innerOf(part);
    return [own, ...rowsOf(inner, `${path}${suffix}.`, definitions)];
  });
}

/** Its own, or that of the part it is. */
function meaningOf({ description, $ref, allOf }: Schema, definitions: Definitions): string {
  if (description !== undefined) return description;
  const [only] = allOf ?? [];
  if (only !== undefined) return meaningOf(only, definitions);
  return $ref === undefined ? '' : (definitions[partName($ref)]?.description ?? '');
}

/** The object in a list, or in what may be null. */
function innerOf(part: Schema): { inner: Schema; suffix: string } {
  if (part.items !== undefined && !isList(part.items)) {
    const { inner, suffix } = innerOf(part.items);
    return { inner, suffix: `[]${suffix}` };
  }
  const object = part.anyOf?.find(({ properties }) => properties !== undefined);
  return { inner: object ?? part, suffix: '' };
}

function typeOf(part: Schema): string {
  const { type, $ref, anyOf, allOf, items, properties } = part;
  if ($ref !== undefined) {
    const name = partName($ref);
    return `[${name}](#${name.toLowerCase()})`;
  }
  const [only] = allOf ?? [];
  if (only !== undefined) return typeOf(only);
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (part.const !== undefined) return code(part.const);
  if (part.enum !== undefined) return part.enum.map(code).join(', ');
  if (Array.isArray(type)) return type.map(one => types[one] ?? one).join(' or ');
  if (items !== undefined)
    return isList(items) ? `${items.length} of ${items.map(typeOf)[0]}` : `list of ${typeOf(items)}`;
  if (properties !== undefined) return 'object';
  return typeof type === 'string' ? (types[type] ?? type) : 'anything';
}

function partName($ref: string): string {
  return $ref.slice('#/definitions/'.length);
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

function isList(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

function sentence(text = ''): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
