/** An advertisement, a letter or a post that brings visitors. */
export interface Campaign {
  readonly name: string;
  readonly source?: string | undefined;
  readonly medium?: string | undefined;
  readonly content?: string | undefined;
  readonly keyword?: string | undefined;
  /** Which parameters tell of it: Matomo's own or those of other tools. */
  readonly style: 'mtm' | 'utm';
  /** The address of the page with its link; undefined: browsers tell none, as from letters. */
  readonly referrer?: string | undefined;
  /** How often it brings a visit, among all campaigns. */
  readonly weight: number;
}

/** What a middling shop would run in a season. */
export const campaigns = [
  {
    name: 'autumn-sale',
    source: 'google',
    medium: 'cpc',
    content: 'headline-a',
    keyword: 'standing desk',
    style: 'utm',
    referrer: 'https://www.google.com/',
    weight: 22,
  },
  {
    name: 'autumn-sale',
    source: 'google',
    medium: 'cpc',
    content: 'headline-b',
    keyword: 'office chair',
    style: 'utm',
    referrer: 'https://www.google.com/',
    weight: 16,
  },
  {
    name: 'brand',
    source: 'bing',
    medium: 'cpc',
    keyword: 'brand name',
    style: 'utm',
    referrer: 'https://www.bing.com/',
    weight: 9,
  },
  {
    name: 'newsletter-46',
    source: 'newsletter',
    medium: 'email',
    content: 'top-story',
    style: 'mtm',
    weight: 14,
  },
  {
    name: 'newsletter-46',
    source: 'newsletter',
    medium: 'email',
    content: 'footer-link',
    style: 'mtm',
    weight: 6,
  },
  {
    name: 'welcome-series',
    source: 'crm',
    medium: 'email',
    content: 'second-letter',
    style: 'mtm',
    weight: 5,
  },
  {
    name: 'retargeting',
    source: 'facebook',
    medium: 'paid-social',
    content: 'carousel',
    style: 'utm',
    referrer: 'https://l.facebook.com/',
    weight: 11,
  },
  {
    name: 'trail-running',
    source: 'instagram',
    medium: 'paid-social',
    content: 'story',
    style: 'utm',
    referrer: 'https://l.instagram.com/',
    weight: 8,
  },
  {
    name: 'partner-offers',
    source: 'partner',
    medium: 'affiliate',
    style: 'mtm',
    referrer: 'https://partner.example/offers',
    weight: 6,
  },
  { name: 'catalogue-qr', source: 'print', medium: 'qr-code', content: 'page-12', style: 'mtm', weight: 3 },
] as const satisfies readonly Campaign[];
