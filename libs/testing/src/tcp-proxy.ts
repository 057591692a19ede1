import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Resets every open connection, to both sides; new ones work. */
  cut(): void;
  close(): Promise<void>;
}

/** Carries what arrives on either socket to the other; a test may do something else with it. */
export type Carry = (client: Socket, target: Socket) => void;

const pipe: Carry = (client, target) => void client.pipe(target).pipe(client);

/** A way to the target that a test can cut: servers and pools close connections politely, networks do not. */
export async function openProxy(targetHost: string, targetPort: number, carry: Carry = pipe): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const server = createServer((client) => {
    const target = connect(targetPort, targetHost);
    for (const [socket, peer] of [
      [client, target],
      [target, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        open.delete(socket);
        peer.destroy();
      });
    }
    carry(client, target);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
