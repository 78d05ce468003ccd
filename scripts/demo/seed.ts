import { Failure } from "../support/failure.ts";
import { type DemoState, forgetDemoState, makePassword, readDemoState, writeDemoState } from "../start/demo-state.ts";
import { connectApi } from "./api.ts";
import { fillShop, type Report } from "./fill.ts";
import { ADMIN } from "./people.ts";

export type SeedOptions = {
  base: string;
  setup_token: string;
  state_dir: string;
  /** For a database that is still empty; random where undefined. */
  password: string | undefined;
  report: Report;
};

/**
 * Seeds the demo into an empty database, completes a seeding that was cut off, and leaves any other database alone.
 * Returns what the demo's users sign in with, or null where the database was set up by someone else.
 */
export async function seedDemo({
  base,
  setup_token,
  state_dir,
  password,
  report,
}: SeedOptions): Promise<DemoState | null> {
  const known = readDemoState(state_dir);
  const state = known ?? { password: password ?? makePassword(), seeded: false };
  if (known && password !== undefined && password !== known.password) {
    report("REGAL_DEMO_PASSWORD is not used: this demo has its password already (npm run reset starts over).");
  }
  // Remembered first: once the admin exists, nothing else can tell how to sign in.
  if (!known) writeDemoState(state_dir, state);
  const setup = connectApi(base, setup_token);
  const admin = { ...ADMIN, password: state.password };
  const { status: created, body } = await setup({
    method: "POST",
    path: "/v1/setup",
    body: admin,
    expect: [409, 422],
  });
  if (created === 422) {
    forgetDemoState(state_dir);
    throw new Failure(`REGAL_DEMO_PASSWORD can't be used: ${JSON.stringify((body as { errors?: unknown }).errors)}`);
  }
  if (created === 409 && state.seeded) return state;
  const token = created === 409 && !known ? null : await signIn(base, state.password);
  if (token === null) {
    forgetDemoState(state_dir);
    return null;
  }
  report("Seeding the demo...");
  await fillShop(connectApi(base, token), state.password, report);
  const seeded = { ...state, seeded: true };
  writeDemoState(state_dir, seeded);
  return seeded;
}

/** The admin's access token; null when the password is not the admin's. */
async function signIn(base: string, password: string): Promise<string | null> {
  const { status, body } = await connectApi(
    base,
    "none",
  )({
    method: "POST",
    path: "/v1/auth/login",
    body: { username: ADMIN.username, password },
    expect: [401],
  });
  return status === 401 ? null : (body as { access_token: string }).access_token;
}
