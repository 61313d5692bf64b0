/** How long a failed login counts, and how many lock an address out [plugins/Login/SystemSettings.php]. */
const failureWindowSeconds = 3600;
const failuresAllowed = 20;

/** The tokens of a server; those that are undefined do not exist. */
export interface Tokens {
  /** A superuser's, accepted everywhere. */
  readonly superuser: string;
  /** Of a user with write access to every site: may date and place hits, is no superuser. */
  readonly write: string | undefined;
  /** Of a user who may view every site and write to none: the tracker refuses it as a bad one. */
  readonly view: string | undefined;
  /** A superuser's that was made with "only allow secure requests": accepted in form bodies only. */
  readonly secure: string | undefined;
}

/** An address tried too many bad tokens within the hour: now even a good one is refused. */
export class LockedOut extends Error {}

/** Failed logins of a server, by the address they came from. */
export class FailedLogins {
  readonly #secondsByAddress = new Map<string, number[]>();
  #total = 0;

  /** All failed logins since the start or the last reset. */
  get total(): number {
    return this.#total;
  }

  add(address: string, epochSecond: number): void {
    this.#total++;
    const seconds = this.#recent(address, epochSecond);
    seconds.push(epochSecond);
    this.#secondsByAddress.set(address, seconds);
  }

  isLockedOut(address: string, epochSecond: number): boolean {
    return this.#secondsByAddress.has(address) && this.#recent(address, epochSecond).length > failuresAllowed;
  }

  clear(): void {
    this.#total = 0;
    this.#secondsByAddress.clear();
  }

  toJSON(): FailedLoginsRecord {
    return { total: this.#total, byAddress: Object.fromEntries(this.#secondsByAddress) };
  }

  restore({ total, byAddress }: FailedLoginsRecord): void {
    this.clear();
    this.#total = total;
    for (const [address, seconds] of Object.entries(byAddress)) this.#secondsByAddress.set(address, seconds);
  }

  #recent(address: string, epochSecond: number): number[] {
    const seconds = this.#secondsByAddress.get(address) ?? [];
    return seconds.filter(second => second > epochSecond - failureWindowSeconds);
  }
}

export interface FailedLoginsRecord {
  total: number;
  byAddress: Record<string, number[]>;
}

/** What one HTTP request, with one hit or many, may do. */
export class RequestAuthentication {
  readonly #tokens: Tokens;
  readonly #failures: FailedLogins;
  readonly #address: string;
  readonly #second: number;
  readonly #isSecure: boolean;
  readonly #answers = new Map<string, boolean>();
  #lookedForLock = false;
  #hasFailed = false;

  /**
   * @param isSecure the token stands in a form body and not in the URL
   * @param address where the request came from, whatever its hits say
   */
  constructor(options: {
    tokens: Tokens;
    failures: FailedLogins;
    address: string;
    epochSecond: number;
    isSecure: boolean;
  }) {
    this.#tokens = options.tokens;
    this.#failures = options.failures;
    this.#address = options.address;
    this.#second = options.epochSecond;
    this.#isSecure = options.isSecure;
  }

  /**
   * True where the token may date and place hits. A bad one counts as a failed login, once a request however many
   * hits carry it; none at all does not [core/Tracker/Request.php: authenticateSuperUserOrAdminOrWrite].
   */
  mayWrite(token: string): boolean {
    if (token === '') return false;
    const known = this.#answers.get(token);
    if (known !== undefined) return known;
    // A write user's token is found in the site's own list, before any lock is looked at.
    if (token === this.#tokens.write) return true;
    let answer = false;
    try {
      answer = this.isSuperuser(token);
    } catch (error) {
      if (error instanceof LockedOut) return false;
      throw error;
    }
    this.#answers.set(token, answer);
    if (!answer) this.#fail();
    return answer;
  }

  /**
   * True for a superuser's token. A bad one is not counted here.
   *
   * @throws LockedOut where the address tried too many bad ones
   */
  isSuperuser(token: string): boolean {
    if (!this.#lookedForLock && this.#failures.isLockedOut(this.#address, this.#second))
      throw new LockedOut();
    this.#lookedForLock = true;
    return token === this.#tokens.superuser || (this.#isSecure && token === this.#tokens.secure);
  }

  /** Counts a failed login, once a request. */
  #fail(): void {
    if (!this.#hasFailed) this.#failures.add(this.#address, this.#second);
    this.#hasFailed = true;
  }
}
