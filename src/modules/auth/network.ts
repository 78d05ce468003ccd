/** The network of an address, which is what guesses are counted by. */

const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * An IPv4 address as it is; of an IPv6 address the first 64 bits, because a single host has all that follow (RFC 6177);
 * `unknown` where there is none.
 */
export function networkOf(address: string | null): string {
  if (address === null || address === "") return "unknown";
  if (!address.includes(":")) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
