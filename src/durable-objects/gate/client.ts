import type { Meter } from "../../telemetry/meter.ts";
import type { Gate } from "./object.ts";
import type { GateAnswer, GateRequest } from "./protocol.ts";

/** The gate of everything that is not bound to a store. */
export const HQ_GATE = "hq";
/** Sign-in has a gate of its own, so that a storm of guesses slows nobody who is signed in. */
export const SIGN_IN_GATE = "sign-in";

/** How the rest calls a gate. Throws what the platform throws when the object is out of reach. */
export class GateClient {
  readonly #namespace: DurableObjectNamespace<Gate>;
  readonly #meter: Meter;

  constructor(namespace: DurableObjectNamespace<Gate>, meter: Meter) {
    this.#namespace = namespace;
    this.#meter = meter;
  }

  async pass(gate: string, request: GateRequest): Promise<GateAnswer> {
    this.#meter.round_trips.do += 1;
    return this.#namespace.getByName(gate).pass(request);
  }

  async revoke(gate: string, sessionIds: string[], untilMs: number): Promise<void> {
    this.#meter.round_trips.do += 1;
    await this.#namespace.getByName(gate).revoke(sessionIds, untilMs);
  }
}
