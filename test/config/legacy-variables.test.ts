import { describe, expect, it } from 'vitest';
import { misspelt } from '../../src/config/known-variables.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { load, originOf, refusal, settingAt } from './loading.ts';

/** The variables of the Python Trafficinator: where each goes, its default, and its limits. */
const numbers = [
  { name: 'MATOMO_SITE_ID', path: 'target.siteId', byDefault: 1, below: 0 },
  { name: 'PAGEVIEWS_MIN', path: 'traffic.pageviews.min', byDefault: 3, min: 1, max: 100 },
  { name: 'PAGEVIEWS_MAX', path: 'traffic.pageviews.max', byDefault: 6, min: 1, max: 100 },
  { name: 'CONCURRENCY', path: 'concurrency', byDefault: 50, min: 1, max: 500 },
  { name: 'PAUSE_BETWEEN_PVS_MIN', path: 'pause.min', byDefault: 0.5, min: 0.1, max: 60 },
  { name: 'PAUSE_BETWEEN_PVS_MAX', path: 'pause.max', byDefault: 2, min: 0.1, max: 60 },
  { name: 'MAX_TOTAL_VISITS', path: 'visits', byDefault: 0, min: 0, max: 10_000_000 },
  { name: 'SITESEARCH_PROBABILITY', path: 'traffic.searchProbability', byDefault: 0.15, min: 0, max: 1 },
  { name: 'OUTLINKS_PROBABILITY', path: 'traffic.outlinkProbability', byDefault: 0.1, min: 0, max: 1 },
  { name: 'DOWNLOADS_PROBABILITY', path: 'traffic.downloadProbability', byDefault: 0.08, min: 0, max: 1 },
  {
    name: 'CLICK_EVENTS_PROBABILITY',
    path: 'traffic.clickEventProbability',
    byDefault: 0.25,
    min: 0,
    max: 1,
  },
  {
    name: 'RANDOM_EVENTS_PROBABILITY',
    path: 'traffic.behaviourEventProbability',
    byDefault: 0.12,
    min: 0,
    max: 1,
  },
  { name: 'DIRECT_TRAFFIC_PROBABILITY', path: 'traffic.directProbability', byDefault: 0.3, min: 0, max: 1 },
  { name: 'VISIT_DURATION_MIN', path: 'traffic.visitMinutes.min', byDefault: 1, min: 0.1, max: 120 },
  { name: 'VISIT_DURATION_MAX', path: 'traffic.visitMinutes.max', byDefault: 8, min: 0.1, max: 120 },
  { name: 'ECOMMERCE_PROBABILITY', path: 'traffic.ecommerce.probability', byDefault: 0.05, min: 0, max: 1 },
  { name: 'ECOMMERCE_ORDER_VALUE_MIN', path: 'traffic.ecommerce.orderValue.min', byDefault: 15.99, below: 0 },
  {
    name: 'ECOMMERCE_ORDER_VALUE_MAX',
    path: 'traffic.ecommerce.orderValue.max',
    byDefault: 299.99,
    below: 0,
  },
  { name: 'ECOMMERCE_ITEMS_MIN', path: 'traffic.ecommerce.items.min', byDefault: 1, below: 0 },
  { name: 'ECOMMERCE_ITEMS_MAX', path: 'traffic.ecommerce.items.max', byDefault: 5, below: 0 },
  { name: 'ECOMMERCE_TAX_RATE', path: 'traffic.ecommerce.taxRate', byDefault: 0.1, below: -0.1 },
];

const values = (env: Record<string, string>) => {
  const loaded = load({ env });
  return (path: string) => settingAt(loaded, path)?.value;
};

describe('a legacy variable with a number', () => {
  it.each(numbers)('$name has its default', ({ path, byDefault }) => {
    expect(values({})(path)).toBe(byDefault);
  });

  it.each(numbers)('$name sets $path and is its origin', ({ name, path, byDefault }) => {
    // The default of a range's end never crosses the other end.
    const loaded = load({ env: { [name]: String(byDefault) } });
    expect(originOf(loaded, path)).toBe(`environment variable ${name}`);
  });

  it.each(numbers)('$name refuses what is outside of its limits', ({ name, min = 0, max, below }) => {
    expect(refusal({ env: { [name]: String(below ?? min - 1) } })).toContain(
      `environment variable ${name}: `,
    );
    if (max !== undefined) expect(refusal({ env: { [name]: String(max + 1) } })).toContain(`must be`);
  });

  it.each(numbers)('$name refuses what is no number', ({ name }) => {
    expect(refusal({ env: { [name]: '12x' } })).toMatch(
      new RegExp(`variable ${name}: .* = 12x must be a .*number`),
    );
  });

  it.each(numbers)('$name is not set when it is empty', ({ name, path, byDefault }) => {
    expect(values({ [name]: '' })(path)).toBe(byDefault);
  });
});

