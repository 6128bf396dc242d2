import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the desk counts. The names and labels are a promise to dashboards and alarms. */
export type Metrics = {
  /** What /metrics prints. */
  readonly registry: Registry;
  /** Messages saved, by who wrote them. */
  readonly messages: Counter<'author'>;
  /** Customer messages the bot dealt with, by what came of them: answer, clarify, handoff, small_talk, error … */
  readonly turns: Counter<'outcome'>;
  /** Conversations given to people, by reason code. */
  readonly handoffs: Counter<'reason'>;
  /** Claims by agents, by what came of them: saved, taken … */
  readonly claims: Counter<'result'>;
  readonly httpRequestDuration: Histogram<'route' | 'method' | 'status'>;
  /** From picking up a customer message to its replies being on disk. */
  readonly turnDuration: Histogram;
  readonly socketsOpen: Gauge;
  readonly queueWaiting: Gauge;
  readonly agentsOnline: Gauge;
  /** Articles that can be answered with. */
  readonly articles: Gauge;
  /** Files of the knowledge folder that can't be served as they are. */
  readonly articleFaults: Gauge;
};

/** Metrics of their own registry, so that two desks in one process (tests) don't count together. */
export function createMetrics({ processMetrics = true }: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry, prefix: 'zhike_' });
  const named = (name: string, help: string) => ({ name: `zhike_${name}`, help, registers });
  return {
    registry,
    messages: new Counter({ ...named('messages_total', 'Messages saved.'), labelNames: ['author'] }),
    turns: new Counter({ ...named('turns_total', 'Customer messages the bot dealt with.'), labelNames: ['outcome'] }),
    handoffs: new Counter({ ...named('handoffs_total', 'Conversations given to people.'), labelNames: ['reason'] }),
    claims: new Counter({ ...named('claims_total', 'Claims by agents.'), labelNames: ['result'] }),
    httpRequestDuration: new Histogram({
      ...named('http_request_duration_seconds', 'Time to answer an HTTP request.'),
      labelNames: ['route', 'method', 'status'],
      buckets: seconds,
    }),
    turnDuration: new Histogram({
      ...named('turn_duration_seconds', 'Time the bot takes for a customer message.'),
      buckets: seconds,
    }),
    socketsOpen: new Gauge(named('sockets_open', 'Open chat sockets.')),
    queueWaiting: new Gauge(named('queue_waiting', 'Conversations waiting for an agent.')),
    agentsOnline: new Gauge(named('agents_online', 'Agents at their desks.')),
    articles: new Gauge(named('articles', 'Articles that can be answered with.')),
    articleFaults: new Gauge(named('article_faults', 'Knowledge files that can not be served as they are.')),
  };
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
