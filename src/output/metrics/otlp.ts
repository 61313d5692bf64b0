import { Failure } from '../../base/failure.ts';
import type { OtlpPush, OtlpPushOptions } from './otlp-push.ts';

const packages = [
  '@opentelemetry/exporter-metrics-otlp-http@0.223',
  '@opentelemetry/resources@2',
  '@opentelemetry/sdk-metrics@2',
];

/**
 * What pushes metrics, from packages that are only there where somebody has installed them.
 *
 * @throws Failure PACKAGE_MISSING
 */
export async function openOtlpPush(options: OtlpPushOptions): Promise<OtlpPush> {
  try {
    const { OtlpPush: Push } = await import('./otlp-push.ts');
    return new Push(options);
  } catch (cause) {
    if (!isMissingPackage(cause)) throw cause;
    throw new Failure(
      'PACKAGE_MISSING',
      'to push metrics by OTLP, packages are needed that are not installed',
      {
        hint: `Install them beside trafficinator: npm install ${packages.join(' ')}. Nothing was sent.`,
        cause,
      },
    );
  }
}

/** As `import` says it, and as `require` does in the bundled program. */
function isMissingPackage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
