import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { OpenSockets } from '../../src/delivery/open-sockets.ts';

const servers: Server[] = [];
const opened: OpenSockets[] = [];

afterEach(() => {
  for (const sockets of opened.splice(0)) sockets.close();
  for (const server of servers.splice(0)) server.close();
});

/** @param greet what becomes of a connection that is made */
async function serve(greet: (socket: Socket, number: number) => void) {
  let made = 0;
  const server = createServer(socket => greet(socket, ++made)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = new OpenSockets(new URL(`http://127.0.0.1:${port}`), buildConnector({}));
  opened.push(sockets);
  const take = (servername?: string) =>
    new Promise<Socket>((done, fail) => {
      const options = { hostname: '127.0.0.1', protocol: 'http:', port: String(port) };
      sockets.connector({ ...options, ...(servername !== undefined && { servername }) }, (error, socket) =>
        error === null ? done(socket) : fail(error),
      );
    });
  return { sockets, take, made: () => made };
}

describe('sockets that are open before there is a request', () => {
  it('are handed out before new ones are made', async () => {
    const { sockets, take, made } = await serve(() => {});
    await sockets.open(2);
    const taken = [await take(), await take()];
    await expect.poll(made).toBe(2);
    taken.push(await take());
    await expect.poll(made).toBe(3);
    for (const socket of taken) socket.destroy();
  });

  it('are not handed out once the server has closed them', async () => {
    let closed = 0;
    const { sockets, take, made } = await serve((socket, number) => {
      if (number > 2) return;
      socket.resume().end();
      // Both sides have closed it then.
      socket.once('close', () => closed++);
    });
    await sockets.open(2);
    await expect.poll(() => closed).toBe(2);
    const another = await take();
    await expect.poll(made).toBe(3);
    another.destroy();
  });

  it('are not handed out when the server has said something nobody asked', async () => {
    const { sockets, take, made } = await serve((socket, number) => {
      if (number === 1) socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n');
    });
    await sockets.open(1);
    await new Promise(done => setTimeout(done, 50));
    const another = await take();
    await expect.poll(made).toBe(2);
    another.destroy();
  });

  it('are not handed out under another name', async () => {
    const { sockets, take, made } = await serve(() => {});
    await sockets.open(1);
    const another = await take('matomo.test');
    await expect.poll(made).toBe(2);
    another.destroy();
  });

  it('are none where nothing listens, which is no error', async () => {
    const { sockets } = await serve(() => {});
    servers.splice(0)[0]?.close();
    await sockets.open(3);
  });
});
