import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkOf } from "../../../src/modules/auth/network.ts";

describe("networkOf", () => {
  it.each([
    [null, "unknown"],
    ["", "unknown"],
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::", "2001:db8:1:2::/64"],
    ["2001:0db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["fe80::1:2:3:4", "fe80:0:0:0::/64"],
    ["1:2:3::6:7:8", "1:2:3:0::/64"],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it("is one for every address of a /64, however it is written", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 }), (seed, host) => {
        const prefix = networkOf(seed.includes(".") ? "2001:db8:a:b::1" : seed).replace("::/64", "");
        const full = `${prefix}:${host.map((group) => group.toString(16)).join(":")}`;
        const padded = full.split(":").map((group) => group.padStart(4, "0"));
        expect(networkOf(full)).toBe(`${prefix}::/64`);
        expect(networkOf(padded.join(":").toUpperCase())).toBe(`${prefix}::/64`);
      }),
    );
  });
});
