import { z } from 'zod';
import { Failure } from '../base/failure.ts';
import { keyPath } from '../base/key-path.ts';

const goalSchema = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  match: z.enum([
    'url',
    'title',
    'file',
    'external_website',
    'manually',
    'event_category',
    'event_action',
    'event_name',
    'visit_duration',
  ]),
  patternType: z.enum(['contains', 'exact', 'regex', 'greater_than']).default('contains'),
  pattern: z.string().default(''),
  caseSensitive: z.boolean().optional(),
  allowMultiple: z.boolean().default(false),
  revenue: z.number().default(0),
  eventValueAsRevenue: z.boolean().optional(),
});

const dimensionSchema = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  scope: z.enum(['visit', 'action']),
  active: z.boolean().default(true),
});

const siteSchema = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  mainUrl: z.url(),
  /** Its addresses besides the main one. */
  urls: z.array(z.url()).optional(),
  /** The day it was made, in UTC. */
  created: z.iso.date().optional(),
  currency: z.string().length(3),
  timezone: z.string().refine(isTimezone, 'no such time zone'),
  ecommerce: z.boolean().default(false),
  siteSearch: z.boolean().default(true),
  goals: z.array(goalSchema).default([]),
  /** Custom dimensions: of others that hits name nothing is kept. */
  dimensions: z.array(dimensionSchema).optional(),
  /** Query parameters of a page's URL that hold what was searched. */
  searchParameters: z.array(z.string()).optional(),
  searchCategoryParameters: z.array(z.string()).optional(),
  excludedParameters: z.array(z.string()).optional(),
  excludedIps: z.array(z.string()).optional(),
  excludedUserAgents: z.array(z.string()).optional(),
  excludeUnknownUrls: z.boolean().optional(),
  keepUrlFragment: z.boolean().optional(),
});

const sitesSchema = z
  .array(siteSchema)
  .min(1)
  .refine(sites => new Set(sites.map(site => site.id)).size === sites.length, 'two sites have the same id');

/** A goal of a site: what converts it and what it is worth. */
export type CollectorGoal = z.output<typeof goalSchema>;

/** A custom dimension of a site. */
export type CollectorDimension = z.output<typeof dimensionSchema>;

/** A site the collector records for, in the form of `sites` in the contract. */
export type CollectorSite = z.output<typeof siteSchema>;

/** What a site, or a whole server, keeps out: addresses and blocks, parts of user agents, parameters of URLs. */
export type Exclusions = Pick<CollectorSite, 'excludedIps' | 'excludedUserAgents' | 'excludedParameters'>;

/** The site as its hits meet it: what the server excludes everywhere counts on each site. */
export function withExclusions(site: CollectorSite, everywhere: Exclusions): CollectorSite {
  return {
    ...site,
    excludedIps: [...(site.excludedIps ?? []), ...(everywhere.excludedIps ?? [])],
    excludedUserAgents: [...(site.excludedUserAgents ?? []), ...(everywhere.excludedUserAgents ?? [])],
    excludedParameters: [...(site.excludedParameters ?? []), ...(everywhere.excludedParameters ?? [])],
  };
}

/** All addresses of a site, its main one first. */
export function urlsOf({ mainUrl, urls = [] }: CollectorSite): readonly string[] {
  return [mainUrl, ...urls];
}

/**
 * Reads a list of sites.
 *
 * @param source what to call it in an error
 * @throws Failure FILE_INVALID with every problem
 */
export function parseSites(value: unknown, source: string): readonly CollectorSite[] {
  const parsed = sitesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${keyPath(path) || 'the list'}: ${message}`,
  );
  throw new Failure('FILE_INVALID', `${source} is no list of sites:\n${problems.join('\n')}`, {
    hint: 'A site looks like {"id": 1, "name": "Shop", "mainUrl": "https://shop.example", "currency": "EUR", "timezone": "UTC", "ecommerce": true, "goals": []}.',
  });
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The three sites of the contract: a shop in UTC with a goal, a site without ecommerce, a shop in another zone. */
export const defaultSites: readonly CollectorSite[] = [
  {
    id: 1,
    name: 'Shop',
    mainUrl: 'https://shop.example',
    currency: 'EUR',
    timezone: 'UTC',
    ecommerce: true,
    siteSearch: true,
    goals: [
      {
        id: 1,
        name: 'Thank you',
        match: 'url',
        patternType: 'contains',
        pattern: '/thank-you',
        allowMultiple: false,
        revenue: 0,
      },
    ],
  },
  {
    id: 2,
    name: 'Plain',
    mainUrl: 'https://plain.example',
    currency: 'USD',
    timezone: 'UTC',
    ecommerce: false,
    siteSearch: true,
    goals: [],
  },
  {
    id: 3,
    name: 'Svensk butik',
    mainUrl: 'https://butik.example',
    currency: 'SEK',
    timezone: 'Europe/Stockholm',
    ecommerce: true,
    siteSearch: true,
    goals: [],
  },
];
