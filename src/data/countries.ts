/**
 * Where visitors come from. Weights follow the number of internet users, with Europe, where Matomo is at
 * home, about twice as heavy; languages are what browsers there are set to. Everything is relative.
 */
export interface Country {
  /** ISO 3166-1 alpha-2 in lower case, as Matomo's `country` parameter wants it. */
  readonly code: string;
  readonly weight: number;
  /** Winter time of the zone most people live in. */
  readonly utcOffsetMinutes: number;
  /** Lower case, as Matomo stores it. */
  readonly languages: readonly { readonly tag: string; readonly weight: number }[];
  /**
   * Address ranges of providers for homes and phones, /9 to /16. None is among those that Matomo drops as
   * search engines' own [core/Tracker/VisitExcluded.php].
   */
  readonly ranges: readonly string[];
}

export const countries = [
  // Sweden
  {
    code: 'se',
    weight: 30,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'sv-se', weight: 88 },
      { tag: 'en-us', weight: 8 },
      { tag: 'en-gb', weight: 4 },
    ],
    ranges: ['78.64.0.0/12', '81.224.0.0/12', '90.224.0.0/12', '83.248.0.0/13'],
  },
  // Germany
  {
    code: 'de',
    weight: 85,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'de-de', weight: 91 },
      { tag: 'en-us', weight: 5 },
      { tag: 'tr-tr', weight: 2 },
      { tag: 'en-gb', weight: 2 },
    ],
    ranges: ['84.128.0.0/10', '87.128.0.0/10', '91.0.0.0/10', '88.64.0.0/12'],
  },
  // United States
  {
    code: 'us',
    weight: 130,
    utcOffsetMinutes: -300,
    languages: [
      { tag: 'en-us', weight: 88 },
      { tag: 'es-us', weight: 9 },
      { tag: 'zh-cn', weight: 3 },
    ],
    ranges: ['24.0.0.0/12', '73.0.0.0/9', '98.192.0.0/10', '71.160.0.0/11', '76.80.0.0/12'],
  },
  // United Kingdom
  {
    code: 'gb',
    weight: 62,
    utcOffsetMinutes: 0,
    languages: [
      { tag: 'en-gb', weight: 92 },
      { tag: 'en-us', weight: 6 },
      { tag: 'pl-pl', weight: 2 },
    ],
    ranges: ['86.128.0.0/10', '81.128.0.0/11', '90.192.0.0/11', '82.0.0.0/11'],
  },
  // France
  {
    code: 'fr',
    weight: 60,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'fr-fr', weight: 94 },
      { tag: 'en-us', weight: 4 },
      { tag: 'en-gb', weight: 2 },
    ],
    ranges: ['90.0.0.0/9', '82.224.0.0/11', '88.160.0.0/11', '176.128.0.0/10'],
  },
  // Italy
  {
    code: 'it',
    weight: 42,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'it-it', weight: 95 },
      { tag: 'en-us', weight: 4 },
      { tag: 'de-de', weight: 1 },
    ],
    ranges: ['79.0.0.0/11', '87.0.0.0/11', '151.32.0.0/12', '93.32.0.0/11'],
  },
  // Spain
  {
    code: 'es',
    weight: 40,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'es-es', weight: 84 },
      { tag: 'ca-es', weight: 10 },
      { tag: 'en-gb', weight: 3 },
      { tag: 'eu-es', weight: 2 },
      { tag: 'en-us', weight: 1 },
    ],
    ranges: ['80.24.0.0/13', '83.32.0.0/11', '88.0.0.0/11', '84.120.0.0/13'],
  },
  // Netherlands
  {
    code: 'nl',
    weight: 32,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'nl-nl', weight: 88 },
      { tag: 'en-us', weight: 8 },
      { tag: 'en-gb', weight: 4 },
    ],
    ranges: ['77.160.0.0/12', '84.80.0.0/13', '94.208.0.0/13'],
  },
  // Poland
  {
    code: 'pl',
    weight: 32,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'pl-pl', weight: 96 },
      { tag: 'en-us', weight: 3 },
      { tag: 'uk-ua', weight: 1 },
    ],
    ranges: ['83.0.0.0/11', '79.184.0.0/13', '89.64.0.0/12'],
  },
  // Belgium
  {
    code: 'be',
    weight: 16,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'nl-be', weight: 55 },
      { tag: 'fr-be', weight: 38 },
      { tag: 'en-us', weight: 4 },
      { tag: 'de-be', weight: 1 },
      { tag: 'en-gb', weight: 2 },
    ],
    ranges: ['81.240.0.0/13', '84.192.0.0/13', '91.176.0.0/13'],
  },
  // Switzerland
  {
    code: 'ch',
    weight: 16,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'de-ch', weight: 62 },
      { tag: 'fr-ch', weight: 22 },
      { tag: 'it-ch', weight: 8 },
      { tag: 'en-us', weight: 5 },
      { tag: 'en-gb', weight: 3 },
    ],
    ranges: ['85.0.0.0/13', '83.76.0.0/14', '178.192.0.0/13'],
  },
  // Austria
  {
    code: 'at',
    weight: 15,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'de-at', weight: 92 },
      { tag: 'en-us', weight: 5 },
      { tag: 'de-de', weight: 3 },
    ],
    ranges: ['80.120.0.0/14', '84.112.0.0/14', '77.116.0.0/14', '93.82.0.0/15'],
  },
  // Norway
  {
    code: 'no',
    weight: 15,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'nb-no', weight: 86 },
      { tag: 'en-us', weight: 8 },
      { tag: 'nn-no', weight: 3 },
      { tag: 'en-gb', weight: 3 },
    ],
    ranges: ['84.208.0.0/13', '88.88.0.0/13'],
  },
  // Denmark
  {
    code: 'dk',
    weight: 15,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'da-dk', weight: 91 },
      { tag: 'en-us', weight: 6 },
      { tag: 'en-gb', weight: 3 },
    ],
    ranges: ['80.160.0.0/13', '87.48.0.0/12'],
  },
  // Finland
  {
    code: 'fi',
    weight: 14,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'fi-fi', weight: 88 },
      { tag: 'sv-fi', weight: 5 },
      { tag: 'en-us', weight: 7 },
    ],
    ranges: ['91.152.0.0/13', '84.248.0.0/14', '80.220.0.0/14'],
  },
  // Ireland
  {
    code: 'ie',
    weight: 10,
    utcOffsetMinutes: 0,
    languages: [
      { tag: 'en-ie', weight: 66 },
      { tag: 'en-gb', weight: 24 },
      { tag: 'en-us', weight: 10 },
    ],
    ranges: ['86.40.0.0/13', '109.76.0.0/14', '89.100.0.0/15'],
  },
  // Portugal
  {
    code: 'pt',
    weight: 14,
    utcOffsetMinutes: 0,
    languages: [
      { tag: 'pt-pt', weight: 93 },
      { tag: 'en-us', weight: 5 },
      { tag: 'en-gb', weight: 2 },
    ],
    ranges: ['85.240.0.0/13', '94.60.0.0/14', '89.152.0.0/14'],
  },
  // Czechia
  {
    code: 'cz',
    weight: 14,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'cs-cz', weight: 95 },
      { tag: 'en-us', weight: 4 },
      { tag: 'sk-sk', weight: 1 },
    ],
    ranges: ['90.176.0.0/13', '88.100.0.0/14', '89.102.0.0/15'],
  },
  // Slovakia
  {
    code: 'sk',
    weight: 7,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'sk-sk', weight: 92 },
      { tag: 'hu-hu', weight: 4 },
      { tag: 'en-us', weight: 4 },
    ],
    ranges: ['78.98.0.0/15', '95.102.0.0/15'],
  },
  // Hungary
  {
    code: 'hu',
    weight: 11,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'hu-hu', weight: 95 },
      { tag: 'en-us', weight: 5 },
    ],
    ranges: ['84.0.0.0/14', '81.182.0.0/15', '94.21.0.0/16'],
  },
  // Romania
  {
    code: 'ro',
    weight: 16,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'ro-ro', weight: 90 },
      { tag: 'en-us', weight: 8 },
      { tag: 'hu-hu', weight: 2 },
    ],
    ranges: ['79.112.0.0/13', '86.120.0.0/13', '188.24.0.0/14', '5.12.0.0/14'],
  },
  // Bulgaria
  {
    code: 'bg',
    weight: 8,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'bg-bg', weight: 91 },
      { tag: 'en-us', weight: 9 },
    ],
    ranges: ['95.42.0.0/15', '46.10.0.0/16'],
  },
  // Greece
  {
    code: 'gr',
    weight: 12,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'el-gr', weight: 89 },
      { tag: 'en-us', weight: 8 },
      { tag: 'en-gb', weight: 3 },
    ],
    ranges: ['79.128.0.0/14', '94.64.0.0/13', '87.202.0.0/15'],
  },
  // Croatia
  {
    code: 'hr',
    weight: 6,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'hr-hr', weight: 93 },
      { tag: 'en-us', weight: 7 },
    ],
    ranges: ['93.136.0.0/13', '78.0.0.0/15'],
  },
  // Slovenia
  {
    code: 'si',
    weight: 4,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'sl-si', weight: 92 },
      { tag: 'en-us', weight: 8 },
    ],
    ranges: ['89.142.0.0/15', '93.103.0.0/16'],
  },
  // Estonia
  {
    code: 'ee',
    weight: 4,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'et-ee', weight: 76 },
      { tag: 'ru-ru', weight: 14 },
      { tag: 'en-us', weight: 10 },
    ],
    ranges: ['90.190.0.0/15', '84.50.0.0/15'],
  },
  // Latvia
  {
    code: 'lv',
    weight: 4,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'lv-lv', weight: 72 },
      { tag: 'ru-ru', weight: 20 },
      { tag: 'en-us', weight: 8 },
    ],
    ranges: ['46.109.0.0/16', '78.84.0.0/16'],
  },
  // Lithuania
  {
    code: 'lt',
    weight: 5,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'lt-lt', weight: 90 },
      { tag: 'en-us', weight: 7 },
      { tag: 'ru-ru', weight: 3 },
    ],
    ranges: ['78.56.0.0/13', '88.118.0.0/15'],
  },
  // Ukraine
  {
    code: 'ua',
    weight: 16,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'uk-ua', weight: 82 },
      { tag: 'ru-ua', weight: 12 },
      { tag: 'en-us', weight: 6 },
    ],
    ranges: ['92.112.0.0/15', '178.92.0.0/14', '46.200.0.0/14'],
  },
  // Türkiye
  {
    code: 'tr',
    weight: 26,
    utcOffsetMinutes: 180,
    languages: [
      { tag: 'tr-tr', weight: 95 },
      { tag: 'en-us', weight: 5 },
    ],
    ranges: ['78.160.0.0/11', '85.96.0.0/12', '88.224.0.0/11'],
  },
  // Canada
  {
    code: 'ca',
    weight: 26,
    utcOffsetMinutes: -300,
    languages: [
      { tag: 'en-ca', weight: 64 },
      { tag: 'fr-ca', weight: 20 },
      { tag: 'en-us', weight: 14 },
      { tag: 'zh-cn', weight: 2 },
    ],
    ranges: ['99.224.0.0/11', '70.48.0.0/13', '70.64.0.0/12', '174.88.0.0/13'],
  },
  // Mexico
  {
    code: 'mx',
    weight: 24,
    utcOffsetMinutes: -360,
    languages: [
      { tag: 'es-mx', weight: 88 },
      { tag: 'es-419', weight: 6 },
      { tag: 'en-us', weight: 6 },
    ],
    ranges: ['189.128.0.0/11', '187.128.0.0/12'],
  },
  // Brazil
  {
    code: 'br',
    weight: 46,
    utcOffsetMinutes: -180,
    languages: [
      { tag: 'pt-br', weight: 96 },
      { tag: 'en-us', weight: 4 },
    ],
    ranges: ['177.32.0.0/12', '189.0.0.0/11', '191.32.0.0/12', '201.0.0.0/12'],
  },
  // Argentina
  {
    code: 'ar',
    weight: 14,
    utcOffsetMinutes: -180,
    languages: [
      { tag: 'es-ar', weight: 86 },
      { tag: 'es-419', weight: 8 },
      { tag: 'en-us', weight: 6 },
    ],
    ranges: ['181.0.0.0/12', '190.16.0.0/14'],
  },
  // Chile
  {
    code: 'cl',
    weight: 8,
    utcOffsetMinutes: -180,
    languages: [
      { tag: 'es-cl', weight: 84 },
      { tag: 'es-419', weight: 10 },
      { tag: 'en-us', weight: 6 },
    ],
    ranges: ['190.160.0.0/14', '186.104.0.0/15'],
  },
  // Colombia
  {
    code: 'co',
    weight: 12,
    utcOffsetMinutes: -300,
    languages: [
      { tag: 'es-co', weight: 84 },
      { tag: 'es-419', weight: 10 },
      { tag: 'en-us', weight: 6 },
    ],
    ranges: ['181.48.0.0/13', '190.24.0.0/14'],
  },
  // Australia
  {
    code: 'au',
    weight: 26,
    utcOffsetMinutes: 600,
    languages: [
      { tag: 'en-au', weight: 72 },
      { tag: 'en-gb', weight: 12 },
      { tag: 'en-us', weight: 14 },
      { tag: 'zh-cn', weight: 2 },
    ],
    ranges: ['1.120.0.0/13', '101.160.0.0/11', '124.176.0.0/12', '49.176.0.0/12'],
  },
  // New Zealand
  {
    code: 'nz',
    weight: 6,
    utcOffsetMinutes: 720,
    languages: [
      { tag: 'en-nz', weight: 68 },
      { tag: 'en-gb', weight: 16 },
      { tag: 'en-us', weight: 16 },
    ],
    ranges: ['122.56.0.0/14', '125.236.0.0/14', '118.92.0.0/15'],
  },
  // Japan
  {
    code: 'jp',
    weight: 40,
    utcOffsetMinutes: 540,
    languages: [
      { tag: 'ja-jp', weight: 97 },
      { tag: 'en-us', weight: 3 },
    ],
    ranges: ['114.160.0.0/11', '153.128.0.0/11', '106.128.0.0/10', '126.64.0.0/10'],
  },
  // South Korea
  {
    code: 'kr',
    weight: 20,
    utcOffsetMinutes: 540,
    languages: [
      { tag: 'ko-kr', weight: 96 },
      { tag: 'en-us', weight: 4 },
    ],
    ranges: ['121.128.0.0/10', '175.192.0.0/10', '1.224.0.0/11'],
  },
  // Taiwan
  {
    code: 'tw',
    weight: 10,
    utcOffsetMinutes: 480,
    languages: [
      { tag: 'zh-tw', weight: 94 },
      { tag: 'en-us', weight: 6 },
    ],
    ranges: ['114.32.0.0/12', '1.160.0.0/12', '111.240.0.0/12'],
  },
  // Hong Kong
  {
    code: 'hk',
    weight: 6,
    utcOffsetMinutes: 480,
    languages: [
      { tag: 'zh-hk', weight: 70 },
      { tag: 'en-us', weight: 14 },
      { tag: 'zh-tw', weight: 8 },
      { tag: 'en-gb', weight: 8 },
    ],
    ranges: ['219.76.0.0/14', '112.118.0.0/15'],
  },
  // China
  {
    code: 'cn',
    weight: 30,
    utcOffsetMinutes: 480,
    languages: [
      { tag: 'zh-cn', weight: 97 },
      { tag: 'en-us', weight: 3 },
    ],
    ranges: ['114.224.0.0/12', '183.0.0.0/10', '116.224.0.0/12'],
  },
  // India
  {
    code: 'in',
    weight: 48,
    utcOffsetMinutes: 330,
    languages: [
      { tag: 'en-in', weight: 52 },
      { tag: 'en-us', weight: 22 },
      { tag: 'hi-in', weight: 14 },
      { tag: 'en-gb', weight: 6 },
      { tag: 'ta-in', weight: 3 },
      { tag: 'bn-in', weight: 3 },
    ],
    ranges: ['49.32.0.0/12', '122.160.0.0/12', '117.192.0.0/10', '106.192.0.0/11'],
  },
  // Indonesia
  {
    code: 'id',
    weight: 20,
    utcOffsetMinutes: 420,
    languages: [
      { tag: 'id-id', weight: 90 },
      { tag: 'en-us', weight: 10 },
    ],
    ranges: ['36.64.0.0/11', '125.160.0.0/13', '114.120.0.0/13'],
  },
  // Philippines
  {
    code: 'ph',
    weight: 12,
    utcOffsetMinutes: 480,
    languages: [
      { tag: 'en-us', weight: 58 },
      { tag: 'en-ph', weight: 30 },
      { tag: 'fil-ph', weight: 12 },
    ],
    ranges: ['112.200.0.0/13', '124.104.0.0/14', '49.144.0.0/13'],
  },
  // Thailand
  {
    code: 'th',
    weight: 12,
    utcOffsetMinutes: 420,
    languages: [
      { tag: 'th-th', weight: 90 },
      { tag: 'en-us', weight: 10 },
    ],
    ranges: ['171.96.0.0/13', '49.228.0.0/14', '110.168.0.0/14'],
  },
  // Vietnam
  {
    code: 'vn',
    weight: 16,
    utcOffsetMinutes: 420,
    languages: [
      { tag: 'vi-vn', weight: 92 },
      { tag: 'en-us', weight: 8 },
    ],
    ranges: ['113.160.0.0/11', '27.64.0.0/12', '171.224.0.0/11'],
  },
  // Malaysia
  {
    code: 'my',
    weight: 8,
    utcOffsetMinutes: 480,
    languages: [
      { tag: 'en-us', weight: 36 },
      { tag: 'ms-my', weight: 32 },
      { tag: 'en-gb', weight: 18 },
      { tag: 'zh-cn', weight: 14 },
    ],
    ranges: ['175.136.0.0/13', '60.48.0.0/14'],
  },
  // Singapore
  {
    code: 'sg',
    weight: 6,
    utcOffsetMinutes: 480,
    languages: [
      { tag: 'en-sg', weight: 36 },
      { tag: 'en-us', weight: 34 },
      { tag: 'en-gb', weight: 18 },
      { tag: 'zh-cn', weight: 12 },
    ],
    ranges: ['118.200.0.0/15', '116.14.0.0/15'],
  },
  // Israel
  {
    code: 'il',
    weight: 7,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'he-il', weight: 82 },
      { tag: 'en-us', weight: 12 },
      { tag: 'ru-ru', weight: 4 },
      { tag: 'ar-il', weight: 2 },
    ],
    ranges: ['79.176.0.0/13', '84.108.0.0/14', '109.64.0.0/14'],
  },
  // United Arab Emirates
  {
    code: 'ae',
    weight: 6,
    utcOffsetMinutes: 240,
    languages: [
      { tag: 'en-us', weight: 44 },
      { tag: 'ar-ae', weight: 30 },
      { tag: 'en-gb', weight: 20 },
      { tag: 'en-ae', weight: 6 },
    ],
    ranges: ['86.96.0.0/14', '94.200.0.0/14'],
  },
  // Saudi Arabia
  {
    code: 'sa',
    weight: 9,
    utcOffsetMinutes: 180,
    languages: [
      { tag: 'ar-sa', weight: 74 },
      { tag: 'en-us', weight: 22 },
      { tag: 'en-gb', weight: 4 },
    ],
    ranges: ['188.48.0.0/13', '95.184.0.0/14'],
  },
  // Egypt
  {
    code: 'eg',
    weight: 12,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'ar-eg', weight: 74 },
      { tag: 'en-us', weight: 26 },
    ],
    ranges: ['41.32.0.0/12', '197.32.0.0/11'],
  },
  // South Africa
  {
    code: 'za',
    weight: 10,
    utcOffsetMinutes: 120,
    languages: [
      { tag: 'en-za', weight: 58 },
      { tag: 'en-us', weight: 24 },
      { tag: 'en-gb', weight: 14 },
      { tag: 'af-za', weight: 4 },
    ],
    ranges: ['105.224.0.0/12', '41.144.0.0/13'],
  },
  // Nigeria
  {
    code: 'ng',
    weight: 10,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'en-us', weight: 48 },
      { tag: 'en-gb', weight: 34 },
      { tag: 'en-ng', weight: 18 },
    ],
    ranges: ['105.112.0.0/12', '102.88.0.0/13', '197.210.0.0/16'],
  },
  // Kenya
  {
    code: 'ke',
    weight: 5,
    utcOffsetMinutes: 180,
    languages: [
      { tag: 'en-us', weight: 50 },
      { tag: 'en-gb', weight: 36 },
      { tag: 'sw-ke', weight: 8 },
      { tag: 'en-ke', weight: 6 },
    ],
    ranges: ['105.160.0.0/13', '197.176.0.0/13'],
  },
  // Morocco
  {
    code: 'ma',
    weight: 5,
    utcOffsetMinutes: 60,
    languages: [
      { tag: 'fr-fr', weight: 48 },
      { tag: 'ar-ma', weight: 32 },
      { tag: 'fr-ma', weight: 12 },
      { tag: 'en-us', weight: 8 },
    ],
    ranges: ['41.248.0.0/14', '105.128.0.0/12'],
  },
] as const satisfies readonly Country[];
