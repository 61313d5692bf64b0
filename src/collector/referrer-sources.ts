/** Search engines and social networks the collector knows: the large ones, named as Matomo names them. */

/** The parameter that held what was searched, where the engine still tells it. */
interface SearchEngine {
  name: string;
  keyword: string;
}

const engines: readonly [host: RegExp, engine: SearchEngine][] = [
  [/^((www|encrypted|m)\.)?google\.[a-z.]{2,6}$/, { name: 'Google', keyword: 'q' }],
  [/^images\.google\.[a-z.]{2,6}$/, { name: 'Google Images', keyword: 'q' }],
  [/^((www|m)\.)?bing\.com$/, { name: 'Bing', keyword: 'q' }],
  [/^([a-z]{2}\.)?search\.yahoo\.(com|co\.jp)$/, { name: 'Yahoo!', keyword: 'p' }],
  [/^([a-z]+\.)?duckduckgo\.com$/, { name: 'DuckDuckGo', keyword: 'q' }],
  [/^(www\.)?ecosia\.org$/, { name: 'Ecosia', keyword: 'q' }],
  [/^(www\.)?baidu\.com$/, { name: 'Baidu', keyword: 'wd' }],
  [/^(www\.)?yandex\.[a-z.]{2,6}$/, { name: 'Yandex', keyword: 'text' }],
  [/^((www|lite)\.)?qwant\.com$/, { name: 'Qwant', keyword: 'q' }],
  [/^(www\.)?startpage\.com$/, { name: 'StartPage', keyword: 'query' }],
  [/^search\.brave\.com$/, { name: 'Brave', keyword: 'q' }],
  [/^(www\.)?ask\.com$/, { name: 'Ask', keyword: 'q' }],
  [/^search\.seznam\.cz$/, { name: 'Seznam', keyword: 'q' }],
  [/^search\.naver\.com$/, { name: 'Naver', keyword: 'query' }],
  // The plain host is on the list of engines (its search is meant), the others on that of networks.
  [/^(www\.)?facebook\.com$/, { name: 'Facebook', keyword: 'q' }],
];

const networks: readonly [host: string, name: string][] = [
  ['facebook.com', 'Facebook'],
  ['fb.me', 'Facebook'],
  ['instagram.com', 'Instagram'],
  ['twitter.com', 'Twitter'],
  ['t.co', 'Twitter'],
  ['x.com', 'Twitter'],
  ['linkedin.com', 'LinkedIn'],
  ['lnkd.in', 'LinkedIn'],
  ['pinterest.com', 'Pinterest'],
  ['reddit.com', 'reddit'],
  ['youtube.com', 'YouTube'],
  ['youtu.be', 'YouTube'],
  ['vk.com', 'Vkontakte'],
  ['tumblr.com', 'tumblr'],
  ['xing.com', 'XING'],
  ['github.com', 'GitHub'],
  ['stackoverflow.com', 'StackOverflow'],
  ['news.ycombinator.com', 'Hacker News'],
  ['mastodon.social', 'Mastodon'],
  ['tiktok.com', 'TikTok'],
  ['quora.com', 'Quora'],
];

/** @param host in lower case */
export function searchEngineOf(host: string): SearchEngine | undefined {
  return engines.find(([shape]) => shape.test(host))?.[1];
}

/** @param host in lower case */
export function socialNetworkOf(host: string): string | undefined {
  return networks.find(([known]) => host === known || host.endsWith(`.${known}`))?.[1];
}
