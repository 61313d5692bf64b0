import type { TargetConfig } from '../delivery/target-config.ts';
import { type Finding, hasError } from '../validation/finding.ts';
import type { TargetValidation } from '../validation/validate-target.ts';

/** `trafficinator validate --json`: `schemaVersion` 1. */
export interface ValidationDocument {
  readonly schemaVersion: 1;
  /** No finding is an error. */
  readonly passed: boolean;
  readonly configuration: { readonly notices: readonly string[]; readonly warnings: readonly string[] };
  /** Whether the targets were asked at all. */
  readonly connected: boolean;
  readonly targets: readonly ValidatedTarget[];
}

/** null: not known. */
export interface ValidatedTarget {
  readonly name: string;
  readonly url: string;
  readonly siteId: number;
  readonly passed: boolean;
  readonly roundTripMs: number | null;
  /** How far the server is behind; negative: ahead. */
  readonly clockDifferenceSeconds: number | null;
  readonly matomoVersion: string | null;
  readonly isCollector: boolean;
  readonly site: {
    readonly name: string;
    readonly timezone: string;
    readonly currency: string;
    readonly ecommerce: boolean;
    readonly siteSearch: boolean;
  } | null;
  readonly findings: readonly (Omit<Finding, 'hint'> & { readonly hint: string | null })[];
}

export function validationDocument(
  configuration: ValidationDocument['configuration'],
  targets: readonly TargetValidation[],
): ValidationDocument {
  return {
    schemaVersion: 1,
    passed: targets.every(({ findings }) => !hasError(findings)),
    configuration,
    connected: true,
    targets: targets.map(validatedTarget),
  };
}

/** Of a configuration that is right, whatever the targets are. */
export function unconnectedDocument(
  configuration: ValidationDocument['configuration'],
  targets: readonly TargetConfig[],
): ValidationDocument {
  return {
    schemaVersion: 1,
    passed: true,
    configuration,
    connected: false,
    targets: targets.map(({ name, url, siteId }) => ({
      name,
      url: url.href,
      siteId,
      passed: true,
      roundTripMs: null,
      clockDifferenceSeconds: null,
      matomoVersion: null,
      isCollector: false,
      site: null,
      findings: [],
    })),
  };
}

function validatedTarget(target: TargetValidation): ValidatedTarget {
  const { name, url, siteId, findings, site } = target;
  return {
    name,
    url,
    siteId,
    passed: !hasError(findings),
    roundTripMs: rounded(target.roundTripMs),
    clockDifferenceSeconds: rounded(target.clockDifferenceSeconds),
    matomoVersion: target.version ?? null,
    isCollector: target.isCollector,
    site:
      site === undefined
        ? null
        : {
            name: site.name,
            timezone: site.timezone,
            currency: site.currency,
            ecommerce: site.ecommerce,
            siteSearch: site.sitesearch,
          },
    findings: findings.map(({ level, code, message, hint = null }) => ({ level, code, message, hint })),
  };
}

/** To a tenth. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
