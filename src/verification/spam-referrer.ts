import { spamHosts } from '../data/referrer-spam-hosts.ts';

/** Whether Matomo drops hits with this referrer: the address holds a host of its list anywhere. */
export function isSpamReferrer(url: string): boolean {
  const lower = url.toLowerCase();
  return lower !== '' && spamHosts.some(host => lower.includes(host));
}