describe('a legacy variable with a unit of its own', () => {
  it('TARGET_VISITS_PER_DAY is a rate from 1 to 1,000,000 a day', () => {
    expect(load({ env: { TARGET_VISITS_PER_DAY: '86400' } }).values.rate).toBe(1);
    for (const visits of ['0', '1000001', 'many']) {
      expect(refusal({ env: { TARGET_VISITS_PER_DAY: visits } })).toContain(
        `rate = ${visits} must be a number from 1 to 1000000`,
      );
    }
  });

  it('AUTO_STOP_AFTER_HOURS is a duration of at most a week, 0 for none', () => {
    expect(load({ env: { AUTO_STOP_AFTER_HOURS: '1.5' } }).values.duration).toBe(5400);
    expect(load({ env: { AUTO_STOP_AFTER_HOURS: '0' } }).values.duration).toBe(0);
    expect(refusal({ env: { AUTO_STOP_AFTER_HOURS: '169' } })).toContain('from 0 to 168');
  });

  it.each(['1', 'true', 'YES', 'on', 'y'])(
    'RANDOMIZE_VISITOR_COUNTRIES and AUTO_START take %s for yes',
    word => {
      const { values } = load({ env: { RANDOMIZE_VISITOR_COUNTRIES: word, AUTO_START: word } });
      expect([values.traffic.randomizeCountries, values.autoStart]).toEqual([true, true]);
    },
  );

  it.each(['0', 'false', 'No', 'off', 'n'])(
    'RANDOMIZE_VISITOR_COUNTRIES and AUTO_START take %s for no',
    word => {
      const { values } = load({ env: { RANDOMIZE_VISITOR_COUNTRIES: word, AUTO_START: word } });
      expect([values.traffic.randomizeCountries, values.autoStart]).toEqual([false, false]);
    },
  );

  it('a bool takes no other word', () => {
    expect(refusal({ env: { AUTO_START: 'maybe' } })).toContain('autoStart = maybe must be true or false');
  });

  it.each([
    ['INFO', 'info'],
    ['WARNING', 'warn'],
    ['ERROR', 'error'],
    ['CRITICAL', 'error'],
    ['DEBUG', 'debug'],
    ['debug', 'debug'],
  ])('LOG_LEVEL=%s is %s', (name, level) => {
    expect(load({ env: { LOG_LEVEL: name } }).values.logLevel).toBe(level);
  });

  it('TIMEZONE takes CET, which Intl does not list, and refuses what is no zone', () => {
    expect(load({ env: { TIMEZONE: 'CET' } }).values.timezone).toBe('CET');
    expect(refusal({ env: { TIMEZONE: 'Mars/Olympus' } })).toContain(
      'timezone = Mars/Olympus must be the name of a time zone',
    );
  });

  it('ECOMMERCE_SHIPPING_RATES is a list', () => {
    const env = { ECOMMERCE_SHIPPING_RATES: '0, 4.5,9' };
    expect(load({ env }).values.traffic.ecommerce.shippingRates).toEqual([0, 4.5, 9]);
    expect(refusal({ env: { ECOMMERCE_SHIPPING_RATES: '0,free' } })).toContain(
      'traffic.ecommerce.shippingRates[1] = [0,"free"] must be a number',
    );
  });

  it('ECOMMERCE_CURRENCY is of ISO 4217 and in upper case', () => {
    expect(load({ env: { ECOMMERCE_CURRENCY: 'EUR' } }).values.traffic.ecommerce.currency).toBe('EUR');
    expect(refusal({ env: { ECOMMERCE_CURRENCY: 'eur' } })).toContain('currency of ISO 4217');
  });

  it('START_SIGNAL_FILE, START_CHECK_INTERVAL and MAX_VISITS_PER_DAY are there', () => {
    const env = { START_SIGNAL_FILE: '/tmp/go', START_CHECK_INTERVAL: '0.5', MAX_VISITS_PER_DAY: '700' };
    expect(load({ env }).values).toMatchObject({
      startSignalFile: '/tmp/go',
      startCheckInterval: 0.5,
      maxVisitsPerDay: 700,
    });
    expect(load({}).values).toMatchObject({
      startSignalFile: '/app/data/loadgen.start',
      startCheckInterval: 2,
    });
  });
});

describe('MATOMO_URL', () => {
  const urlOf = (url: string) => {
    const loaded = load({ env: { MATOMO_URL: url } });
    const [target] = toRunConfig(loaded, { command: 'run' }).targets;
    return { url: target?.url.href, api: target?.apiUrl.href, notices: loaded.notices };
  };

  it('is taken as it is when it names a script, less a trailing slash', () => {
    expect(urlOf('https://m.example/a/piwik.php/')).toEqual({
      url: 'https://m.example/a/piwik.php',
      api: 'https://m.example/a/index.php',
      notices: [],
    });
  });

  it('gets matomo.php appended otherwise, and a notice says so', () => {
    const { url, notices } = urlOf('https://m.example/stats/');
    expect(url).toBe('https://m.example/stats/matomo.php');
    expect(notices).toEqual(['target.url does not end in .php: https://m.example/stats/matomo.php is used']);
  });

  it.each(['matomo.example', 'ftp://m.example/matomo.php', 'https://'])('refuses %s', url => {
    expect(refusal({ env: { MATOMO_URL: url } })).toContain('must be an absolute http or https URL');
  });
});

