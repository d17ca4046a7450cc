import type { ProviderStatus, Status } from '../api/types.ts';
import { strings } from '../strings.ts';
import { rates, sums, type Chart, type Intervals } from './chart/series.ts';
import { writeMegabytes, writeDuration, writeRate, writeWhole } from './writing.ts';

const MEGABYTE = 1024 * 1024;
const { charts, series: names } = strings.status;

/** What the process does as a whole. */
export function overviewCharts(status: Status, intervals: Intervals): Chart[] {
  const { requests, store, process, providers } = status;
  const { answers } = requests;
  const line = (name: string, counts: readonly number[]) => ({ name, values: rates(counts, intervals) });
  const refreshes = providers.map((provider) => provider.refreshes);
  const pacing = providers.map((provider) => provider.pacing);
  const inRates = { intervals, write: writeRate };
  return [
    {
      ...{ title: charts.requests, ...inRates },
      series: [
        line(names.served, answers.served),
        line(names.refused, answers.refused),
        line(names.limited, answers.rate_limited),
        line(names.failed, answers.failed),
        line(names.shed, answers.shed),
        line(names.aborted, answers.aborted),
      ],
    },
    latencyChart(charts.latency, requests, intervals),
    refreshChart(charts.refreshes, refreshes, intervals),
    pacingChart(charts.pacing, pacing, intervals),
    {
      ...{ title: charts.store, ...inRates },
      series: [line(names.operations, store.operations), line(names.unavailable, store.unavailable)],
    },
    latencyChart(charts.storeLatency, store, intervals),
    {
      ...{ title: charts.loop, intervals, write: writeDuration },
      series: [{ name: names.delay, values: process.event_loop_delay_in }],
    },
    {
      ...{ title: charts.memory, intervals, write: writeMegabytes },
      series: [{ name: names.heap, values: process.heap_used_bytes.map((bytes) => bytes / MEGABYTE) }],
    },
    {
      ...{ title: charts.streams, intervals, write: writeWhole },
      series: [{ name: names.streams, values: process.open_streams }],
    },
  ];
}

/** Of one provider, what is seen at a glance. */
export function callsChart(name: string, provider: ProviderStatus, intervals: Intervals): Chart {
  const line = (what: string, counts: readonly number[]) => ({ name: what, values: rates(counts, intervals) });
  return {
    ...{ title: charts.calls(name), intervals, write: writeRate },
    series: [
      line(names.attempts, provider.attempts),
      line(names.failures, provider.failures),
      line(names.retries, provider.retries),
    ],
  };
}

/** Of one provider, for whoever looks closer. */
export function providerCharts(name: string, provider: ProviderStatus, intervals: Intervals): Chart[] {
  return [
    latencyChart(charts.callLatency(name), provider, intervals),
    pacingChart(charts.callPacing(name), [provider.pacing], intervals),
    refreshChart(charts.callRefreshes(name), [provider.refreshes], intervals),
  ];
}

interface Latencies {
  p50_in: (number | null)[];
  p95_in: (number | null)[];
}

function latencyChart(title: string, { p50_in, p95_in }: Latencies, intervals: Intervals): Chart {
  const series = [
    { name: names.median, values: p50_in },
    { name: names.tail, values: p95_in },
  ];
  return { title, intervals, write: writeDuration, series };
}

/** Refreshes and waits are few: how many there were says more than how many a second. */
function refreshChart(title: string, all: readonly ProviderStatus['refreshes'][], intervals: Intervals): Chart {
  const total = (...of: (keyof ProviderStatus['refreshes'])[]) => sums(...all.flatMap((one) => of.map((k) => one[k])));
  const series = [
    { name: names.renewed, values: total('renewed') },
    { name: names.dead, values: total('dead') },
    { name: names.undone, values: total('not_done', 'unknown') },
    { name: names.misconfigured, values: total('misconfigured') },
    { name: names.elsewhere, values: total('elsewhere') },
  ];
  return { title, intervals, write: writeWhole, series };
}

function pacingChart(title: string, all: readonly ProviderStatus['pacing'][], intervals: Intervals): Chart {
  const total = (what: 'waited' | 'refused' | 'held' | 'waiting') => sums(...all.map((one) => one[what]));
  const series = [
    { name: names.waited, values: total('waited') },
    { name: names.waiting, values: total('waiting') },
    { name: names.turnedBack, values: total('refused') },
    { name: names.held, values: total('held') },
  ];
  return { title, intervals, write: writeWhole, series };
}
