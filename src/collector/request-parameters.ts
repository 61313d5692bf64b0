import { decimalOf, isEmpty, wholeNumberOf } from './loose-values.ts';
import type { Parameters, ParameterValue } from './query-string.ts';

/**
 * Reads the parameters of a hit by type. A value that is missing, empty or of another type gives the default:
 * nothing a client sends in a wrong type is an error [core/Common.php: getRequestVar].
 */
export class RequestParameters {
  readonly all: Parameters;

  constructor(all: Parameters) {
    this.all = all;
  }

  has(name: string): boolean {
    return this.all[name] !== undefined && this.all[name] !== null;
  }

  text(name: string, otherwise = ''): string {
    const value = this.#given(name);
    if (typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : otherwise;
  }

  whole(name: string, otherwise: number): number {
    return wholeNumberOf(this.#given(name)) ?? otherwise;
  }

  /** A number that is not there is undefined; one that is there and unreadable is 0, as its default is cast. */
  decimal(name: string): number | undefined {
    const value = this.#given(name);
    return value === undefined ? undefined : (decimalOf(value) ?? 0);
  }

  decimalOr(name: string, otherwise: number): number {
    return decimalOf(this.#given(name)) ?? otherwise;
  }

  /** JSON in a text, or what a bulk line had there already; null where it cannot be read. */
  json(name: string): ParameterValue | undefined {
    const value = this.#given(name);
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      return null;
    }
  }

  isEmpty(name: string): boolean {
    return isEmpty(this.text(name));
  }

  #given(name: string): ParameterValue | undefined {
    const value = this.all[name];
    return value === null || value === '' || value === false ? undefined : value;
  }
}
