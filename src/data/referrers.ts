/** Where visits come from, and what Matomo makes of it. */
export interface Referrer {
  readonly url: string;
  readonly type: 'search' | 'social' | 'website';
  /** As Matomo's reports name it; for websites the host. */
  readonly name: string;
  /** What Matomo reads as the search's words; '' where the engine hides them or there are none. */
  readonly keyword: string;
  /** Among those of its type. */
  readonly weight: number;
}

/**
 * Engines of Matomo's list that are found by their bare address, as browsers send it today, and some that
 * still tell the words [matomo-org/searchengine-and-social-list].
 */
export const searchReferrers = [
  { url: 'https://www.google.com/', type: 'search', name: 'Google', keyword: '', weight: 420 },
  { url: 'https://www.google.de/', type: 'search', name: 'Google', keyword: '', weight: 60 },
  { url: 'https://www.google.co.uk/', type: 'search', name: 'Google', keyword: '', weight: 50 },
  { url: 'https://www.google.fr/', type: 'search', name: 'Google', keyword: '', weight: 45 },
  { url: 'https://www.google.se/', type: 'search', name: 'Google', keyword: '', weight: 45 },
  { url: 'https://www.google.es/', type: 'search', name: 'Google', keyword: '', weight: 25 },
  { url: 'https://www.google.it/', type: 'search', name: 'Google', keyword: '', weight: 25 },
  { url: 'https://www.google.pl/', type: 'search', name: 'Google', keyword: '', weight: 20 },
  { url: 'https://www.google.com.br/', type: 'search', name: 'Google', keyword: '', weight: 20 },
  { url: 'https://www.bing.com/', type: 'search', name: 'Bing', keyword: '', weight: 90 },
  {
    url: 'https://www.bing.com/search?q=standing+desk',
    type: 'search',
    name: 'Bing',
    keyword: 'standing desk',
    weight: 8,
  },
  {
    url: 'https://www.bing.com/search?q=office+chair',
    type: 'search',
    name: 'Bing',
    keyword: 'office chair',
    weight: 7,
  },
  { url: 'https://duckduckgo.com/', type: 'search', name: 'DuckDuckGo', keyword: '', weight: 45 },
  { url: 'https://www.ecosia.org/', type: 'search', name: 'Ecosia', keyword: '', weight: 20 },
  { url: 'https://search.yahoo.com/', type: 'search', name: 'Yahoo!', keyword: '', weight: 15 },
  {
    url: 'https://search.yahoo.com/search?p=espresso+machine',
    type: 'search',
    name: 'Yahoo!',
    keyword: 'espresso machine',
    weight: 5,
  },
  { url: 'https://yandex.com/', type: 'search', name: 'Yandex', keyword: '', weight: 10 },
  {
    url: 'https://yandex.com/search/?text=rain+jacket',
    type: 'search',
    name: 'Yandex',
    keyword: 'rain jacket',
    weight: 6,
  },
  { url: 'https://www.qwant.com/', type: 'search', name: 'Qwant', keyword: '', weight: 8 },
  {
    url: 'https://search.brave.com/search?q=trail+running+shoes',
    type: 'search',
    name: 'Brave',
    keyword: 'trail running shoes',
    weight: 6,
  },
  { url: 'https://www.startpage.com/do/search', type: 'search', name: 'StartPage', keyword: '', weight: 6 },
  { url: 'https://www.baidu.com/', type: 'search', name: 'Baidu', keyword: '', weight: 8 },
  {
    url: 'https://search.naver.com/search.naver?query=usb-c+hub',
    type: 'search',
    name: 'Naver',
    keyword: 'usb-c hub',
    weight: 4,
  },
  {
    url: 'https://search.seznam.cz/?q=gravel+bicycle',
    type: 'search',
    name: 'Seznam',
    keyword: 'gravel bicycle',
    weight: 4,
  },
] as const satisfies readonly Referrer[];

