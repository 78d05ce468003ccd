import { describe, expect, it, vi } from "vitest";
import type { Settings } from "../../../src/env.ts";
import { ACCESS_TOKEN_LIFE_S, signAccessToken, verifyAccessToken } from "../../../src/modules/auth/access-token.ts";

const START = new Date("2026-03-02T10:00:00.000Z");
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000);

function settingsWith(...kids: string[]): Settings {
  const secret = new Uint8Array(32).fill(7);
  return { ACCESS_TOKEN_KEYS: kids.map((kid) => ({ kid, secret })) } as unknown as Settings;
}

const CLAIMS = {
  sub: "u",
  sid: "s",
  gate: "hq",
  role: "admin",
  stores: null,
  method: "password",
  transport: "bearer",
} as const;

describe("an access token", () => {
  it("is proved once, and is the same to whoever asks again", async () => {
    const settings = settingsWith("k1");
    const token = await signAccessToken(settings, CLAIMS, START);
    const verify = vi.spyOn(crypto.subtle, "verify");
    const first = await verifyAccessToken(settings, token, START);
    expect(await verifyAccessToken(settings, token, after(ACCESS_TOKEN_LIFE_S - 1))).toEqual(first);
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });

  it("ends when it says, however well it is known", async () => {
    const settings = settingsWith("k1");
    const token = await signAccessToken(settings, CLAIMS, START);
    await verifyAccessToken(settings, token, START);
    await expect(verifyAccessToken(settings, token, after(ACCESS_TOKEN_LIFE_S))).rejects.toThrow("has expired");
    const still = await verifyAccessToken(settings, token, after(ACCESS_TOKEN_LIFE_S), { takes_expired: true });
    expect(still.sid).toBe("s");
    await expect(verifyAccessToken(settings, token, after(ACCESS_TOKEN_LIFE_S))).rejects.toThrow("has expired");
  });

  it("is worth nothing under other keys, or with another signature", async () => {
    const settings = settingsWith("k1");
    const token = await signAccessToken(settings, CLAIMS, START);
    await verifyAccessToken(settings, token, START);
    await expect(verifyAccessToken(settingsWith("k2"), token, START)).rejects.toThrow("not valid");
    const other = token.slice(0, -2) + (token.endsWith("AA") ? "BB" : "AA");
    await expect(verifyAccessToken(settings, other, START)).rejects.toThrow("not valid");
  });
});
