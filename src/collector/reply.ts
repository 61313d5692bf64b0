/** An answer before it goes onto the wire. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const htmlType = 'text/html; charset=UTF-8';

/** What the server says of a request that is none, after the image too where a hit was refused. 411 bytes. */
const explanation = Buffer.from(
  `${'This address takes tracking requests, as the file matomo.php of a Matomo server does. What you see is the collector of trafficinator: it records what Matomo would record, and shows it at <a href="/">its start page</a> and, for programs, at <a href="/collector/state">/collector/state</a>. A tracking request needs parameters such as idsite, rec, url and cid; none could be taken from this one.<br>'.padEnd(410)}\n`,
);

/** One transparent pixel. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

const refusedPixel = Buffer.concat([pixel, explanation]);

/** A hit was taken, or looked as if it were. */
export function pixelReply(): Reply {
  return { status: 200, contentType: 'image/gif', body: pixel };
}

/** A hit was taken and its sender wants no image. */
export function silentReply(contentType = htmlType): Reply {
  return { status: 204, contentType, body: '' };
}

/** A hit was refused: the image comes with 400, and the explanation after it. */
export function refusedReply(wantsImage: boolean): Reply {
  return wantsImage
    ? { status: 400, contentType: 'image/gif', body: refusedPixel }
    : { status: 400, contentType: htmlType, body: explanation };
}

/** There were no parameters at all: fine for somebody who looks with GET, wrong otherwise. */
export function explanationReply(isGet: boolean): Reply {
  return { status: isGet ? 200 : 400, contentType: htmlType, body: explanation };
}

export function jsonReply(status: number, value: unknown, contentType = 'application/json'): Reply {
  return { status, contentType, body: JSON.stringify(value) };
}
