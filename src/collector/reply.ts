/** An answer before it goes onto the wire. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const htmlType = 'text/html; charset=UTF-8';

/** What the server says of a request that is none, after the image too where a hit was refused. Clients tell Matomo by it. */
const explanation = Buffer.from(
  "This resource is part of Matomo. Keep full control of your data with the leading free and open source <a href='https://matomo.org' target='_blank' rel='noopener noreferrer nofollow'>web analytics & conversion optimisation platform</a>.<br>\n" +
    "This file is the endpoint for the Matomo tracking API. If you want to access the Matomo UI or use the Reporting API, please use <a href='index.php'>index.php</a> instead.\n",
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

/** A page for people with an error; its message is HTML already. */
export function errorPageReply(status: number, message: string): Reply {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: `<!DOCTYPE html>\n<html>\n<head><title>Error</title></head>\n<body><h1>An error occurred</h1>\n<h2>${message}</h2></body>\n</html>\n`,
  };
}

export function jsonReply(status: number, value: unknown, contentType = 'application/json'): Reply {
  return { status, contentType, body: JSON.stringify(value) };
}