describe('a name within two letters of a variable', () => {
  it.each([
    ['MATOMO_SITEID', 'MATOMO_SITE_ID'],
    ['TARGET_VISIT_PER_DAY', 'TARGET_VISITS_PER_DAY'],
    ['CONCURENCY', 'CONCURRENCY'],
    ['MATOMO_URI', 'MATOMO_URL'],
    ['TIME_ZONE', 'TIMEZONE'],
    ['matomo_site_id', 'MATOMO_SITE_ID'],
    ['TRAFFICINATOR_SEDE', 'TRAFFICINATOR_SEED'],
    ['BACKFIL_ENABLED', 'BACKFILL_ENABLED'],
    ['MATOMO_URI_2', 'MATOMO_URL_2'],
    ['MATOMO_URL2', 'MATOMO_URL_2'],
    ['MATOMO_URL_02', 'MATOMO_URL_2'],
    ['MATOMO_SITEID_3', 'MATOMO_SITE_ID_3'],
    ['TARGET_VISIT_PER_DAY_2', 'TARGET_VISITS_PER_DAY_2'],
    ['TARGETNAME_12', 'TARGET_NAME_12'],
    ['MATOMO_URL_100', 'one of MATOMO_URL_1 to MATOMO_URL_99'],
    ['MATOMO_URL_0', 'one of MATOMO_URL_1 to MATOMO_URL_99'],
  ])('%s is refused, and %s is named', (name, meant) => {
    expect(refusal({ env: { [name]: 'x' } })).toContain(
      `environment variable ${name}: is no variable (did you mean ${meant}?)`,
    );
  });

  it.each([
    'MATOMO_URL_2',
    'TARGET_WEIGHT_99',
    'CONCURRENCY_2',
    'MATOMO_VERSION',
    'MATOMO_HOST',
    'MATOMO_DATABASE_HOST',
    'LOG_LEVELS',
    'LOGLEVEL',
    'TZ',
    'LANG',
    'PATH',
    'HOME',
    'CI',
    'TERM',
    'NO_COLOR',
    'WEB_CONCURRENCY',
    'PWD',
    'PAGER',
    'HOSTNAME',
    'NODE_ENV',
    'SHLVL',
    'EDITOR',
    'npm_config_loglevel',
    'TRAFFICINATOR_IMAGE',
  ])('%s is none of our business', name => {
    expect(misspelt(name)).toBeUndefined();
  });
});

describe('a legacy .env', () => {
  const text = `
MATOMO_URL=https://matomo.example/matomo.php
MATOMO_SITE_ID=3
MATOMO_TOKEN_AUTH=0123456789abcdef0123456789abcdef
URLS_FILE=/app/data/urls.txt
FUNNEL_CONFIG_PATH=/app/data/funnels.json
TARGET_VISITS_PER_DAY=20000
PAGEVIEWS_MIN=3
PAGEVIEWS_MAX=6
CONCURRENCY=50
PAUSE_BETWEEN_PVS_MIN=0.5
PAUSE_BETWEEN_PVS_MAX=2.0
AUTO_STOP_AFTER_HOURS=0
MAX_TOTAL_VISITS=0
SITESEARCH_PROBABILITY=0.15
RANDOMIZE_VISITOR_COUNTRIES=true
VISIT_DURATION_MIN=1.0
VISIT_DURATION_MAX=8.0
ECOMMERCE_SHIPPING_RATES=0,5.99,9.99,15.99
ECOMMERCE_CURRENCY=SEK
TIMEZONE=CET
BACKFILL_ENABLED=false
BACKFILL_START_DATE=
BACKFILL_MAX_VISITS_PER_DAY=2000
BACKFILL_SEED=
AUTO_START=true
START_SIGNAL_FILE=/app/data/loadgen.start
LOG_LEVEL=INFO
`;

  it('is taken unchanged and means the defaults', () => {
    const loaded = load({ files: { '.env': text }, needsTarget: true });
    const { targets, ...run } = toRunConfig(loaded, { command: 'run' });
    const plain = toRunConfig(load({}), { command: 'run' });
    expect(targets[0]).toMatchObject({ name: 'matomo.example', siteId: 3, tokenEnv: 'MATOMO_TOKEN_AUTH' });
    expect(run.traffic).toEqual(plain.traffic);
    expect(run.visitsPerSecond).toBe(plain.visitsPerSecond);
    expect([run.visits, run.durationSeconds, run.maxVisitsPerDay]).toEqual([undefined, undefined, undefined]);
    expect(loaded.warnings).toContain(
      'URLS_FILE in .env:5: /app/data/urls.txt does not exist, generated pages are used',
    );
  });
});
