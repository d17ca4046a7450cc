// Questions to ask of a port before and after a program of ours is started on it.
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const ASK_AGAIN_MS = 25;

/** Whether someone else listens there already. Anything that isn't a port is for the program itself to refuse. */
export async function isTaken(host, port) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return false;
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ host, port: Number(port), exclusive: true }, () => server.close(() => resolve(false)));
  });
}

/** Resolves once something answers there, or `gaveUp()` says that nothing will. */
export async function untilListening(host, port, gaveUp) {
  while (!gaveUp() && !(await accepts(host, port))) await delay(ASK_AGAIN_MS);
}

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
