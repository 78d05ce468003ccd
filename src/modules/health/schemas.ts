import { z } from "@hono/zod-openapi";

export const healthAnswer = z.object({
  status: z.literal("ok"),
  environment: z.string().openapi({ description: "Which deployment answers" }),
});

const check = z.object({
  ok: z.boolean(),
  latency_ms: z.number(),
});

export const readinessAnswer = z.object({
  status: z
    .enum(["ready", "degraded"])
    .openapi({ description: "`degraded`: the gate is out of reach; selling and reading go on" }),
  checks: z.object({ d1: check, gate: check }),
});
