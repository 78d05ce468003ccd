import { describe, expect, it } from "vitest";
import { api, expectProblem, expectStatus, fetchWith } from "../../support/api.ts";
import { brokenD1, brokenGate, silentD1 } from "../http/broken.ts";

interface Check {
  ok: boolean;
  latency_ms: number;
}

interface Readiness {
  status: string;
  checks: { d1: Check; gate: Check };
}

describe("GET /health", () => {
  it("answers anyone, from the Worker alone", async () => {
    const answer = await api(null, fetchWith({ DB: brokenD1("down"), GATE: brokenGate() })).get("/health");
    expectStatus(answer, 200);
    expect(answer.body).toEqual({ status: "ok", environment: "unit-tests" });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });
});

describe("GET /health/ready", () => {
  it("tells each dependency's state and latency", async () => {
    const answer = await api(null).get<Readiness>("/health/ready");
    expectStatus(answer, 200);
    expect(answer.body.status).toBe("ready");
    for (const check of [answer.body.checks.d1, answer.body.checks.gate]) {
      expect(check.ok).toBe(true);
      expect(check.latency_ms).toBeGreaterThanOrEqual(0);
    }
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  it("is 503 with the same checks when D1 is out of reach, and says nothing of the cause", async () => {
    const answer = await api(null, fetchWith({ DB: brokenD1("hunter2 at db.internal") })).get<Readiness>(
      "/health/ready",
    );
    expectProblem(answer, 503, "overloaded");
    expect(answer.body.checks).toMatchObject({ d1: { ok: false }, gate: { ok: true } });
    expect(answer.headers.get("Retry-After")).toBe("5");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(JSON.stringify(answer.body)).not.toContain("hunter2");
  });

  it("does not wait for a D1 that never answers", async () => {
    const answer = await api(null, fetchWith({ DB: silentD1() })).get<Readiness>("/health/ready");
    expectProblem(answer, 503, "overloaded");
    expect(answer.body.checks.d1.ok).toBe(false);
  });

  it("is degraded when only the gate is out of reach: selling goes on", async () => {
    const answer = await api(null, fetchWith({ GATE: brokenGate() })).get<Readiness>("/health/ready");
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({
      status: "degraded",
      checks: { d1: { ok: true }, gate: { ok: false } },
    });
  });
});