/** www.facebook.com is not here: Matomo counts it as a search engine. */
export const socialReferrers = [
  { url: 'https://m.facebook.com/', type: 'social', name: 'Facebook', keyword: '', weight: 24 },
  { url: 'https://l.facebook.com/', type: 'social', name: 'Facebook', keyword: '', weight: 18 },
  { url: 'https://l.instagram.com/', type: 'social', name: 'Instagram', keyword: '', weight: 16 },
  { url: 'https://www.instagram.com/', type: 'social', name: 'Instagram', keyword: '', weight: 6 },
  { url: 'https://www.linkedin.com/', type: 'social', name: 'LinkedIn', keyword: '', weight: 12 },
  { url: 'https://t.co/', type: 'social', name: 'Twitter', keyword: '', weight: 10 },
  { url: 'https://www.youtube.com/', type: 'social', name: 'YouTube', keyword: '', weight: 10 },
  { url: 'https://www.reddit.com/', type: 'social', name: 'reddit', keyword: '', weight: 9 },
  { url: 'https://www.pinterest.com/', type: 'social', name: 'Pinterest', keyword: '', weight: 8 },
  { url: 'https://www.tiktok.com/', type: 'social', name: 'TikTok', keyword: '', weight: 5 },
  { url: 'https://mastodon.social/', type: 'social', name: 'Mastodon', keyword: '', weight: 3 },
  { url: 'https://news.ycombinator.com/', type: 'social', name: 'Hacker News', keyword: '', weight: 2 },
  { url: 'https://github.com/', type: 'social', name: 'GitHub', keyword: '', weight: 3 },
  { url: 'https://stackoverflow.com/', type: 'social', name: 'StackOverflow', keyword: '', weight: 2 },
  { url: 'https://www.xing.com/', type: 'social', name: 'XING', keyword: '', weight: 2 },
  { url: 'https://vk.com/', type: 'social', name: 'Vkontakte', keyword: '', weight: 2 },
] as const satisfies readonly Referrer[];

export const websiteReferrers = [
  { url: 'https://en.wikipedia.org/', type: 'website', name: 'en.wikipedia.org', keyword: '', weight: 12 },
  { url: 'https://de.wikipedia.org/', type: 'website', name: 'de.wikipedia.org', keyword: '', weight: 5 },
  {
    url: 'https://www.theguardian.com/',
    type: 'website',
    name: 'www.theguardian.com',
    keyword: '',
    weight: 6,
  },
  { url: 'https://www.bbc.com/', type: 'website', name: 'www.bbc.com', keyword: '', weight: 5 },
  { url: 'https://www.dn.se/', type: 'website', name: 'www.dn.se', keyword: '', weight: 4 },
  { url: 'https://www.prisjakt.nu/', type: 'website', name: 'www.prisjakt.nu', keyword: '', weight: 8 },
  {
    url: 'https://www.pricerunner.com/',
    type: 'website',
    name: 'www.pricerunner.com',
    keyword: '',
    weight: 6,
  },
  { url: 'https://www.idealo.de/', type: 'website', name: 'www.idealo.de', keyword: '', weight: 7 },
  { url: 'https://www.heise.de/', type: 'website', name: 'www.heise.de', keyword: '', weight: 5 },
  { url: 'https://www.trustpilot.com/', type: 'website', name: 'www.trustpilot.com', keyword: '', weight: 6 },
  { url: 'https://medium.com/', type: 'website', name: 'medium.com', keyword: '', weight: 4 },
  { url: 'https://partner.example/offers', type: 'website', name: 'partner.example', keyword: '', weight: 9 },
  {
    url: 'https://partner.example/stores/stockholm',
    type: 'website',
    name: 'partner.example',
    keyword: '',
    weight: 4,
  },
  {
    url: 'https://reviews.example/standing-desks-compared',
    type: 'website',
    name: 'reviews.example',
    keyword: '',
    weight: 7,
  },
  {
    url: 'https://reviews.example/best-trail-shoes',
    type: 'website',
    name: 'reviews.example',
    keyword: '',
    weight: 5,
  },
  {
    url: 'https://outdoor-blog.example/2026/packing-for-autumn',
    type: 'website',
    name: 'outdoor-blog.example',
    keyword: '',
    weight: 4,
  },
  {
    url: 'https://forum.example/topics/setup',
    type: 'website',
    name: 'forum.example',
    keyword: '',
    weight: 4,
  },
  {
    url: 'https://newsletter.example/issues/112',
    type: 'website',
    name: 'newsletter.example',
    keyword: '',
    weight: 5,
  },
  {
    url: 'https://intranet.example/links',
    type: 'website',
    name: 'intranet.example',
    keyword: '',
    weight: 3,
  },
] as const satisfies readonly Referrer[];
