import * as z from "zod";
import { later } from "../../http/schemas.ts";

export const healthAnswer = later(() =>
  z.object({
    status: z.literal("ok"),
    environment: z.string().meta({ description: "Which deployment answers" }),
  }),
);

const check = later(() => z.object({ ok: z.boolean(), latency_ms: z.number() }));

export const readinessAnswer = later(() =>
  z.object({
    status: z
      .enum(["ready", "degraded"])
      .meta({ description: "`degraded`: the gate is out of reach; selling and reading go on" }),
    checks: z.object({ d1: check(), gate: check() }),
  }),
);
