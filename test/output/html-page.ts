import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
export type Element = DefaultTreeAdapterTypes.Element;

/** The elements of a page that `is` takes, in their order. */
export function elements(page: string, is: (element: Element) => boolean): Element[] {
  const found: Element[] = [];
  const look = (node: Node) => {
    if ('tagName' in node && is(node)) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(look);
  };
  look(parse(page));
  return found;
}

export function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

export function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find(one => one.name === name)?.value;
}

export function within(element: Element, tagName: string): Element[] {
  return element.childNodes.flatMap(child =>
    'tagName' in child ? [...(child.tagName === tagName ? [child] : []), ...within(child, tagName)] : [],
  );
}

/** A table by its label: row titles with what stands in their cells, by column title. */
export function tableOf(page: string, label: string): Record<string, Record<string, string>> {
  const [box] = elements(page, element => attribute(element, 'aria-label') === label);
  if (box === undefined) throw new Error(`no table ${label}`);
  const [head, ...rows] = within(box, 'tr');
  const cellsOf = (row: Element) => row.childNodes.flatMap(cell => ('tagName' in cell ? [textOf(cell)] : []));
  const [, ...titles] = head === undefined ? [] : cellsOf(head);
  return Object.fromEntries(
    rows.map(row => {
      const [title = '', ...cells] = cellsOf(row);
      return [title, Object.fromEntries(titles.map((column, at) => [column, cells[at] ?? '']))];
    }),
  );
}
