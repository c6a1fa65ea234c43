import { monitorEventLoopDelay } from "node:perf_hooks";
import { memoryUsage } from "node:process";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import type { Resource } from "@opentelemetry/resources";
import { AggregationType, type IMetricReader, MeterProvider } from "@opentelemetry/sdk-metrics";

export type Metrics = {
  callEnded(reason: string): void;
  /** @param responseMs from the caller's last sample to the agent's first */
  turnAnswered(responseMs: number): void;
  /** A SIP request that came from outside any call and was not worth work. */
  sipRefused(method: string, reason: string): void;
  /** `route` is the pattern, never the path: paths hold ids. */
  requestServed(request: { method: string; route: string; status: number; durationMs: number }): void;
  /** Text format of Prometheus. */
  toPrometheus(): Promise<string>;
  close(): Promise<void>;
};

const TURN_BOUNDS_MS = [200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1500, 2000, 3000, 5000, 10_000];
const REQUEST_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];
const DELAY_RESOLUTION_MS = 10;

const SIP_METHODS = new Set(["INVITE", "REGISTER", "OPTIONS", "MESSAGE", "SUBSCRIBE", "BYE", "ACK"]);

export function createMetrics(options: {
  readonly countLiveCalls: () => number;
  readonly resource?: Resource | undefined;
  /** Further readers, e.g. one that pushes to a collector. */
  readonly readers?: readonly IMetricReader[];
}): Metrics {
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({
    ...(options.resource === undefined ? {} : { resource: options.resource }),
    readers: [prometheus, ...(options.readers ?? [])],
    views: [
      {
        instrumentName: "earshot_turn_response_ms",
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: TURN_BOUNDS_MS } },
      },
      {
        instrumentName: "earshot_http_request_ms",
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: REQUEST_BOUNDS_MS } },
      },
    ],
  });
  const meter = provider.getMeter("earshot");
  const ended = meter.createCounter("earshot_calls_ended", { description: "Calls that ended, by reason." });
  const responses = meter.createHistogram("earshot_turn_response_ms", {
    description: "From the caller's last sample to the agent's first, in milliseconds.",
  });
  const refused = meter.createCounter("earshot_sip_refused", {
    description: "SIP requests of strangers that were refused or ignored, by method and reason.",
  });
  const requests = meter.createHistogram("earshot_http_request_ms", {
    description: "HTTP requests by route, in milliseconds.",
  });
  meter
    .createObservableGauge("earshot_active_calls", { description: "Calls that this node holds." })
    .addCallback((gauge) => gauge.observe(options.countLiveCalls()));
  meter
    .createObservableGauge("earshot_memory_resident_bytes", { description: "Memory of the process." })
    .addCallback((gauge) => gauge.observe(memoryUsage.rss()));
  const stopMeasuring = measureEventLoop(meter);
  const serializer = new PrometheusSerializer("", false, undefined, true, true);

  return {
    callEnded: (reason) => ended.add(1, { reason }),
    turnAnswered: (responseMs) => responses.record(responseMs),
    // Methods are the sender's to invent.
    sipRefused: (method, reason) => refused.add(1, { method: SIP_METHODS.has(method) ? method : "other", reason }),
    requestServed: ({ method, route, status, durationMs }) => requests.record(durationMs, { method, route, status }),
    async toPrometheus() {
      const { resourceMetrics } = await prometheus.collect();
      return serializer.serialize(resourceMetrics);
    },
    async close() {
      stopMeasuring();
      await provider.shutdown();
    },
  };
}

/** How late the main thread is, since the figures were last read. */
function measureEventLoop(meter: ReturnType<MeterProvider["getMeter"]>): () => void {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  meter
    .createObservableGauge("earshot_event_loop_delay_ms", { description: "Lateness of the main thread, milliseconds." })
    .addCallback((gauge) => {
      const lateMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - DELAY_RESOLUTION_MS);
      gauge.observe(lateMs(delay.percentile(50)), { quantile: "0.5" });
      gauge.observe(lateMs(delay.percentile(99)), { quantile: "0.99" });
      gauge.observe(lateMs(delay.max), { quantile: "1" });
      delay.reset();
    });
  return () => {
    delay.disable();
  };
}
