import type { TrafficSettings } from '../traffic/settings.ts';

/** One Matomo site on one server, and how it is to be reached. */
export interface TargetConfig {
  /** Unique in a run. */
  readonly name: string;
  /** The tracking endpoint, usually ending in `matomo.php`. Holds no credentials. */
  readonly url: URL;
  /** The Reporting API (`…/index.php`). */
  readonly apiUrl: URL;
  readonly siteId: number;
  /** Undefined: nothing that needs one is sent. Never logged, never in a URL. */
  readonly token: string | undefined;
  /** The variable the token came from: what reports say in its place. */
  readonly tokenEnv: string | undefined;
  /** Asks the Reporting API, where that is another token than the one hits carry. */
  readonly apiToken?: string | undefined;
  /** The variable it came from. */
  readonly apiTokenEnv?: string | undefined;
  /** Said to be there for tests: whether somebody needs its statistics is not asked. */
  readonly testSite?: boolean;
  /** Share of the visits under `split`. */
  readonly weight: number;
  /** Visits in flight at once. */
  readonly concurrency: number;
  readonly connections: number;
  readonly transport: 'single' | 'bulk';
  /** How a single hit without the token travels; a hit with it is always a POST. */
  readonly method: 'get' | 'post';
  /** Hits a bulk request. */
  readonly batchSize: number;
  /** Until the end of the answer. */
  readonly timeoutSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** The site's zone, where it is said or was asked; else the run's. */
  readonly timezone: string | undefined;
  /** Visits a second of its own, where the distribution is `independent`; else the run's. */
  readonly visitsPerSecond?: number | 'max';
  /** What its visits are made of, where that differs from the run's. Never under `mirror`. */
  readonly traffic?: TrafficSettings;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: TlsConfig;
}

/** For servers with a certificate of their own making. */
export interface TlsConfig {
  /** Certificates to trust, as PEM text; undefined: those that Node trusts. */
  readonly ca: string | undefined;
  /** The name in the certificate, where it is not the URL's. */
  readonly serverName: string | undefined;
  /** False only with a loud warning: anybody on the way can read the token then. */
  readonly isVerified: boolean;
}
