import { describe, expect, it } from 'vitest';
import {
  type Referrer,
  searchReferrers,
  socialReferrers,
  websiteReferrers,
} from '../../src/data/referrers.ts';

const referrers: readonly Referrer[] = [...searchReferrers, ...socialReferrers, ...websiteReferrers];

describe('referrers', () => {
  it.each(referrers)('$url is what it says to Matomo: $type, $name', referrer => {
    const { type, name, keyword } = classify(referrer.url);
    expect({ type, name, keyword }).toEqual({
      type: referrer.type,
      name: referrer.name,
      keyword: referrer.keyword,
    });
  });

  it('are each listed once, under the type they have', () => {
    expect(new Set(referrers.map(({ url }) => url)).size).toBe(referrers.length);
    for (const { type } of searchReferrers) expect(type).toBe('search');
    for (const { type } of socialReferrers) expect(type).toBe('social');
    for (const { type } of websiteReferrers) expect(type).toBe('website');
  });

  it('carry no campaign, which would hide them', () => {
    for (const { url } of referrers) expect(url).not.toMatch(/(utm|mtm|pk|matomo|piwik)_/);
  });

  it('would show www.facebook.com as a search engine with hidden words', () => {
    expect(classify('https://www.facebook.com/')).toEqual({ type: 'search', name: 'Facebook', keyword: '' });
  });
});

/** The part of Matomo's list of search engines [searchengine-and-social-list] that counts here: host, name, parameter. */
const engines: readonly (readonly [RegExp, string, string])[] = [
  [/^(www\.)?google\.(com|de|fr|se|es|it|pl|co\.uk|com\.br)$/, 'Google', 'q'],
  [/^(www\.)?bing\.com$/, 'Bing', 'q'],
  [/^duckduckgo\.com$/, 'DuckDuckGo', 'q'],
  [/^(www\.)?ecosia\.org$/, 'Ecosia', 'q'],
  [/^search\.yahoo\.com$/, 'Yahoo!', 'p'],
  [/^yandex\.(com|ru)$/, 'Yandex', 'text'],
  [/^www\.qwant\.com$/, 'Qwant', 'q'],
  [/^search\.brave\.com$/, 'Brave', 'q'],
  [/^www\.startpage\.com$/, 'StartPage', 'query'],
  [/^(www\.)?baidu\.com$/, 'Baidu', 'wd'],
  [/^search\.naver\.com$/, 'Naver', 'query'],
  [/^search\.seznam\.cz$/, 'Seznam', 'q'],
  [/^www\.facebook\.com$/, 'Facebook', 'q'],
];

/** Without words these paths still count as a search; other engines only at their root. */
const hiddenWords: Readonly<Record<string, RegExp>> = {
  DuckDuckGo: /./,
  StartPage: /^\/do\/(asearch|search)$/,
};

/** Social networks used here, and those whose short names could be met by chance. */
const networks: readonly (readonly [string, string])[] = [
  ['facebook.com', 'Facebook'],
  ['fb.me', 'Facebook'],
  ['github.com', 'GitHub'],
  ['instagram.com', 'Instagram'],
  ['linkedin.com', 'LinkedIn'],
  ['lnkd.in', 'LinkedIn'],
  ['mastodon.social', 'Mastodon'],
  ['c.im', 'Mastodon'],
  ['mas.to', 'Mastodon'],
  ['news.ycombinator.com', 'Hacker News'],
  ['hi5.com', 'hi5'],
  ['last.fm', 'Last.fm'],
  ['pinterest.com', 'Pinterest'],
  ['reddit.com', 'reddit'],
  ['stackoverflow.com', 'StackOverflow'],
  ['tiktok.com', 'TikTok'],
  ['t.co', 'Twitter'],
  ['x.com', 'Twitter'],
  ['vk.com', 'Vkontakte'],
  ['youtube.com', 'YouTube'],
  ['t.cn', 'Weibo'],
  ['xing.com', 'XING'],
];

/** Matomo's order: search engines, then social networks, then the host [plugins/Referrers/Columns/Base.php]. */
function classify(url: string): Pick<Referrer, 'type' | 'name' | 'keyword'> {
  const { hostname, pathname, search, searchParams } = new URL(url);
  const engine = engines.find(([host]) => host.test(hostname));
  if (engine) {
    const [, name, parameter] = engine;
    const keyword = searchParams.get(parameter)?.toLowerCase() ?? '';
    const hidden = hiddenWords[name] ?? /^\/$/;
    if (keyword !== '' || hidden.test(pathname + search)) return { type: 'search', name, keyword };
  }
  // As there, the dots of a name stand for any character, and the whole URL is looked at.
  const network = networks.find(([domain]) => new RegExp(`(^|[./])${domain}([./]|$)`).test(url));
  if (network) return { type: 'social', name: network[1], keyword: '' };
  return { type: 'website', name: hostname, keyword: '' };
}
