import { createHash, randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Values by name; what a row does not say is not there. */
export type Row = Record<string, unknown>;

export interface RequestTemplate {
  method: string;
  path: string;
  query: Record<string, string> | null;
  form: Record<string, string> | null;
  json: unknown;
  raw: string | null;
  headers: Record<string, string>;
}

export interface Step {
  request: RequestTemplate;
  response: { status: number; contentType: string; body: unknown; bodyBytes?: number };
}

/** One recorded case; what each part means is told in the contract's own description, at the repository's docs. */
export interface ContractCase {
  id: string;
  group: string;
  why: string;
  core?: boolean;
  timeBase: 'now' | number;
  steps: Step[];
  effect: Record<string, number>;
  visitsAfter: Row[];
  actionsAfter?: Row[];
  conversionsAfter?: Row[];
  itemsAfter?: Row[];
  failedLogins?: number;
  observe?: string[];
  needs?: string;
}

export interface Contract {
  matomoVersion: string;
  cases: ContractCase[];
}

export function readContract(): Contract {
  return JSON.parse(readFileSync(new URL('contract.json', import.meta.url), 'utf8'));
}

/** The tokens of the server that is tried. */
export interface ContractTokens {
  token: string;
  writeToken?: string | undefined;
  secureToken?: string | undefined;
}

/** The values of one case's placeholders: the same name is the same value within the case, and new in the next. */
export class Placeholders {
  readonly now: number;
  readonly #values: Map<string, string>;

  /** @param now epoch seconds */
  constructor(now: number, tokens: ContractTokens) {
    this.now = now;
    this.#values = new Map([
      ['token', tokens.token],
      ['writeToken', tokens.writeToken ?? ''],
      ['secureToken', tokens.secureToken ?? ''],
      ['badToken', randomBytes(16).toString('hex')],
    ]);
  }

  /** Replaces every `{{…}}` in anything JSON can hold. */
  fill<T>(template: T): T {
    const text = JSON.stringify(template);
    return JSON.parse(text.replace(/\{\{([^}]+)\}\}/g, (_, name: string) => this.value(name)));
  }

  value(name: string): string {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#values.set(name, made);
    return made;
  }

  /** True for an id that a hit of the case sent. */
  isSentVisitor(id: string): boolean {
    return [...this.#values].some(([name, value]) => name.startsWith('visitor') && value === id);
  }

  /** The ids a server may record the case's hits under: those sent, and those made of user ids. */
  visitorIds(): string[] {
    const names = [...this.#values.keys()];
    const ofUsers = names
      .filter(name => /^uid\d/.test(name))
      .map(name => this.value(name.replace('uid', 'uidHash')));
    return [...names.filter(name => name.startsWith('visitor')).map(name => this.value(name)), ...ofUsers];
  }

  #make(name: string): string {
    const [, kind = '', number = ''] = /^([a-zA-Z]+)(.*)$/.exec(name) ?? [];
    switch (kind) {
      case 'now':
      case 'nowMs':
      case 'yesterday':
        return this.#time(kind, number);
      case 'visitor':
        return randomBytes(8).toString('hex');
      case 'ip':
        return `198.${randomInt(18, 20)}.${randomInt(256)}.${randomInt(1, 255)}`;
      case 'order':
        return `order-${randomBytes(8).toString('hex')}`;
      case 'pv':
        return randomBytes(3).toString('hex');
      case 'uid':
        return `user-${randomBytes(8).toString('hex')}`;
      case 'uidHash':
        return createHash('sha1')
          .update(this.value(`uid${number}`))
          .digest('hex')
          .slice(0, 16);
      case 'cv':
        return `${randomInt(200, 1000)}.${randomInt(1000, 10_000)}`;
      default:
        throw new Error(`the contract has a placeholder nobody knows: ${name}`);
    }
  }

  #time(kind: string, rest: string): string {
    const [distance = '', format] = rest.split('|');
    const base = kind === 'yesterday' ? this.now - (this.now % 86_400) - 86_400 : this.now;
    if (kind === 'nowMs') return String(base * 1000 + Number(distance || 0));
    const second = base + Number(distance || 0);
    const iso = new Date(second * 1000).toISOString();
    if (format === 'date') return iso.slice(0, 10);
    return format === 'time' ? iso.slice(11, 19) : String(second);
  }
}
