// biome-ignore lint/style/noRestrictedImports: the API of OpenTelemetry, not ours
import { type Tracer, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { createMetrics, type Metrics } from "./metrics.ts";

export type Telemetry = {
  readonly metrics: Metrics;
  /** Does nothing unless a collector is configured. */
  readonly tracer: Tracer;
  /** Sends what is left, for at most five seconds. */
  close(): Promise<void>;
};

const EXPORT_EVERY_MS = 15_000;
const EXPORT_TIMEOUT_MS = 5_000;

/**
 * Metrics for Prometheus always; traces and metrics to an OpenTelemetry collector when `endpoint` is given. The
 * exporters are loaded only then.
 */
export async function startTelemetry(options: {
  readonly endpoint: string | undefined;
  readonly nodeId: string;
  readonly countLiveCalls: () => number;
}): Promise<Telemetry> {
  const { endpoint, nodeId, countLiveCalls } = options;
  const resource = resourceFromAttributes({ "service.name": "earshot", "service.instance.id": nodeId });
  if (endpoint === undefined) {
    const metrics = createMetrics({ countLiveCalls, resource });
    return { metrics, tracer: trace.getTracer("earshot"), close: () => metrics.close() };
  }
  const { BatchSpanProcessor, TracerProvider } = await import("@opentelemetry/sdk-trace");
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  const { OTLPMetricExporter } = await import("@opentelemetry/exporter-metrics-otlp-http");
  const { PeriodicExportingMetricReader } = await import("@opentelemetry/sdk-metrics");
  const base = endpoint.replace(/\/$/, "");
  const settings = { timeoutMillis: EXPORT_TIMEOUT_MS };
  const metrics = createMetrics({
    countLiveCalls,
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics`, ...settings }),
        exportIntervalMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const traces = new TracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${base}/v1/traces`, ...settings }) }),
    ],
  });
  return {
    metrics,
    tracer: traces.getTracer("earshot"),
    async close() {
      await Promise.allSettled([metrics.close(), traces.shutdown()]);
    },
  };
}
