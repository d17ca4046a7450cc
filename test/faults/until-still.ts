/** Each of them is a turn of the service's event loop, in which it could have gone on. */
const ROUND_TRIPS = 300;

/** Resolves with the answer once it has stayed the same while the service served so many other requests. */
export async function untilStill<T>(ask: () => Promise<T>, serviceUrl: string): Promise<T> {
  let last = await ask();
  for (let trips = 0; trips < ROUND_TRIPS; trips += 1) {
    await (await fetch(`${serviceUrl}/health/live`)).text();
    const answer = await ask();
    if (answer !== last) [last, trips] = [answer, 0];
  }
  return last;
}
